package dev.sallyport.protocol;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** How Jackson parses here: within which bounds, and what its faults are called. */
final class StrictJson {
  /** For text that was checked before. */
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
    try (JsonSource source = new JsonSource(factory(bounds), utf8)) {
      if (!source.begin()) {
        throw JsonException.empty();
      }
      Json value = source.capture();
      source.end();
      return value;
    } catch (JacksonException e) {
      throw fault(e);
    }
  }

  /** Reads text that was checked before, token by token. */
  static JsonParser verified(Json value) {
    return VERIFIED.createParser(
        ObjectReadContext.empty(), value.array(), value.from(), value.length());
  }

  /** A description of the fault that cannot carry the peer's text into an answer or a log. */
  static JsonException fault(JacksonException e) {
    return switch (e) {
      case JsonSource.UnsoundText unsound -> new JsonException(unsound.getOriginalMessage());
      case StreamConstraintsException bound -> JsonException.beyondBounds();
      case JacksonException other
          when String.valueOf(other.getOriginalMessage()).startsWith("Duplicate") ->
          JsonException.duplicate();
      case JacksonException other -> JsonException.malformed();
    };
  }
}
