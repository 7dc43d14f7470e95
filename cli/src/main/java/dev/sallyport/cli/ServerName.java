package dev.sallyport.cli;

import dev.sallyport.transport.outbound.HttpUrl;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What to call a server when nobody said: the most telling word of its command. */
final class ServerName {
  private static final int LONGEST = 40;
  private static final int LONGEST_ENDING = 4;
  private static final Set<String> RUNNERS =
      Set.of("npx", "uvx", "node", "python", "python3", "java", "bunx", "deno", "sh", "bash");
  private static final Set<String> SAYS_NOTHING =
      Set.of("run", "index", "main", "server", "start", "dist", "build", "bin", "app", "src");

  private static final Set<String> SAYS_NOTHING_IN_A_HOST = Set.of("www", "mcp", "api");

  private ServerName() {}

  /**
   * {@code npx -y @scope/server-notes@1.2 dir} is server-notes; {@code /opt/notes/dist/index.js} is
   * notes.
   */
  static String of(List<String> command) {
    boolean runner = RUNNERS.contains(bare(last(command.getFirst())));
    String program =
        command.stream()
            .skip(runner ? 1 : 0)
            .filter(word -> !word.startsWith("-"))
            .findFirst()
            .orElse(command.getFirst());
    List<String> words =
        Arrays.stream(program.split("[/\\\\]", -1))
            .map(ServerName::bare)
            .filter(word -> !word.isEmpty())
            .toList();
    return words.reversed().stream()
        .filter(word -> !SAYS_NOTHING.contains(word))
        .findFirst()
        .or(() -> words.reversed().stream().findFirst())
        .orElse("server");
  }

  /** {@code https://mcp.notes.example/mcp} is notes; an address has no name. */
  static String of(HttpUrl url) {
    boolean address = url.isLoopback() || url.host().matches("[0-9.]+|.*:.*");
    return address
        ? "server"
        : Arrays.stream(url.host().split("\\.", -1))
            .map(ServerName::bare)
            .filter(label -> !label.isEmpty() && !SAYS_NOTHING_IN_A_HOST.contains(label))
            .findFirst()
            .orElse("server");
  }

  private static String last(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  /** Without version, file ending and what a client's configuration could not hold. */
  private static String bare(String word) {
    int version = word.indexOf('@', 1);
    String named = version < 0 ? word : word.substring(0, version);
    int dot = named.lastIndexOf('.');
    String plain = dot >= 0 && isEnding(named.substring(dot + 1)) ? named.substring(0, dot) : named;
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < plain.length() && safe.length() < LONGEST; i++) {
      char c = isAllowed(plain.charAt(i)) ? plain.charAt(i) : '-';
      if (!safe.isEmpty() || isLetterOrDigit(c)) {
        safe.append(c);
      }
    }
    return safe.toString();
  }

  private static boolean isEnding(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_ENDING
        && text.chars().allMatch(c -> isLetterOrDigit(c) && (c < '0' || c > '9'));
  }

  /** Whether clients may call it so: letters, digits, _ and -, the first a letter or a digit. */
  static boolean isFit(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST + 1
        && isLetterOrDigit(name.charAt(0))
        && name.chars().allMatch(ServerName::isAllowed);
  }

  private static boolean isAllowed(int c) {
    return isLetterOrDigit(c) || c == '_' || c == '-';
  }

  /** Of ASCII. */
  static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
