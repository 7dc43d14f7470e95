package dev.sallyport.upstream.stdio;

import dev.sallyport.upstream.wire.Remark;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Something about a child that an operator may want to know. Never for callers. */
public sealed interface ServerNotice {
  /** One line for an operator, in printable characters. */
  default String text() {
    return switch (this) {
      case Started(long pid) -> "process " + pid + " started";
      case NotStarted(String why) -> "did not come up: " + why;
      case Parked(int failures, Duration pause) ->
          "did not come up %d times in a row: it is tried every %s now"
              .formatted(
                  failures,
                  pause.toMinutes() > 0 ? pause.toMinutes() + " min" : pause.toSeconds() + " s");
      case Stderr stderr -> stderr.line();
      case StderrSkipped skipped -> "(" + skipped.lines() + " lines of error output left out)";
      case Remarked remarked -> remarked.remark().text();
      case Exited exited -> exited.summary();
    };
  }

  record Started(long pid) implements ServerNotice {}

  /** A start came to nothing; whatever process there was has been ended. */
  record NotStarted(String why) implements ServerNotice {}

  /** Calls are turned away from now on, but for a try now and then. */
  record Parked(int failures, Duration pause) implements ServerNotice {}

  /** A line of error output; control characters are gone. It says nothing about health (CS-04). */
  record Stderr(long pid, String line) implements ServerNotice {}

  /** Lines of error output that came faster than they are passed on. */
  record StderrSkipped(long pid, long lines) implements ServerNotice {}

  /**
   * What any server can do, this one did.
   *
   * @param who which process, or which place
   */
  record Remarked(String who, Remark remark) implements ServerNotice {}

  /**
   * @param exitCode 128 + n for signal n
   * @param expected whether we ended it
   * @param callsLost calls that were in progress
   */
  record Exited(
      long pid, OptionalInt exitCode, boolean expected, List<String> lastStderr, int callsLost)
      implements ServerNotice {
    public Exited {
      lastStderr = List.copyOf(lastStderr);
    }

    private String summary() {
      String code = exitCode.isPresent() ? " (code " + exitCode.getAsInt() + ")" : "";
      if (expected) {
        return "process " + pid + " ended" + code;
      }
      String words = lastStderr.isEmpty() ? "" : " Last stderr: \"" + lastStderr.getLast() + "\".";
      String lost = callsLost == 0 ? "" : " Calls that failed with it: " + callsLost + ".";
      return "process " + pid + " exited" + code + "." + words + lost;
    }
  }
}
