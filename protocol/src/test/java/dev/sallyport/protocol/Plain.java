package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A second opinion on JSON text: an ordinary tree made by an ordinary parser, with numbers as their
 * text.
 */
final class Plain {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** A number, so that it differs from a string with the same characters. */
  record Digits(String text) {}

  /** An object by its members; the order counts, because a relay keeps it. */
  record Members(Map<String, Object> byName, List<String> order) {}

  private Plain() {}

  static Object tree(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Object tree = tree(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one value");
      }
      return tree;
    }
  }

  static Map<String, Object> members(String text) {
    return ((Members) tree(text)).byName();
  }

  private static Object tree(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, tree(parser));
        }
        yield new Members(members, List.copyOf(members.keySet()));
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(tree(parser));
        }
        yield elements;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Digits(parser.getString());
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> parser.currentToken();
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new AssertionError("not the first token of a value");
    };
  }
}
