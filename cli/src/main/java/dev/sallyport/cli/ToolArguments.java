package dev.sallyport.cli;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.util.List;
import java.util.Optional;

/** Turns {@code name=value} into a tool's arguments, by the tool's own schema. */
final class ToolArguments {
  private ToolArguments() {}

  static JsonObject read(List<String> pairs, JsonObject schema) throws CliFault {
    JsonObject properties = schema.object("properties").orElse(JsonObject.EMPTY);
    JsonObject arguments = JsonObject.EMPTY;
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new CliFault(CliFault.USAGE, pair + " is not NAME=VALUE");
      }
      String name = pair.substring(0, equals);
      Optional<String> type = properties.object(name).flatMap(property -> property.string("type"));
      arguments = arguments.with(name, value(name, pair.substring(equals + 1), type));
    }
    return arguments;
  }

  private static Json value(String name, String text, Optional<String> type) throws CliFault {
    if (type.filter("string"::equals).isPresent()) {
      return Json.of(text);
    }
    try {
      return Json.parse(text);
    } catch (JsonException notJson) {
      if (type.isEmpty()) {
        return Json.of(text);
      }
      throw new CliFault(
          CliFault.USAGE,
          name + " takes JSON of type " + type.get() + ", for example " + example(type.get()));
    }
  }

  private static String example(String type) {
    return switch (type) {
      case "boolean" -> "true";
      case "array" -> "'[\"a\", \"b\"]'";
      case "object" -> "'{\"a\": 1}'";
      default -> "42";
    };
  }
}
