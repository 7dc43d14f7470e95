package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system to its end, to see whether something works here. */
final class Rehearsal {
  private static final long PATIENCE_SECONDS = 10;
  private static final int MOST_WORDS = 65_536;
  private static final String NAMESPACES =
      "allow user namespaces (sysctl user.max_user_namespaces,"
          + " kernel.apparmor_restrict_unprivileged_userns)";

  private Rehearsal() {}

  /** What came of it. */
  sealed interface Outcome {
    record Worked(String output) implements Outcome {}

    /**
     * @param why its first words
     */
    record Failed(String why) implements Outcome {}
  }

  /**
   * Does nothing inside of a sandbox.
   *
   * @param asAnother whether as another user, which may fail even where nothing is kept in
   * @throws SandboxException when not even that works
   */
  static void in(Sandbox sandbox, ServerProgram program, boolean asAnother)
      throws SandboxException, InterruptedException {
    SandboxKind kind = sandbox.summary().kind();
    Optional<Path> nothing = Tools.find("true", "/usr/bin:/bin");
    if (nothing.isEmpty() || (kind == SandboxKind.NONE && !asAnother)) {
      return;
    }
    try {
      Enclosure enclosure =
          sandbox.enclose("rehearsal", List.of(nothing.get().toString()), program.environment());
      try {
        if (run(enclosure, program.directory()) instanceof Outcome.Failed(String why)) {
          throw new SandboxException(
              kind.text() + " does not work here (" + why + ")", remedy(kind, why));
        }
      } finally {
        enclosure.dissolve();
      }
    } catch (IOException e) {
      throw new SandboxException(
          kind.text() + " does not work here (" + e.getMessage() + ")",
          remedy(kind, String.valueOf(e.getMessage())));
    }
  }

  private static String remedy(SandboxKind kind, String why) {
    boolean namespace = why.contains("namespace") || why.contains("uid map");
    if (why.contains(LandlockRules.TOO_MUCH)) {
      return "allow a smaller folder, or set SALLYPORT_DATA_DIR to another place";
    }
    return kind == SandboxKind.BWRAP && namespace
        ? NAMESPACES
        : "see whether a path that is allowed cannot be read, or try:  --sandbox none";
  }

  /** Reads what a program says of itself. */
  static Optional<String> ask(Path program, String argument) throws InterruptedException {
    Enclosure plain =
        new Enclosure(
            List.of(program.toString(), argument),
            Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"),
            false,
            Optional.empty(),
            new Enclosure.Remains(Optional.empty(), Optional.empty()));
    return switch (run(plain, Path.of("/"))) {
      case Outcome.Worked(String output) -> Optional.of(output);
      case Outcome.Failed failed -> Optional.empty();
    };
  }

  private static boolean ends(Process process) throws InterruptedException {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } finally {
      if (process.isAlive()) { // else its output would be closed
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private static Outcome run(Enclosure enclosure, Path directory) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(enclosure.command());
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(enclosure.environment());
    try {
      Process process = enclosure.start(builder);
      process.getOutputStream().close();
      // Little enough to fit into the pipe: it need not be read while it runs.
      if (!ends(process)) {
        return new Outcome.Failed("it does not come to an end");
      }
      String said =
          new String(process.getInputStream().readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
      return process.exitValue() == 0
          ? new Outcome.Worked(said)
          : new Outcome.Failed(said.lines().findFirst().orElse("code " + process.exitValue()));
    } catch (IOException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    }
  }
}
