package dev.sallyport.transport.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

class LineReaderFuzzTest {
  private static final int BOUND = 64;

  /** What is read does not depend on how the bytes arrive, and never passes the bound. */
  @FuzzTest
  void reads(byte[] pipe) throws IOException {
    List<String> whole = read(new ByteArrayInputStream(pipe));
    assertThat(read(new LineReaderTest.Slices(pipe, 1))).isEqualTo(whole);
    assertThat(read(new LineReaderTest.Slices(pipe, 3, 7))).isEqualTo(whole);
  }

  private static List<String> read(InputStream pipe) throws IOException {
    LineReader reader = new LineReader(pipe, BOUND);
    List<String> lines = new ArrayList<>();
    Line line = reader.next();
    while (!(line instanceof Line.End)) {
      if (line instanceof Line.Text text) {
        assertThat(text.utf8()).isNotEmpty().hasSizeLessThanOrEqualTo(BOUND);
        assertThat(text.utf8()).doesNotContain('\n');
        lines.add(HexFormat.of().formatHex(text.utf8()));
      } else if (line instanceof Line.TooLong tooLong) {
        assertThat(tooLong.bytes()).isGreaterThan(BOUND);
        lines.add("too long " + tooLong.bytes());
      }
      line = reader.next();
    }
    lines.add(line.toString());
    return lines;
  }
}
