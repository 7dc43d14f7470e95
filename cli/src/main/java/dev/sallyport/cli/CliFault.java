package dev.sallyport.cli;

import java.util.ArrayList;
import java.util.List;

/** A command that cannot go on: what to print, and the exit code. */
final class CliFault extends Exception {
  private static final long serialVersionUID = 1L;

  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final int UNAVAILABLE = 69;
  static final int PERMISSION = 77;
  static final int CONFIG = 78;
  static final int NOT_EXECUTABLE = 126;
  static final int NOT_FOUND = 127;

  private final int exitCode;
  private final transient List<String> lines;

  /**
   * @param lines first what happened and who must act; then, if it helps, the next command
   */
  CliFault(int exitCode, String... lines) {
    this(exitCode, List.of(lines));
  }

  CliFault(int exitCode, List<String> lines) {
    super(lines.getFirst());
    this.exitCode = exitCode;
    this.lines = List.copyOf(lines);
  }

  /** The same of one thing among several, with what comes next. */
  CliFault about(String what, String next) {
    List<String> more = new ArrayList<>(lines);
    more.set(0, what + ": " + lines.getFirst());
    more.add(next);
    return new CliFault(exitCode, more);
  }

  int exitCode() {
    return exitCode;
  }

  List<String> lines() {
    return lines;
  }
}
