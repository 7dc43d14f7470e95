package dev.sallyport.transport.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineWriterTest {
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(50);

  /** A pipe that takes a write only when told so, and notes what happens to it. */
  private static final class Pipe extends OutputStream {
    private final Semaphore allowed;
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch writing = new CountDownLatch(1);
    private volatile boolean broken;

    Pipe(int allowed) {
      this.allowed = new Semaphore(allowed);
    }

    @Override
    public void write(int b) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      writing.countDown();
      allowed.acquireUninterruptibly();
      if (broken) {
        throw new IOException("broken pipe");
      }
      seen.add(new String(bytes, from, length, UTF_8));
    }

    @Override
    public void flush() {
      seen.add("flush");
    }

    @Override
    public void close() {
      seen.add("close");
    }

    String next() throws InterruptedException {
      String next = seen.poll(10, TimeUnit.SECONDS);
      return next == null ? "nothing" : next;
    }
  }

  @Test
  void a_line_is_written_with_its_end_and_flushed() throws Exception {
    Pipe pipe = new Pipe(99);
    try (LineWriter writer = new LineWriter(pipe, 100, PATIENT, "writer")) {
      assertThat(writer.write(bytes("{\"a\":1}"))).isTrue();
      assertThat(pipe.next()).isEqualTo("{\"a\":1}\n");
      assertThat(pipe.next()).isEqualTo("flush");
    }
    assertThat(pipe.next()).isEqualTo("close");
  }

  @Test
  void line_breaks_between_tokens_become_spaces() throws Exception {
    Pipe pipe = new Pipe(99);
    try (LineWriter writer = new LineWriter(pipe, 100, PATIENT, "writer")) {
      writer.write(bytes("{\r\n\"a\":\n1\r}"));
      assertThat(pipe.next()).isEqualTo("{  \"a\": 1 }\n");
    }
  }

  @Test
  void lines_of_many_threads_arrive_whole() throws Exception {
    Pipe pipe = new Pipe(Integer.MAX_VALUE);
    List<Thread> threads = new ArrayList<>();
    try (LineWriter writer = new LineWriter(pipe, 50, PATIENT, "writer")) {
      for (int i = 0; i < 20; i++) {
        byte[] line = bytes(("t" + i).repeat(9));
        threads.add(
            Thread.startVirtualThread(
                () -> {
                  for (int n = 0; n < 50; n++) {
                    assertThat(writer.write(line)).isTrue();
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    List<String> lines = pipe.seen.stream().filter(seen -> seen.endsWith("\n")).toList();
    assertThat(lines).hasSize(1000);
    assertThat(lines).allMatch(line -> line.matches("(t\\d+)\\1{8}\n"));
  }

  @Test
  void a_full_queue_blocks_until_there_is_room() throws Exception {
    Pipe pipe = new Pipe(0);
    try (LineWriter writer = new LineWriter(pipe, 10, PATIENT, "writer")) {
      assertThat(writer.write(bytes("12345678"))).isTrue();
      CountDownLatch written = new CountDownLatch(1);
      Thread.startVirtualThread(
          () -> {
            if (writer.write(bytes("abc"))) {
              written.countDown();
            }
          });
      assertThat(written.await(50, TimeUnit.MILLISECONDS)).as("while there is none").isFalse();
      pipe.allowed.release(2);
      assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_full_queue_refuses_after_the_deadline() throws Exception {
    Pipe pipe = new Pipe(0);
    LineWriter writer = new LineWriter(pipe, 10, SHORT, "writer");
    assertThat(writer.write(bytes("12345678"))).isTrue();
    assertThat(writer.write(bytes("abc"))).isFalse();
    pipe.allowed.release(9);
    writer.close();
    assertThat(pipe.seen).containsExactly("12345678\n", "flush", "close");
  }

  @Test
  void a_line_beyond_the_queue_waits_alone() throws Exception {
    Pipe pipe = new Pipe(99);
    try (LineWriter writer = new LineWriter(pipe, 10, PATIENT, "writer")) {
      assertThat(writer.write(bytes("x".repeat(100)))).isTrue();
      assertThat(pipe.next()).hasSize(101);
    }
  }

  @Test
  void a_broken_pipe_refuses_everything_that_follows_and_who_waits() throws Exception {
    Pipe pipe = new Pipe(0);
    LineWriter writer = new LineWriter(pipe, 10, PATIENT, "writer");
    assertThat(writer.write(bytes("12345678"))).isTrue();
    BlockingQueue<Boolean> waiting = new LinkedBlockingQueue<>();
    Thread.startVirtualThread(() -> waiting.add(writer.write(bytes("abc"))));
    pipe.writing.await();
    pipe.broken = true;
    pipe.allowed.release();
    assertThat(waiting.poll(10, TimeUnit.SECONDS)).isFalse();
    assertThat(writer.write(bytes("d"))).isFalse();
    writer.close();
  }

  @Test
  void closing_writes_what_is_queued_and_then_refuses() throws Exception {
    Pipe pipe = new Pipe(99);
    LineWriter writer = new LineWriter(pipe, 1000, PATIENT, "writer");
    for (int i = 0; i < 10; i++) {
      assertThat(writer.write(bytes("line " + i))).isTrue();
    }
    writer.close();
    assertThat(pipe.seen).filteredOn(seen -> seen.startsWith("line")).hasSize(10);
    assertThat(pipe.seen).endsWith("close");
    assertThat(writer.write(bytes("late"))).isFalse();
    writer.close();
  }

  @Test
  void closing_a_stuck_pipe_returns_after_the_deadline_and_closes_it_when_it_can()
      throws Exception {
    Pipe pipe = new Pipe(0);
    LineWriter writer = new LineWriter(pipe, 1000, SHORT, "writer");
    assertThat(writer.write(bytes("stuck"))).isTrue();
    writer.close();
    assertThat(pipe.seen).isEmpty();
    pipe.allowed.release();
    assertThat(pipe.next()).isEqualTo("stuck\n");
    assertThat(pipe.next()).isEqualTo("flush");
    assertThat(pipe.next()).isEqualTo("close");
  }

  @Test
  void an_interrupted_writer_gives_up_and_stays_interrupted() throws Exception {
    Pipe pipe = new Pipe(0);
    LineWriter writer = new LineWriter(pipe, 10, PATIENT, "writer");
    writer.write(bytes("12345678"));
    BlockingQueue<String> outcome = new LinkedBlockingQueue<>();
    Thread thread =
        Thread.startVirtualThread(
            () ->
                outcome.add(
                    writer.write(bytes("abc")) + " " + Thread.currentThread().isInterrupted()));
    thread.interrupt();
    assertThat(outcome.poll(10, TimeUnit.SECONDS)).isEqualTo("false true");
    pipe.allowed.release(9);
    writer.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
