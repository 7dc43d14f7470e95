package dev.sallyport.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that bytes are UTF-8 text as JSON on the wire must be (RFC 8259 section 8.1; JR-01). Done
 * before a JSON library parses, because a decoder repairs and a library guesses: neither overlong
 * forms, nor surrogates, nor other encodings, nor a mark at the beginning may get that far. {@link
 * JsonScanner} checks as it goes and accepts none of these either.
 */
final class Utf8 {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** The highest bit of each of eight bytes. */
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  static void require(byte[] text) throws JsonException {
    // JSON text begins with two ASCII characters or is one digit long; a zero this early is UTF-16
    // or UTF-32, which the parser would detect and accept.
    for (int i = 0; i < Math.min(text.length, 4); i++) {
      if (text[i] == 0) {
        throw new JsonException("the text is not UTF-8");
      }
    }
    if (text.length >= 3
        && text[0] == (byte) 0xEF
        && text[1] == (byte) 0xBB
        && text[2] == (byte) 0xBF) {
      throw new JsonException("the text begins with a byte order mark");
    }
    if (!isWellFormed(text)) {
      throw new JsonException("the text is not UTF-8");
    }
  }

  static boolean isWellFormed(byte[] text) {
    int at = 0;
    while (at < text.length) {
      if (at + Long.BYTES <= text.length && ((long) EIGHT.get(text, at) & NOT_ASCII) == 0) {
        at += Long.BYTES;
        continue;
      }
      int length = text[at] >= 0 ? 1 : sequence(text, at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** The length of the sequence that starts with a byte above ASCII, or 0 when it is not one. */
  static int sequence(byte[] text, int at) {
    int first = text[at] & 0xFF;
    if (first >= 0xC2 && first <= 0xDF) {
      return continues(text, at + 1, 0x80, 0xBF) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) {
      // The second byte is what tells an overlong form (E0) and a surrogate (ED).
      int least = first == 0xE0 ? 0xA0 : 0x80;
      int most = first == 0xED ? 0x9F : 0xBF;
      return continues(text, at + 1, least, most) && continues(text, at + 2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
      // Likewise an overlong form (F0) and what lies beyond Unicode (F4).
      int least = first == 0xF0 ? 0x90 : 0x80;
      int most = first == 0xF4 ? 0x8F : 0xBF;
      return continues(text, at + 1, least, most)
              && continues(text, at + 2, 0x80, 0xBF)
              && continues(text, at + 3, 0x80, 0xBF)
          ? 4
          : 0;
    }
    return 0;
  }

  /** The character of a sequence above ASCII that was checked. */
  static int point(byte[] text, int at, int length) {
    // The first byte has as many bits less for the character as the sequence is long.
    int point = text[at] & (0x7F >> length);
    for (int i = at + 1; i < at + length; i++) {
      point = point << 6 | (text[i] & 0x3F);
    }
    return point;
  }

  private static boolean continues(byte[] text, int at, int least, int most) {
    return at < text.length && (text[at] & 0xFF) >= least && (text[at] & 0xFF) <= most;
  }
}
