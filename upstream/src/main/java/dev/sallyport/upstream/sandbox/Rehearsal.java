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

  private Rehearsal() {}

  /** What came of it. */
  sealed interface Outcome {
    record Worked(String output) implements Outcome {}

    /**
     * @param why its first words
     */
    record Failed(String why) implements Outcome {}
  }

  /** Does nothing inside of an enclosure. */
  static Outcome of(Enclosure enclosure, Path directory) throws InterruptedException {
    return run(enclosure, directory);
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

  private static Outcome run(Enclosure enclosure, Path directory) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(enclosure.command());
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(enclosure.environment());
    try {
      Process process = enclosure.start(builder);
      process.getOutputStream().close();
      // Little enough to fit into the pipe: it need not be read while it runs.
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
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
