package dev.sallyport.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether somebody looks at what is said. */
final class Terminal {
  /** How Linux calls terminals: of a window, of a console, of a serial line. */
  private static final Pattern NAMES = Pattern.compile("/dev/(?:pts/[0-9]+|tty.*|console)");

  private Terminal() {}

  /**
   * On stderr. Java knows of stdin and stdout alone, and {@code serve 2>file} on a terminal has
   * those two there.
   */
  static boolean showsErrors() {
    try {
      return isOne(Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString());
    } catch (IOException | InvalidPathException | UnsupportedOperationException noProc) {
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
  }

  static boolean isOne(String file) {
    return NAMES.matcher(file).matches();
  }
}
