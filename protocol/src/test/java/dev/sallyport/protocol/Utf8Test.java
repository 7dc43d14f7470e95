package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Utf8Test {

  private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer decoded = CharBuffer.allocate(64);

  @Test
  void every_sequence_of_up_to_three_bytes_is_judged_as_the_jdk_does() {
    for (int value = 0; value < 1 << 8; value++) {
      assertSameAsJdk(new byte[] {(byte) value});
    }
    for (int value = 0; value < 1 << 24; value++) {
      // All of one and two bytes; of three bytes those whose first two are not plain, thinned out.
      byte[] bytes = {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
      if (value >= 1 << 16 && (bytes[0] >= 0 || value % 7 != 0)) {
        continue;
      }
      assertSameAsJdk(bytes);
    }
  }

  @Test
  void sequences_of_four_bytes_are_judged_as_the_jdk_does() {
    int[] tails = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0};
    for (int first = 0xE0; first <= 0xFF; first++) {
      for (int second = 0x70; second <= 0xC0; second++) {
        for (int third : tails) {
          for (int fourth : tails) {
            assertSameAsJdk(
                new byte[] {(byte) first, (byte) second, (byte) third, (byte) fourth, 'x'});
          }
        }
      }
    }
  }

  @Test
  void text_cut_anywhere_is_judged_as_the_jdk_does() {
    byte[] text = "aé日\uD83D\uDE00z".getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < text.length; from++) {
      for (int to = from; to <= text.length; to++) {
        assertSameAsJdk(Arrays.copyOfRange(text, from, to));
      }
    }
  }

  /** Told without an exception: a million of them take seconds. */
  private boolean isWellFormedToJdk(byte[] bytes) {
    jdk.reset();
    decoded.clear();
    return jdk.decode(ByteBuffer.wrap(bytes), decoded, true).isUnderflow()
        && jdk.flush(decoded).isUnderflow();
  }

  private void assertSameAsJdk(byte[] bytes) {
    boolean expected = isWellFormedToJdk(bytes);
    if (Utf8.isWellFormed(bytes) != expected) {
      assertThat(Utf8.isWellFormed(bytes)).as(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
    }
  }
}
