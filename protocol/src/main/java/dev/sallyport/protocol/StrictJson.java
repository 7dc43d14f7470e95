package dev.sallyport.protocol;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The only place that reads JSON bytes. What comes from a client is written anew from the tokens
 * (same values, same number text), so that nobody behind us can read the bytes differently from how
 * policy read them; what comes from a server is sliced.
 */
final class StrictJson {
  private static final JsonFactory VERIFIED =
      factory(new JsonBounds(1_000, 10_000, 100_000, Long.MAX_VALUE), false);
  private static final JsonFactory DEFAULT = factory(JsonBounds.DEFAULT, true);

  private StrictJson() {}

  static JsonFactory factory(JsonBounds bounds, boolean refuseDuplicates) {
    return JsonFactory.builder()
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, refuseDuplicates)
        .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
        .rootValueSeparator("")
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(bounds.depth())
                .maxNumberLength(bounds.numberLength())
                .maxNameLength(bounds.nameLength())
                .maxTokenCount(bounds.tokens())
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .build();
  }

  static JsonFactory factory(JsonBounds bounds) {
    return bounds.equals(JsonBounds.DEFAULT) ? DEFAULT : factory(bounds, true);
  }

  static Json rewrite(byte[] utf8, JsonBounds bounds) throws JsonException {
    requireUtf8(utf8, 0, utf8.length);
    try (Source source = Source.rewriting(factory(bounds), utf8, 0, utf8.length)) {
      if (source.next() == null) {
        throw new JsonException("the text is empty");
      }
      Json value = source.capture();
      if (source.next() != null) {
        throw new JsonException("something follows the value");
      }
      return value;
    } catch (JacksonException e) {
      throw new JsonException(fault(e));
    }
  }

  /**
   * Refuses what a lenient decoder would repair, overlong forms and lone surrogates among them, and
   * the encodings that a JSON library would detect by itself: JSON on the wire is UTF-8 without a
   * mark (RFC 8259 section 8.1; JR-01).
   */
  static void requireUtf8(byte[] bytes, int from, int to) throws JsonException {
    for (int i = from; i < Math.min(to, from + 4); i++) {
      if (bytes[i] == 0) {
        throw new JsonException("the text is not UTF-8");
      }
    }
    if (to - from >= 3
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF) {
      throw new JsonException("the text begins with a byte order mark");
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    CharBuffer scratch = CharBuffer.allocate(Math.max(2, Math.min(to - from, 8_192)));
    CoderResult result;
    do {
      scratch.clear();
      result = decoder.decode(in, scratch, true);
      if (result.isError()) {
        throw new JsonException("the text is not UTF-8");
      }
    } while (result.isOverflow());
  }

  static JsonObject members(Json object) {
    try (Source source = Source.verified(object)) {
      source.next();
      return source.members();
    }
  }

  static List<Json> elements(Json array) {
    try (Source source = Source.verified(array)) {
      source.next();
      List<Json> elements = new ArrayList<>();
      while (source.next() != JsonToken.END_ARRAY) {
        elements.add(source.capture());
      }
      return elements;
    }
  }

  static String decodeString(Json string) {
    for (int i = string.from() + 1; i < string.to() - 1; i++) {
      if (string.array()[i] == '\\') {
        try (Source source = Source.verified(string)) {
          source.next();
          return source.parser.getString();
        }
      }
    }
    return new String(
        string.array(), string.from() + 1, string.length() - 2, StandardCharsets.UTF_8);
  }

  /** A description of the fault that cannot carry the peer's text into an answer or a log. */
  static String fault(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    if (message.startsWith("Duplicate")) {
      return "a member name occurs twice in one object";
    }
    if (e instanceof tools.jackson.core.exc.StreamConstraintsException) {
      return "the text is deeper or longer than the bounds allow";
    }
    return "the text is not well-formed JSON";
  }

  /** A cursor over tokens that hands out values either sliced from the source or written anew. */
  static final class Source implements AutoCloseable {
    final JsonParser parser;
    private final byte[] bytes;
    private final int base;
    private final Rewriter rewriter;

    private Source(JsonParser parser, byte[] bytes, int base, Rewriter rewriter) {
      this.parser = parser;
      this.bytes = bytes;
      this.base = base;
      this.rewriter = rewriter;
    }

    static Source verified(Json value) {
      return slicing(VERIFIED, value.array(), value.from(), value.to());
    }

    static Source slicing(JsonFactory factory, byte[] bytes, int from, int to) {
      return new Source(
          factory.createParser(ObjectReadContext.empty(), bytes, from, to - from),
          bytes,
          from,
          Rewriter.NONE);
    }

    static Source rewriting(JsonFactory factory, byte[] bytes, int from, int to) {
      return new Source(
          factory.createParser(ObjectReadContext.empty(), bytes, from, to - from),
          bytes,
          from,
          new Rewriter(factory, to - from));
    }

    @org.jspecify.annotations.Nullable
    JsonToken next() {
      return parser.nextToken();
    }

    /** The value whose first token is current; afterwards its last token is. */
    Json capture() {
      return rewriter == Rewriter.NONE ? slice() : rewriter.copy(parser);
    }

    private Json slice() {
      int start = base + (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      parser.finishToken();
      return new Json(bytes, start, base + (int) parser.currentLocation().getByteOffset());
    }

    /** The members of the object whose opening brace is current. */
    JsonObject members() {
      List<String> names = new ArrayList<>(8);
      List<Json> values = new ArrayList<>(8);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        names.add(parser.currentName());
        parser.nextToken();
        values.add(capture());
      }
      return new JsonObject(names, values);
    }

    @Override
    public void close() {
      parser.close();
      rewriter.close();
    }
  }

  /**
   * Writes values one after the other into one array. The result is never longer than the source:
   * white space and escapes go.
   */
  private static final class Rewriter implements AutoCloseable {
    static final Rewriter NONE = new Rewriter();

    private final Fixed out;
    private final @org.jspecify.annotations.Nullable JsonGenerator generator;

    private Rewriter() {
      out = new Fixed(0);
      generator = null;
    }

    Rewriter(JsonFactory factory, int size) {
      out = new Fixed(size);
      generator = factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    Json copy(JsonParser parser) {
      JsonGenerator to = java.util.Objects.requireNonNull(generator);
      int start = out.size;
      int depth = 0;
      for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
        switch (token) {
          case START_OBJECT -> {
            to.writeStartObject();
            depth++;
          }
          case END_OBJECT -> {
            to.writeEndObject();
            depth--;
          }
          case START_ARRAY -> {
            to.writeStartArray();
            depth++;
          }
          case END_ARRAY -> {
            to.writeEndArray();
            depth--;
          }
          case PROPERTY_NAME -> to.writeName(parser.currentName());
          case VALUE_STRING ->
              to.writeString(
                  parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(parser.getString());
          case VALUE_TRUE -> to.writeBoolean(true);
          case VALUE_FALSE -> to.writeBoolean(false);
          case VALUE_NULL -> to.writeNull();
          case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
              throw new IllegalStateException("not a token of JSON text");
        }
        if (depth == 0) {
          to.flush();
          return new Json(out.bytes, start, out.size);
        }
      }
    }

    @Override
    public void close() {
      if (generator != null) {
        generator.close();
      }
    }
  }

  private static final class Fixed extends OutputStream {
    final byte[] bytes;
    int size;

    Fixed(int capacity) {
      bytes = new byte[capacity];
    }

    @Override
    public void write(int value) {
      bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      System.arraycopy(from, offset, bytes, size, length);
      size += length;
    }
  }
}
