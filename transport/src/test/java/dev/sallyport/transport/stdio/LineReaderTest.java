package dev.sallyport.transport.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final int BOUND = 20;

  @Test
  void lines_come_one_by_one_and_then_the_end_again_and_again() throws Exception {
    LineReader reader = reader("{\"a\":1}\n{\"b\":2}\n", 99);
    assertThat(show(reader.next())).isEqualTo("{\"a\":1}");
    assertThat(show(reader.next())).isEqualTo("{\"b\":2}");
    assertThat(reader.next()).isEqualTo(new Line.End(false));
    assertThat(reader.next()).isEqualTo(new Line.End(false));
  }

  @Test
  void one_return_before_the_feed_belongs_to_the_end() throws Exception {
    assertThat(read("a\r\nb\r\r\n\rc\n")).containsExactly("a", "b\r", "\rc", "end");
  }

  @Test
  void empty_lines_are_passed_over() throws Exception {
    assertThat(read("\n\r\n\n  \na\n\n")).containsExactly("  ", "a", "end");
  }

  @Test
  void a_line_at_the_bound_is_read_with_either_end() throws Exception {
    String largest = "x".repeat(BOUND);
    assertThat(read(largest + "\n" + largest + "\r\n")).containsExactly(largest, largest, "end");
  }

  @Test
  void a_line_beyond_the_bound_is_counted_and_skipped() throws Exception {
    String longer = "x".repeat(BOUND + 1);
    assertThat(read(longer + "\nok\n" + longer + "\r\nok\n"))
        .containsExactly("too long 21", "ok", "too long 21", "ok", "end");
  }

  @Test
  void a_line_far_beyond_the_bound_takes_no_memory() throws Exception {
    long length = 300L * 1024 * 1024;
    InputStream endless =
        new InputStream() {
          private long left = length;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] into, int from, int count) {
            if (left == 0) {
              left = -1;
              into[from] = '\n';
              return 1;
            }
            int given = (int) Math.min(count, Math.max(0, left));
            left -= given;
            return given == 0 ? -1 : given;
          }
        };
    LineReader reader = new LineReader(endless, BOUND);
    assertThat(reader.next()).isEqualTo(new Line.TooLong(length));
    assertThat(reader.next()).isEqualTo(new Line.End(false));
  }

  @Test
  void the_end_in_the_middle_of_a_line_is_told_and_the_rest_is_lost() throws Exception {
    assertThat(read("a\n{\"half\":")).containsExactly("a", "end in a line");
    assertThat(read("x".repeat(BOUND * 2))).containsExactly("end in a line");
  }

  @Test
  void a_broken_pipe_is_an_exception() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }

          @Override
          public int read(byte[] into, int from, int count) throws IOException {
            throw new IOException("broken");
          }
        };
    assertThatIOException().isThrownBy(() -> new LineReader(broken, BOUND).next());
  }

  @Test
  void cut_in_two_anywhere_it_reads_the_same() throws Exception {
    byte[] text = "{\"日本\":1}\r\n\nüü\n\r\n0123456789012345678901\r\nend\r".getBytes(UTF_8);
    List<String> whole = read(new ByteArrayInputStream(text));
    assertThat(whole).containsExactly("{\"日本\":1}", "üü", "too long 22", "end in a line");
    for (int cut = 1; cut < text.length; cut++) {
      assertThat(read(new Slices(text, cut, text.length))).as("cut at %d", cut).isEqualTo(whole);
    }
    assertThat(read(new Slices(text, 1))).isEqualTo(whole);
  }

  @Test
  void any_lines_in_any_pieces_read_the_same() throws Exception {
    String[] parts = {"a", "é", "\n", "\r", "\r\n", " ", "0123456789", "\0"};
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      byte[] bytes = text.toString().getBytes(UTF_8);
      assertThat(read(new Slices(bytes, 1 + random.nextInt(5), 1 + random.nextInt(3))))
          .as("seed %d", seed)
          .isEqualTo(read(new ByteArrayInputStream(bytes)));
    }
  }

  /** Gives its bytes in pieces of these lengths, the last one for all the rest. */
  static final class Slices extends InputStream {
    private final byte[] bytes;
    private final int[] lengths;
    private int at;
    private int piece;

    Slices(byte[] bytes, int... lengths) {
      this.bytes = bytes;
      this.lengths = lengths;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int from, int count) {
      if (at == bytes.length) {
        return -1;
      }
      int length = Math.min(lengths[Math.min(piece++, lengths.length - 1)], bytes.length - at);
      System.arraycopy(bytes, at, into, from, length);
      at += length;
      return length;
    }
  }

  private static LineReader reader(String text, int bound) {
    return new LineReader(new ByteArrayInputStream(text.getBytes(UTF_8)), bound);
  }

  private static List<String> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static List<String> read(InputStream in) throws IOException {
    LineReader reader = new LineReader(in, BOUND);
    List<String> lines = new ArrayList<>();
    Line line = reader.next();
    while (!(line instanceof Line.End)) {
      lines.add(show(line));
      line = reader.next();
    }
    lines.add(show(line));
    return lines;
  }

  private static String show(Line line) {
    return switch (line) {
      case Line.Text(byte[] utf8) -> new String(utf8, UTF_8);
      case Line.TooLong(long bytes) -> "too long " + bytes;
      case Line.End(boolean midLine) -> midLine ? "end in a line" : "end";
    };
  }
}
