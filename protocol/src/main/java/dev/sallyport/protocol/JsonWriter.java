package dev.sallyport.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Writes JSON text by splicing values that are text already. Grows as needed; confined to one
 * thread.
 */
public final class JsonWriter {
  private byte[] buffer;
  private int size;
  private boolean comma;

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

  public JsonWriter number(long value) {
    separate();
    ascii(Long.toString(value));
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
      byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(wellFormed(value));
      ensure(quoted.length);
      System.arraycopy(quoted, 0, buffer, size, quoted.length);
      size += quoted.length;
    }
    put((byte) '"');
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /**
   * A lone surrogate has no UTF-8 form; it becomes a replacement mark rather than a fault in
   * mid-message.
   */
  private static String wellFormed(String value) {
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
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
