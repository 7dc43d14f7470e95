package dev.sallyport.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** How JSON is parsed here: which parser, within which bounds, and what its faults are called. */
final class StrictJson {
  /** For text that was checked before, when it is taken apart one level at a time. */
  private static final JsonFactory VERIFIED = factory(JsonBounds.WIDEST, false);

  private static final JsonFactory DEFAULT = factory(JsonBounds.DEFAULT, true);

  private StrictJson() {}

  static JsonFactory factory(JsonBounds bounds) {
    return bounds.equals(JsonBounds.DEFAULT) ? DEFAULT : factory(bounds, true);
  }

  private static JsonFactory factory(JsonBounds bounds, boolean refuseDuplicates) {
    return JsonFactory.builder()
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, refuseDuplicates)
        .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
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

  static Json rewrite(byte[] utf8, JsonBounds bounds) throws JsonException {
    Utf8.require(utf8);
    try (JsonSource source = JsonSource.rewriting(factory(bounds), utf8)) {
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

  static JsonSource verified(Json value) {
    return JsonSource.slicing(VERIFIED, value.array(), value.from(), value.to());
  }

  static JsonObject members(Json object) {
    try (JsonSource source = verified(object)) {
      source.next();
      return source.members();
    }
  }

  static List<Json> elements(Json array) {
    try (JsonSource source = verified(array)) {
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
        try (JsonSource source = verified(string)) {
          source.next();
          return source.parser().getString();
        }
      }
    }
    return new String(
        string.array(), string.from() + 1, string.length() - 2, StandardCharsets.UTF_8);
  }

  /** A description of the fault that cannot carry the peer's text into an answer or a log. */
  static String fault(JacksonException e) {
    return switch (e) {
      case JsonSource.UnsoundText unsound -> unsound.getOriginalMessage();
      case StreamConstraintsException bound -> "the text is deeper or longer than the bounds allow";
      case JacksonException other
          when String.valueOf(other.getOriginalMessage()).startsWith("Duplicate") ->
          "a member name occurs twice in one object";
      case JacksonException other -> "the text is not well-formed JSON";
    };
  }
}
