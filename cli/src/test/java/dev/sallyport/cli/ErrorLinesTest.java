package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ErrorLinesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  /** More than a pipe of the system holds. */
  private static final String LONG_LINE = "x".repeat(200_000);

  @Test
  void what_is_said_is_written_in_order_and_waited_for() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ErrorLines lines = lines(out);
    for (int i = 0; i < 500; i++) {
      lines.write("line " + i);
    }
    assertThat(lines.flush(LONG)).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(500)
        .startsWith("line 0")
        .endsWith("line 499");
  }

  @Test
  void where_nothing_was_said_there_is_nothing_to_wait_for() {
    assertThat(
            lines(
                    new OutputStream() {
                      @Override
                      public void write(int b) throws IOException {
                        throw new IOException("nobody writes");
                      }
                    })
                .flush(Duration.ZERO))
        .isTrue();
  }

  @Test
  void lines_of_many_threads_stay_whole() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ErrorLines lines = lines(out);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String line = Integer.toString(i).repeat(5_000);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int n = 0; n < 100; n++) {
                      lines.write(line);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(lines.flush(LONG)).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(800)
        .allMatch(line -> line.length() == 5_000 && line.chars().distinct().count() == 1);
  }

  @Test
  void a_pipe_that_nobody_reads_holds_up_nobody_and_what_is_missing_is_told_of_later()
      throws Exception {
    Pipe pipe = Pipe.open();
    try (OutputStream out = Channels.newOutputStream(pipe.sink());
        InputStream in = Channels.newInputStream(pipe.source())) {
      ErrorLines lines = lines(out);
      int said = 5 * ErrorLines.MOST_WAITING;
      for (int i = 0; i < said; i++) {
        lines.write(i + " " + LONG_LINE.substring(0, 1_000));
      }
      assertThat(lines.flush(SHORT)).as("nobody reads").isFalse();
      List<String> read = new ArrayList<>();
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      int missing = 0;
      while (read.size() + missing < said) {
        String line = reader.readLine();
        if (line.startsWith("missing ")) {
          missing += Integer.parseInt(line.substring("missing ".length()));
        } else {
          read.add(line.substring(0, line.indexOf(' ')));
        }
      }
      assertThat(missing).isPositive();
      assertThat(read).startsWith("0", "1", "2").doesNotHaveDuplicates();
      assertThat(read.size() + missing).isEqualTo(said);
      lines.write("again");
      assertThat(reader.readLine()).isEqualTo("again");
    }
  }

  @Test
  void a_pipe_that_is_read_late_loses_nothing_that_found_a_place() throws Exception {
    Pipe pipe = Pipe.open();
    try (OutputStream out = Channels.newOutputStream(pipe.sink());
        InputStream in = Channels.newInputStream(pipe.source())) {
      ErrorLines lines = lines(out);
      lines.write(LONG_LINE);
      lines.write("second");
      assertThat(lines.flush(SHORT)).isFalse();
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      assertThat(reader.readLine()).isEqualTo(LONG_LINE);
      assertThat(reader.readLine()).isEqualTo("second");
      assertThat(lines.flush(LONG)).isTrue();
    }
  }

  @Test
  void a_pipe_that_was_closed_costs_the_lines_and_nothing_else() throws Exception {
    Pipe pipe = Pipe.open();
    try (OutputStream out = Channels.newOutputStream(pipe.sink())) {
      pipe.source().close();
      ErrorLines lines = lines(out);
      for (int i = 0; i < 3 * ErrorLines.MOST_WAITING; i++) {
        lines.write("line");
      }
      assertThat(lines.flush(LONG)).isTrue();
    }
  }

  @Test
  void a_disk_that_was_full_has_the_lines_after_it_whole_and_a_count_of_those_it_lost()
      throws Exception {
    Disk disk = new Disk();
    ErrorLines lines = lines(disk);
    lines.write("one");
    assertThat(lines.flush(LONG)).isTrue();
    disk.full.set(true);
    lines.write("two");
    lines.write("three");
    assertThat(lines.flush(LONG)).isTrue();
    disk.full.set(false);
    lines.write("four");
    assertThat(lines.flush(LONG)).isTrue();
    assertThat(disk.written()).isEqualTo("one\nt\nfour\nmissing 2\n");
  }

  @Test
  void a_full_device_is_survived() throws Exception {
    Path full = Path.of("/dev/full");
    if (!Files.exists(full)) {
      return; // Linux has it; elsewhere the disk above stands in.
    }
    try (OutputStream out = Files.newOutputStream(full)) {
      ErrorLines lines = lines(out);
      lines.write("one");
      lines.write("two");
      assertThat(lines.flush(LONG)).isTrue();
    }
  }

  @Test
  void an_end_does_not_wait_for_a_write_that_never_ends() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    ErrorLines lines =
        lines(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              }
            });
    lines.write("stuck");
    long began = System.nanoTime();
    assertThat(lines.flush(SHORT)).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG);
    never.countDown();
    assertThat(lines.flush(LONG)).isTrue();
  }

  /** One that takes a byte of what does not fit. */
  private static final class Disk extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicBoolean full = new AtomicBoolean();
    private boolean begun;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] some, int from, int length) throws IOException {
      if (full.get()) {
        if (!begun) {
          bytes.write(some, from, 1);
          begun = true;
        }
        throw new IOException("No space left on device");
      }
      bytes.write(some, from, length);
    }

    String written() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private static ErrorLines lines(OutputStream out) {
    return new ErrorLines(out, missing -> "missing " + missing);
  }
}
