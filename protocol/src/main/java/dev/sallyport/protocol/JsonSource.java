package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * A cursor over the tokens of one text that hands out whole values. What comes from a client is
 * written anew from the tokens (same values, same number text), so that nobody behind us can read
 * the bytes differently from how policy read them (4-T55); what comes from a server is sliced.
 * Confined to one thread.
 */
final class JsonSource implements AutoCloseable {
  private final JsonParser parser;
  private final byte[] bytes;
  private final int base;
  private final Optional<JsonWriter> rewritten;

  /** Text that parses, but that two readers may understand differently. */
  static final class UnsoundText extends StreamReadException {
    private static final long serialVersionUID = 1L;

    UnsoundText(JsonParser parser, String fault) {
      super(parser, fault);
    }
  }

  private JsonSource(JsonParser parser, byte[] bytes, int base, Optional<JsonWriter> rewritten) {
    this.parser = parser;
    this.bytes = bytes;
    this.base = base;
    this.rewritten = rewritten;
  }

  static JsonSource slicing(JsonFactory factory, byte[] bytes, int from, int to) {
    return new JsonSource(
        factory.createParser(ObjectReadContext.empty(), bytes, from, to - from),
        bytes,
        from,
        Optional.empty());
  }

  static JsonSource rewriting(JsonFactory factory, byte[] bytes) {
    return new JsonSource(
        factory.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length),
        bytes,
        0,
        // What is written is never longer than what was read: white space goes and escapes shrink.
        Optional.of(new JsonWriter(bytes.length)));
  }

  JsonParser parser() {
    return parser;
  }

  boolean isRewriting() {
    return rewritten.isPresent();
  }

  @Nullable JsonToken next() {
    return parser.nextToken();
  }

  /** The value whose first token is current; afterwards its last token is. */
  Json capture() {
    return rewritten.isPresent() ? rewrite(rewritten.get()) : slice();
  }

  /** The members of the object whose opening brace is current. */
  JsonObject members() {
    List<String> names = new ArrayList<>();
    List<Json> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      names.add(name());
      parser.nextToken();
      values.add(capture());
    }
    return new JsonObject(names, values);
  }

  /**
   * The current member name. From a client it must be the same name to every reader: one that stops
   * at a NUL would take it for another.
   */
  String name() {
    String name = parser.currentName();
    if (rewritten.isPresent() && name.indexOf('\0') >= 0) {
      throw new UnsoundText(parser, "a member name holds a NUL");
    }
    if (rewritten.isPresent() && hasHalfPair(name)) {
      throw halfPair();
    }
    return name;
  }

  private static boolean hasHalfPair(String name) {
    int i = 0;
    while (i < name.length()) {
      int point = name.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return true;
      }
      i += Character.charCount(point);
    }
    return false;
  }

  /**
   * Half of a surrogate pair has no UTF-8 form: every reader makes something else of its escape.
   */
  private UnsoundText halfPair() {
    return new UnsoundText(parser, "a string holds half of a surrogate pair");
  }

  private Json slice() {
    int start = base + (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return new Json(bytes, start, base + (int) parser.currentLocation().getByteOffset());
  }

  private Json rewrite(JsonWriter to) {
    int start = to.beginValue();
    int depth = 0;
    JsonToken token = parser.currentToken();
    while (true) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      write(token, to);
      if (depth == 0) {
        if (to.hasRepaired()) {
          throw halfPair();
        }
        return to.since(start);
      }
      token = parser.nextToken();
    }
  }

  private void write(JsonToken token, JsonWriter to) {
    switch (token) {
      case START_OBJECT -> to.beginObject();
      case END_OBJECT -> to.endObject();
      case START_ARRAY -> to.beginArray();
      case END_ARRAY -> to.endArray();
      case PROPERTY_NAME -> to.name(name());
      case VALUE_STRING ->
          to.string(
              parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.number(parser.getString());
      case VALUE_TRUE -> to.value(Json.TRUE);
      case VALUE_FALSE -> to.value(Json.FALSE);
      case VALUE_NULL -> to.value(Json.NULL);
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not a token of JSON text");
    }
  }

  @Override
  public void close() {
    parser.close();
  }
}
