package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A user of this machine whom a server's processes can belong to.
 *
 * @param home as the system has it; need not exist
 */
public record Account(String name, int uid, int gid, Path home) {
  /** Where Linux keeps its own users. */
  public static final Path PASSWD = Path.of("/etc/passwd");

  /**
   * Only users of this machine's own: a name from a directory server may not be there next time.
   */
  public static Optional<Account> find(String name, Path passwd) throws IOException {
    try (Stream<String> lines = Files.lines(passwd, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length == 7 && fields[0].equals(name))
          .filter(fields -> isId(fields[2]) && isId(fields[3]) && fields[5].startsWith("/"))
          .map(
              fields ->
                  new Account(
                      name,
                      Integer.parseInt(fields[2]),
                      Integer.parseInt(fields[3]),
                      Path.of(fields[5]).normalize()))
          .findFirst();
    }
  }

  /** Whether we are root ourselves, who alone can run something as somebody else. */
  public static boolean weAreRoot() {
    try {
      return Kernel.LINUX
          && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException unclear) {
      return false;
    }
  }

  private static boolean isId(String text) {
    return text.matches("[0-9]{1,9}");
  }
}
