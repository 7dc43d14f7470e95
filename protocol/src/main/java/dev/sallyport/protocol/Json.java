package dev.sallyport.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One JSON value as the UTF-8 text it has on the wire: a slice, never a tree, so that values we do
 * not understand survive a relay byte for byte. Every instance holds text that was checked to be
 * well-formed. Immutable and thread-safe.
 *
 * <p>{@link #toString()} shows kind and size only, because bodies must not reach a log by accident;
 * {@link #text()} is the text.
 */
public final class Json {
  public static final Json NULL = literal("null");
  public static final Json TRUE = literal("true");
  public static final Json FALSE = literal("false");

  /** What a value is, told by its first byte. */
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  private final byte[] bytes;
  private final int from;
  private final int to;

  Json(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  private static Json literal(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Json(bytes, 0, bytes.length);
  }

  public static Json of(String value) {
    return new JsonWriter(value.length() + 16).string(value).toJson();
  }

  public static Json of(long value) {
    return literal(Long.toString(value));
  }

  public static Json of(boolean value) {
    return value ? TRUE : FALSE;
  }

  public static Json arrayOf(List<Json> elements) {
    JsonWriter writer = new JsonWriter(64).beginArray();
    elements.forEach(writer::value);
    return writer.endArray().toJson();
  }

  /**
   * Parses text that this program wrote or that an operator gave, with the same strictness as a
   * peer's message.
   *
   * @throws JsonException when the text is not one well-formed JSON value
   */
  public static Json parse(String text) throws JsonException {
    return StrictJson.rewrite(text.getBytes(StandardCharsets.UTF_8), JsonBounds.DEFAULT);
  }

  /** As {@link #parse(String)}, for UTF-8 bytes. The bytes are copied. */
  public static Json parse(byte[] utf8, JsonBounds bounds) throws JsonException {
    return StrictJson.rewrite(utf8, bounds);
  }

  public Kind kind() {
    return switch (bytes[from]) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't', 'f' -> Kind.BOOLEAN;
      case 'n' -> Kind.NULL;
      default -> Kind.NUMBER;
    };
  }

  /** The decoded string, or empty when this is not a JSON string. */
  public Optional<String> asString() {
    return kind() == Kind.STRING ? Optional.of(CheckedJson.string(this)) : Optional.empty();
  }

  /**
   * The number when it is written as a plain integer that fits a long; {@code 1.0} and {@code 1e3}
   * are not.
   */
  public OptionalLong asInteger() {
    if (kind() != Kind.NUMBER || length() > 20) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text()));
    } catch (NumberFormatException notPlain) {
      return OptionalLong.empty();
    }
  }

  public Optional<Boolean> asBoolean() {
    return kind() == Kind.BOOLEAN ? Optional.of(bytes[from] == 't') : Optional.empty();
  }

  /** The members one level down, or empty when this is not a JSON object. */
  public Optional<JsonObject> asObject() {
    return kind() == Kind.OBJECT ? Optional.of(CheckedJson.members(this)) : Optional.empty();
  }

  /** The elements one level down, or empty when this is not a JSON array. */
  public Optional<List<Json>> asArray() {
    return kind() == Kind.ARRAY ? Optional.of(CheckedJson.elements(this)) : Optional.empty();
  }

  /** Bytes of UTF-8 text. */
  public int length() {
    return to - from;
  }

  /** The JSON text itself. May hold secrets of a caller: not for logs. */
  public String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /**
   * Whether the text has this in it, as written: a look that spares taking most values apart. What
   * is written with escapes is not seen.
   *
   * @param ascii characters of ASCII, at least one
   */
  public boolean mentions(String ascii) {
    byte[] wanted = ascii.getBytes(StandardCharsets.US_ASCII);
    for (int at = from; at <= to - wanted.length; at++) {
      if (bytes[at] == wanted[0]
          && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  /** A copy of the UTF-8 text. */
  public byte[] toBytes() {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** The same value in an array of its own, for values that outlive the message they came in. */
  public Json detached() {
    return from == 0 && to == bytes.length ? this : new Json(toBytes(), 0, to - from);
  }

  byte[] array() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Equal when the text is equal, byte for byte: {@code 1} and {@code 1.0} differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Json that
        && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return "Json[" + kind() + ", " + length() + " bytes]";
  }
}
