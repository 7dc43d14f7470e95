package dev.sallyport.cli;

import dev.sallyport.upstream.sandbox.SandboxChoice;
import dev.sallyport.upstream.sandbox.SandboxKind;
import dev.sallyport.upstream.sandbox.SandboxSummary;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.StartFailure;
import java.util.ArrayList;
import java.util.List;

/** What to say, and to exit with, when a server does not come up. */
final class StartFault {
  private static final int MOST_WORDS = 9;

  private StartFault() {}

  static CliFault of(
      StartException why, ServerNews news, SandboxSummary sandbox, SandboxChoice choice) {
    List<String> lines = new ArrayList<>(List.of(String.valueOf(why.getMessage())));
    lines.addAll(wordsBeforeTheLast(why.lastStderr()));
    lines.addAll(advice(why.failure(), news));
    lines.addAll(enclosed(why.failure(), sandbox, choice));
    return new CliFault(exitCode(why.failure()), lines);
  }

  /** Of a server that runs elsewhere. */
  static CliFault ofRemote(StartException why, ServerNews news) {
    List<String> lines = new ArrayList<>(List.of(String.valueOf(why.getMessage())));
    lines.addAll(adviceForRemote(why.failure(), lines.getFirst(), news));
    return new CliFault(exitCode(why.failure()), lines);
  }

  private static List<String> adviceForRemote(StartFailure failure, String why, ServerNews news) {
    return switch (failure) {
      case NO_SERVER ->
          List.of("give the URL that its clients use, with its path; most end in /mcp or /sse");
      case SILENT, REJECTED ->
          news.fault().stream()
              .map(fault -> "it " + fault.text() + ": is this an MCP server?")
              .toList();
      case INCOMPATIBLE -> advice(failure, news);
      case NOT_ADMITTED ->
          List.of(
              "say who you are with  --header 'Authorization: Bearer ${TOKEN}'  before the URL");
      case UNREACHABLE -> adviceForTheWay(why);
      case NOT_FOUND, NOT_EXECUTABLE, NO_DIRECTORY, NOT_STARTED, DIED -> List.of();
    };
  }

  private static List<String> adviceForTheWay(String why) {
    if (why.contains("nobody who is trusted")) {
      return List.of("trust a private authority with  --ca PEM");
    }
    return why.contains("our certificate")
        ? List.of("show a certificate with  --client-cert PEM --client-key PEM")
        : List.of();
  }

  /** The last are in the message; what went wrong is often told some lines above. */
  private static List<String> wordsBeforeTheLast(List<String> lastStderr) {
    int before = Math.max(0, lastStderr.size() - 1);
    return lastStderr.subList(Math.max(0, before - MOST_WORDS), before).stream()
        .filter(line -> !line.isBlank())
        .map(line -> "| " + line)
        .toList();
  }

  private static List<String> advice(StartFailure failure, ServerNews news) {
    return switch (failure) {
      case NOT_FOUND, NOT_EXECUTABLE, NO_DIRECTORY, NOT_STARTED, UNREACHABLE, NOT_ADMITTED ->
          List.of();
      case NO_SERVER -> List.of("name the program that is, with what tells it to speak over stdio");
      case INCOMPATIBLE ->
          List.of(
              "Sallyport speaks "
                  + VersionCommand.all()
                  + "; look for another release of the server, or of Sallyport");
      case DIED, SILENT, REJECTED ->
          news.fault().stream()
              .map(
                  fault ->
                      "it " + fault.text() + ": is this an MCP server, told to speak over stdio?")
              .toList();
    };
  }

  /** What it may not do may be what ended it. */
  private static List<String> enclosed(
      StartFailure failure, SandboxSummary sandbox, SandboxChoice choice) {
    boolean may = failure == StartFailure.DIED || failure == StartFailure.SILENT;
    if (!may || sandbox.kind() == SandboxKind.NONE) {
      return List.of();
    }
    String more = "to let it have more:  --allow-read PATH, --allow-write PATH, --env NAME";
    return choice == SandboxChoice.STRICT
        ? List.of("it ran in the strict sandbox, which gives it nothing that no flag names", more)
        : List.of(
            "it ran in a sandbox (" + sandbox.told() + ")",
            more + ";  to see whether that is why:  --sandbox none");
  }

  private static int exitCode(StartFailure failure) {
    return switch (failure) {
      case NOT_FOUND -> CliFault.NOT_FOUND;
      case NOT_EXECUTABLE -> CliFault.NOT_EXECUTABLE;
      case NO_DIRECTORY -> CliFault.USAGE;
      case NOT_STARTED,
          DIED,
          SILENT,
          NO_SERVER,
          INCOMPATIBLE,
          REJECTED,
          UNREACHABLE,
          NOT_ADMITTED ->
          CliFault.UNAVAILABLE;
    };
  }
}
