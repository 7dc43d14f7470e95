package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.RpcError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * A server did not come up. The message is one line for the operator; command, paths and output are
 * internals that no caller may see.
 */
public final class StartException extends Exception {
  private final StartFailure failure;
  private final int exitCode;
  private final transient List<String> lastStderr;

  private StartException(
      StartFailure failure, String message, int exitCode, List<String> lastStderr) {
    super(message);
    this.failure = failure;
    this.exitCode = exitCode;
    this.lastStderr = List.copyOf(lastStderr);
  }

  private static StartException of(StartFailure failure, String message) {
    return new StartException(failure, message, -1, List.of());
  }

  public static StartException notFound(String command) {
    return of(StartFailure.NOT_FOUND, "command not found: " + command);
  }

  public static StartException notExecutable(String command) {
    return of(StartFailure.NOT_EXECUTABLE, "not executable: " + command);
  }

  public static StartException noDirectory(Path directory) {
    return of(StartFailure.NO_DIRECTORY, "no such directory: " + directory);
  }

  public static StartException notStarted(String command) {
    return of(StartFailure.NOT_STARTED, "the system could not start a process for " + command);
  }

  /**
   * @param why for the operator
   */
  public static StartException notEnclosed(String why) {
    return of(StartFailure.NOT_STARTED, "the sandbox could not be made: " + why);
  }

  public static StartException died(OptionalInt exitCode, List<String> lastStderr) {
    String how = exitCode.isPresent() ? " (code " + exitCode.getAsInt() + ")" : "";
    return new StartException(
        StartFailure.DIED,
        "the server ended before it answered" + how + said(lastStderr),
        exitCode.orElse(-1),
        lastStderr);
  }

  public static StartException silent(Duration waited, List<String> lastStderr) {
    return new StartException(
        StartFailure.SILENT,
        "the server did not answer within " + waited.toSeconds() + " s" + said(lastStderr),
        -1,
        lastStderr);
  }

  /**
   * @param what it did, for people
   */
  public static StartException noServer(String what, List<String> lastStderr) {
    return new StartException(
        StartFailure.NO_SERVER,
        "this is no MCP server: it " + what + said(lastStderr),
        -1,
        lastStderr);
  }

  /**
   * @param offered the versions it named
   */
  public static StartException incompatible(List<String> offered) {
    String named = offered.isEmpty() ? "none we know" : String.join(", ", offered);
    return of(
        StartFailure.INCOMPATIBLE, "the server speaks no version in common with us: " + named);
  }

  public static StartException rejected(RpcError error) {
    return of(
        StartFailure.REJECTED,
        "the server refused to talk: " + Printable.of(error.message()) + " (" + error.code() + ")");
  }

  /**
   * @param origin what was asked
   * @param why for the operator
   */
  public static StartException unreachable(String origin, String why) {
    return of(StartFailure.UNREACHABLE, "cannot reach " + origin + ": " + Printable.of(why));
  }

  public static StartException notAdmitted(String origin, int status) {
    return of(
        StartFailure.NOT_ADMITTED,
        origin
            + " does not let us in (HTTP "
            + status
            + "); give what it wants with --header \"NAME: VALUE\"");
  }

  public static StartException interrupted() {
    return of(StartFailure.NOT_STARTED, "interrupted");
  }

  private static String said(List<String> lastStderr) {
    return lastStderr.isEmpty() ? "" : "; its last words: " + lastStderr.getLast();
  }

  public StartFailure failure() {
    return failure;
  }

  /** 128 + n for signal n; empty unless it died, and when the code is not known. */
  public OptionalInt exitCode() {
    return exitCode < 0 ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }

  /** The last lines it wrote to its error output, oldest first, printable characters only. */
  public List<String> lastStderr() {
    return lastStderr;
  }
}
