package dev.sallyport.protocol;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Writes JSON text by splicing values that are text already. Grows as needed; confined to one
 * thread.
 */
public final class JsonWriter {
  private byte[] buffer;
  private int size;
  private boolean comma;
  private boolean repaired;

  public JsonWriter(int sizeHint) {
    buffer = new byte[Math.max(16, sizeHint)];
  }

  public JsonWriter beginObject() {
    return open('{');
  }

  public JsonWriter endObject() {
    return close('}');
  }

  public JsonWriter beginArray() {
    return open('[');
  }

  public JsonWriter endArray() {
    return close(']');
  }

  public JsonWriter name(String name) {
    separate();
    quote(name);
    put((byte) ':');
    comma = false;
    return this;
  }

  public JsonWriter value(Json json) {
    separate();
    ensure(json.length());
    System.arraycopy(json.array(), json.from(), buffer, size, json.length());
    size += json.length();
    comma = true;
    return this;
  }

  public JsonWriter value(JsonObject object) {
    beginObject();
    object.forEach((name, value) -> name(name).value(value));
    return endObject();
  }

  public JsonWriter string(String value) {
    separate();
    quote(value);
    comma = true;
    return this;
  }

  /** A string that somebody else has as characters. */
  JsonWriter string(char[] chars, int from, int length) {
    separate();
    put((byte) '"');
    escaped(chars, from, from + length);
    put((byte) '"');
    comma = true;
    return this;
  }

  public JsonWriter number(long value) {
    return number(Long.toString(value));
  }

  /** A number by its text, which somebody checked. */
  JsonWriter number(String text) {
    separate();
    ascii(text);
    comma = true;
    return this;
  }

  public JsonWriter member(String name, Json value) {
    return name(name).value(value);
  }

  public JsonWriter member(String name, String value) {
    return name(name).string(value);
  }

  /** The text written so far as one value. The writer must not be used afterwards. */
  public Json toJson() {
    return new Json(buffer, 0, size);
  }

  /** A copy of the UTF-8 text written so far. */
  public byte[] toBytes() {
    return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
  }

  /** Begins a value that stands for itself, beside those written before. */
  int beginValue() {
    comma = false;
    return size;
  }

  /** What was written since {@link #beginValue}. Later values do not disturb it. */
  Json since(int begun) {
    return new Json(buffer, begun, size);
  }

  /**
   * Whether half of a surrogate pair was to be written. It has no UTF-8 form; a replacement mark
   * stands in its place, rather than a fault in mid-message.
   */
  boolean hasRepaired() {
    return repaired;
  }

  private JsonWriter open(char bracket) {
    separate();
    put((byte) bracket);
    comma = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    put((byte) bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      put((byte) ',');
    }
  }

  private void quote(String value) {
    put((byte) '"');
    if (isPlain(value)) {
      ascii(value);
    } else {
      escaped(value.toCharArray(), 0, value.length());
    }
    put((byte) '"');
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!isPlain(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char c) {
    return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\';
  }

  private void escaped(char[] chars, int from, int to) {
    ensure(to - from);
    int i = from;
    while (i < to) {
      char c = chars[i];
      if (isPlain(c)) {
        put((byte) c);
        i++;
      } else if (c < 0x20 || c == '"' || c == '\\') {
        escape(c);
        i++;
      } else {
        int point = Character.codePointAt(chars, i, to);
        utf8(point);
        i += Character.charCount(point);
      }
    }
  }

  private void escape(char c) {
    put((byte) '\\');
    switch (c) {
      case '"', '\\' -> put((byte) c);
      case '\b' -> put((byte) 'b');
      case '\f' -> put((byte) 'f');
      case '\n' -> put((byte) 'n');
      case '\r' -> put((byte) 'r');
      case '\t' -> put((byte) 't');
      default -> ascii("u00" + HexFormat.of().toHexDigits((byte) c));
    }
  }

  private void utf8(int point) {
    if (point < 0x80) {
      put((byte) point);
    } else if (point < 0x800) {
      put((byte) (0xC0 | (point >> 6)));
      trail(point);
    } else if (point < 0x10000) {
      boolean half = Character.isSurrogate((char) point);
      repaired |= half;
      int whole = half ? 0xFFFD : point;
      put((byte) (0xE0 | (whole >> 12)));
      trail(whole >> 6);
      trail(whole);
    } else {
      put((byte) (0xF0 | (point >> 18)));
      trail(point >> 12);
      trail(point >> 6);
      trail(point);
    }
  }

  private void trail(int bits) {
    put((byte) (0x80 | (bits & 0x3F)));
  }

  private void ascii(String text) {
    ensure(text.length());
    for (int i = 0; i < text.length(); i++) {
      buffer[size++] = (byte) text.charAt(i);
    }
  }

  private void put(byte value) {
    ensure(1);
    buffer[size++] = value;
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(size, more)));
    }
  }
}
