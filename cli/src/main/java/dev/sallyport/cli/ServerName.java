package dev.sallyport.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What to call a server when nobody said: the most telling word of its command. */
final class ServerName {
  private static final int LONGEST = 40;
  private static final Set<String> RUNNERS =
      Set.of("npx", "uvx", "node", "python", "python3", "java", "bunx", "deno", "sh", "bash");
  private static final Set<String> SAYS_NOTHING =
      Set.of("run", "index", "main", "server", "start", "dist", "build", "bin", "app", "src");

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

  private static String last(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  /** Without version, file ending and what a client's configuration could not hold. */
  private static String bare(String word) {
    String plain = word.replaceFirst("(?<=.)@.*$", "").replaceFirst("\\.[A-Za-z]{1,4}$", "");
    String safe = plain.replaceAll("[^A-Za-z0-9_-]", "-").replaceFirst("^[-_]+", "");
    return safe.substring(0, Math.min(LONGEST, safe.length()));
  }
}
