package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link Map} from strings: an object whose names are data. */
record Mapping(Shape values) implements Shape {

  @Override
  public JsonObject schema(Use use) {
    if (use == Use.FORM) {
      throw new IllegalArgumentException("a form cannot ask for a map");
    }
    return JsonObject.of("type", Json.of("object"))
        .with("additionalProperties", values.schema(use));
  }

  @Override
  public Object read(Json json) throws InvalidInput {
    JsonObject members = json.asObject().orElseThrow(() -> Shape.expected("an object", json));
    // Not by name: each look-up walks the object, and a peer chooses how many members it has.
    List<Json> items = new ArrayList<>();
    members.forEach((name, item) -> items.add(item));
    Map<String, Object> read = new LinkedHashMap<>();
    InvalidInput.Faults faults = new InvalidInput.Faults();
    for (int i = 0; i < items.size() && !faults.isFull(); i++) {
      try {
        read.put(members.names().get(i), values.read(items.get(i)));
      } catch (InvalidInput part) {
        // The name is the peer's own text, so it is not repeated.
        faults.add(part.under("[a value]"));
      }
    }
    faults.throwIfAny();
    return Collections.unmodifiableMap(read);
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginObject();
    ((Map<?, ?>) value)
        .forEach(
            (name, item) -> {
              out.name((String) name);
              values.write(item, out);
            });
    out.endObject();
  }
}
