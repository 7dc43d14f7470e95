package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;

/**
 * Any JSON value ({@link Json}), or any JSON object ({@link JsonObject}), as it is on the wire.
 *
 * @param object whether it has to be an object
 */
record Anything(boolean object) implements Shape {

  @Override
  public JsonObject schema(Use use) {
    if (use == Use.FORM) {
      throw new IllegalArgumentException("a form cannot ask for any JSON");
    }
    return object ? JsonObject.of("type", Json.of("object")) : JsonObject.EMPTY;
  }

  @Override
  public Object read(Json json) throws InvalidInput {
    return object
        ? json.asObject().orElseThrow(() -> Shape.expected("an object", json))
        : json.detached();
  }

  @Override
  public void write(Object value, JsonWriter out) {
    if (value instanceof JsonObject members) {
      out.value(members);
    } else {
      out.value((Json) value);
    }
  }
}
