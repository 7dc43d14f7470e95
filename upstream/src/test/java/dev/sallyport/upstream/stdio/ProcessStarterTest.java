package dev.sallyport.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.upstream.Fakes;
import dev.sallyport.upstream.sandbox.Enclosure;
import dev.sallyport.upstream.sandbox.Sandbox;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessStarterTest {
  @TempDir Path folder;

  private static Enclosure plain(List<String> command) throws Exception {
    return Sandbox.none().enclose("mark", command, Map.of());
  }

  /** Opening its input blocks the start until somebody opens the other end. */
  private static Process start(List<String> command, Path input) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(input.toFile());
    return ProcessStarter.start(builder, plain(command), false);
  }

  private Path pipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  @Test
  void a_process_whose_start_nobody_waits_for_any_more_is_ended() throws Exception {
    Path pipe = pipe();
    BlockingQueue<Exception> outcome = new LinkedBlockingQueue<>(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    start(List.of("sleep", "1000"), pipe);
                  } catch (Exception e) {
                    outcome.add(e);
                  }
                });
    Fakes.until("the start has come to the pipe", ProcessStarterTest::opens);
    waiting.interrupt();
    assertThat(outcome.poll(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);

    let(pipe);

    Fakes.until("the process is gone", () -> sleepers().isEmpty());
    // The starter has one thread, and it goes on.
    Process next = ProcessStarter.start(new ProcessBuilder("true"), plain(List.of("true")), false);
    assertThat(next.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(sleepers()).isEmpty();
  }

  @Test
  void a_process_that_somebody_waits_for_lives() throws Exception {
    Path pipe = pipe();
    Thread.ofVirtual().start(() -> let(pipe));

    Process process = start(List.of("sleep", "1000"), pipe);

    assertThat(sleepers()).contains(process.pid());
    process.destroyForcibly().waitFor();
  }

  private static boolean opens() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals("sallyport-starter"))
        .flatMap(each -> Stream.of(each.getValue()))
        .anyMatch(frame -> frame.getMethodName().equals("open0"));
  }

  /** Opened both ways a pipe waits for nobody. */
  private static void let(Path pipe) {
    try {
      Fakes.until("the start has come to the pipe", ProcessStarterTest::opens);
      open(pipe);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void open(Path pipe) throws Exception {
    try (RandomAccessFile _ = new RandomAccessFile(pipe.toFile(), "rw")) {
      Fakes.until("the start has left the pipe", () -> !opens());
    }
  }

  private static List<Long> sleepers() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("sleep 1000"))
        .map(ProcessHandle::pid)
        .toList();
  }
}
