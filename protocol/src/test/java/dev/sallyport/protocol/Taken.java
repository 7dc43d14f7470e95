package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What was taken out of a text: the names and the places of the values, down to some level, or what
 * is wrong with it. Once by the scanner, and once by Jackson, which is what it has to equal.
 */
record Taken(List<String> parts, Optional<String> fault) {

  /** Judges texts within the same bounds both ways. */
  static final class Judge {
    private final JsonBounds bounds;
    private final JsonFactory factory;

    Judge(JsonBounds bounds) {
      this.bounds = bounds;
      this.factory = StrictJson.factory(bounds);
    }

    Taken byScanner(byte[] text, int levels) {
      List<String> parts = new ArrayList<>();
      JsonScanner scanner = new JsonScanner(text, bounds);
      try {
        if (!scanner.begin()) {
          throw JsonException.empty();
        }
        take(scanner, levels, parts);
        scanner.end();
        return new Taken(parts, Optional.empty());
      } catch (JsonException e) {
        return broken(text, String.valueOf(e.getMessage()));
      }
    }

    Taken byJackson(byte[] text, int levels) {
      List<String> parts = new ArrayList<>();
      try {
        Utf8.require(text);
      } catch (JsonException e) {
        return broken(text, "");
      }
      try (JsonParser parser =
          factory.createParser(ObjectReadContext.empty(), text, 0, text.length)) {
        if (parser.nextToken() == null) {
          return broken(text, "the text is empty");
        }
        take(parser, levels, parts);
        return parser.nextToken() == null
            ? new Taken(parts, Optional.empty())
            : broken(text, "something follows the value");
      } catch (JacksonException e) {
        return broken(text, String.valueOf(StrictJson.fault(e).getMessage()));
      }
    }
  }

  /** The verdict alone: of several faults the two may name different ones. */
  Taken unnamed() {
    return new Taken(parts, fault.map(named -> "a fault"));
  }

  private static Taken broken(byte[] text, String fault) {
    try {
      Utf8.require(text);
      // What follows a value is not looked at by the scanner, and as far as one token by Jackson.
      return new Taken(
          List.of(),
          Optional.of(
              fault.equals(JsonException.followed().getMessage())
                  ? String.valueOf(JsonException.malformed().getMessage())
                  : fault));
    } catch (JsonException e) {
      return new Taken(List.of(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private static void take(JsonCursor cursor, int levels, List<String> parts) throws JsonException {
    if (levels > 0 && cursor.isObject()) {
      while (cursor.nextMember()) {
        parts.add(cursor.name());
        take(cursor, levels - 1, parts);
      }
    } else if (levels > 0 && cursor.isArray()) {
      while (cursor.nextElement()) {
        take(cursor, levels - 1, parts);
      }
    } else {
      Json value = cursor.capture();
      parts.add(place(value.from(), value.to()));
    }
  }

  private static void take(JsonParser parser, int levels, List<String> parts) {
    if (levels > 0 && parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        parts.add(parser.currentName());
        parser.nextToken();
        take(parser, levels - 1, parts);
      }
    } else if (levels > 0 && parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        take(parser, levels - 1, parts);
      }
    } else {
      long from = parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      parser.finishToken();
      // Behind a number that stands alone Jackson has passed a space.
      long to =
          parser.currentToken().isNumeric()
              ? from + parser.getStringLength()
              : parser.currentLocation().getByteOffset();
      parts.add(place(from, to));
    }
  }

  private static String place(long from, long to) {
    return from + "-" + to;
  }
}
