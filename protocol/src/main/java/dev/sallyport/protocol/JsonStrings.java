package dev.sallyport.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The strings of JSON text, eight bytes at a time.
 *
 * <p>Whether one of eight bytes is a certain one is asked of all at once: a byte that is zero after
 * the exclusive or borrows when 1 is taken from it, and so shows in its highest bit. Bytes above it
 * may show wrongly, so only the lowest answer counts, which is the first byte of the text.
 */
final class JsonStrings {
  static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHEST = 0x8080808080808080L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long SPACES = ' ' * ONES;

  private static final boolean[] SIMPLE_ESCAPES = new boolean[128];

  static {
    for (char simple : "\"\\/bfnrt".toCharArray()) {
      SIMPLE_ESCAPES[simple] = true;
    }
  }

  private JsonStrings() {}

  /**
   * Where the quote is that ends a string, which must be as RFC 8259 section 7 says, in UTF-8.
   *
   * @param from behind the opening quote
   */
  static int end(byte[] text, int from) throws JsonException {
    int at = plainEnd(text, from);
    while (at < text.length) {
      byte found = text[at];
      if (found == '"') {
        return at;
      }
      if (found == '\\') {
        at = escapeEnd(text, at + 1);
      } else if (found < 0) {
        at = foreignEnd(text, at);
      } else {
        break;
      }
      at = plainEnd(text, at);
    }
    throw JsonException.malformed();
  }

  /** Where the first byte is that is a quote, a backslash, a control character or not ASCII. */
  static int plainEnd(byte[] text, int from) {
    int at = from;
    while (at <= text.length - Long.BYTES) {
      long eight = (long) EIGHT.get(text, at);
      long special =
          (((eight ^ QUOTES) - ONES) | ((eight ^ BACKSLASHES) - ONES) | (eight - SPACES) | eight)
              & HIGHEST;
      if (special != 0) {
        return at + (Long.numberOfTrailingZeros(special) >> 3);
      }
      at += Long.BYTES;
    }
    while (at < text.length && text[at] >= ' ' && text[at] != '"' && text[at] != '\\') {
      at++;
    }
    return at;
  }

  /** Where the next quote or backslash is, in a string that was checked before. */
  static int checkedPlainEnd(byte[] text, int from) {
    int at = from;
    while (at <= text.length - Long.BYTES) {
      long eight = (long) EIGHT.get(text, at);
      long special =
          (((eight ^ QUOTES) - ONES) | ((eight ^ BACKSLASHES) - ONES)) & ~eight & HIGHEST;
      if (special != 0) {
        return at + (Long.numberOfTrailingZeros(special) >> 3);
      }
      at += Long.BYTES;
    }
    while (text[at] != '"' && text[at] != '\\') {
      at++;
    }
    return at;
  }

  /** Where the quote is that ends a string that was checked before. */
  static int checkedEnd(byte[] text, int from) {
    int at = checkedPlainEnd(text, from);
    while (text[at] == '\\') {
      // Behind the escaped character, which is what might be taken for the end.
      at = checkedPlainEnd(text, at + 2);
    }
    return at;
  }

  private static int foreignEnd(byte[] text, int from) throws JsonException {
    int at = from;
    do {
      int length = Utf8.sequence(text, at);
      if (length == 0) {
        throw JsonException.malformed();
      }
      at += length;
    } while (at < text.length && text[at] < 0);
    return at;
  }

  private static int escapeEnd(byte[] text, int at) throws JsonException {
    if (at < text.length && text[at] >= 0 && SIMPLE_ESCAPES[text[at]]) {
      return at + 1;
    }
    if (text.length - at > 4
        && text[at] == 'u'
        && HexFormat.isHexDigit(text[at + 1])
        && HexFormat.isHexDigit(text[at + 2])
        && HexFormat.isHexDigit(text[at + 3])
        && HexFormat.isHexDigit(text[at + 4])) {
      return at + 5;
    }
    throw JsonException.malformed();
  }

  /**
   * What a string says that was checked before. Half of a surrogate pair stays one, if an escape
   * says so.
   *
   * @param from behind the opening quote
   * @param to where the closing quote is
   */
  static String decode(byte[] text, int from, int to) {
    return checkedPlainEnd(text, from) == to
        ? new String(text, from, to - from, StandardCharsets.UTF_8)
        : unescape(text, from, to);
  }

  private static String unescape(byte[] text, int from, int to) {
    StringBuilder decoded = new StringBuilder(to - from);
    int at = from;
    while (at < to) {
      byte first = text[at];
      if (first == '\\') {
        boolean hex = text[at + 1] == 'u';
        decoded.append(hex ? (char) hex(text, at + 2) : plain(text[at + 1]));
        at += hex ? 6 : 2;
      } else if (first > 0) {
        decoded.append((char) first);
        at++;
      } else {
        int length = Utf8.sequence(text, at);
        decoded.appendCodePoint(Utf8.point(text, at, length));
        at += length;
      }
    }
    return decoded.toString();
  }

  private static char plain(byte escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> (char) escaped;
    };
  }

  private static int hex(byte[] text, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 4 | HexFormat.fromHexDigit(text[i]);
    }
    return value;
  }

  static boolean hasHalfPair(String text) {
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return true;
      }
      i += Character.charCount(point);
    }
    return false;
  }
}
