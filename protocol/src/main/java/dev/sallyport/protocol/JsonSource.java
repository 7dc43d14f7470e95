package dev.sallyport.protocol;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads what a client sent. Its values are written anew from the tokens (same values, same number
 * text), so that nobody behind us can read the bytes differently from how policy read them (4-T55).
 */
final class JsonSource implements JsonCursor, AutoCloseable {
  private final JsonParser parser;
  private final JsonWriter rewritten;

  /** Text that parses, but that two readers may understand differently. */
  static final class UnsoundText extends StreamReadException {
    private static final long serialVersionUID = 1L;

    UnsoundText(JsonParser parser, String fault) {
      super(parser, fault);
    }
  }

  JsonSource(JsonFactory factory, byte[] text) {
    parser = factory.createParser(ObjectReadContext.empty(), text, 0, text.length);
    // What is written is never longer than what was read: white space goes and escapes shrink.
    rewritten = new JsonWriter(text.length);
  }

  @Override
  public boolean isRewriting() {
    return true;
  }

  @Override
  public boolean begin() {
    return parser.nextToken() != null;
  }

  @Override
  public boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  @Override
  public boolean isArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  @Override
  public boolean nextElement() {
    return parser.nextToken() != JsonToken.END_ARRAY;
  }

  @Override
  public boolean nextMember() {
    if (parser.nextToken() == JsonToken.END_OBJECT) {
      return false;
    }
    parser.nextToken();
    return true;
  }

  @Override
  public void end() throws JsonException {
    if (parser.nextToken() != null) {
      throw JsonException.followed();
    }
  }

  /**
   * It must be the same name to every reader: one that stops at a NUL would take it for another.
   */
  @Override
  public String name() {
    String name = parser.currentName();
    if (name.indexOf('\0') >= 0) {
      throw new UnsoundText(parser, "a member name holds a NUL");
    }
    if (JsonStrings.hasHalfPair(name)) {
      throw halfPair();
    }
    return name;
  }

  /**
   * Half of a surrogate pair has no UTF-8 form: every reader makes something else of its escape.
   */
  private UnsoundText halfPair() {
    return new UnsoundText(parser, "a string holds half of a surrogate pair");
  }

  @Override
  public Json capture() {
    int start = rewritten.beginValue();
    int depth = 0;
    JsonToken token = parser.currentToken();
    while (true) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      write(token, rewritten);
      if (depth == 0) {
        if (rewritten.hasRepaired()) {
          throw halfPair();
        }
        return rewritten.since(start);
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
