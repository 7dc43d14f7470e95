package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The command as a process of its own, which can be told to stop. */
final class Program implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final List<String> remarks = new ArrayList<>();
  private final Thread reader;

  Program(Process process) {
    this.process = process;
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    reader = Thread.ofPlatform().start(() -> errors.lines().forEach(unread::add));
  }

  /** Starts it with a data directory and an installation in that folder. */
  static Program start(Path folder, String... arguments) throws IOException {
    return new Program(builder(folder, arguments).start());
  }

  /** The same before it is started, for who wants its error output elsewhere. */
  static ProcessBuilder builder(Path folder, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // As the launcher has it: whatever the JVM says itself is no line of ours.
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dsallyport.home=" + folder,
                "dev.sallyport.cli.Sallyport"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SALLYPORT_DATA_DIR", folder.resolve("data").toString());
    return builder;
  }

  /** A script that can be run. */
  static Path script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /** The one line on stdout that says it is ready. */
  JsonObject ready() throws IOException, JsonException {
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).as("stderr: %s", unread).isNotNull();
    return Json.parse(line).asObject().orElseThrow();
  }

  /** A line for its standard input. */
  void write(String line) throws IOException {
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(line + "\n");
    input.flush();
  }

  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** The next line on stdout, a message. */
  JsonObject message() throws IOException, JsonException {
    return ready();
  }

  /** What is on stdout from here to its end. */
  List<String> rest() throws IOException {
    return process.inputReader(StandardCharsets.UTF_8).readAllLines();
  }

  /** Waits for a line on stderr. */
  String remark(String part) throws InterruptedException {
    while (true) {
      Optional<String> line = Optional.ofNullable(unread.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertThat(line).as("a line with '%s' after %s", part, remarks).isPresent();
      remarks.add(line.get());
      if (line.get().contains(part)) {
        return line.get();
      }
    }
  }

  /** Stops it as a service manager does, and returns all it said on stderr. */
  List<String> stop() throws InterruptedException {
    return stop(0);
  }

  /** The same, with another exit code expected. */
  List<String> stop(int code) throws InterruptedException {
    // Destroying it as a process would also close the pipes we still read.
    assertThat(process.toHandle().destroy()).isTrue();
    return ended(code);
  }

  /** Waits until it has ended by itself or ours, and returns all it said on stderr. */
  List<String> ended(int code) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
    reader.join();
    unread.drainTo(remarks);
    return List.copyOf(remarks);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
