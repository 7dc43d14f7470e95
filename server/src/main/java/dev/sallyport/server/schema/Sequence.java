package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;

/** A {@link List}, or a {@link java.util.Set} whose elements differ. */
record Sequence(Shape element, boolean distinct) implements Shape {

  @Override
  public JsonObject schema(Use use) {
    JsonObject array = JsonObject.of("type", Json.of("array"));
    if (use == Use.FORM) {
      if (!(element instanceof Choice choice)) {
        throw new IllegalArgumentException("a form can ask for a list of enum constants only");
      }
      return array.with("items", choice.itemsOfForm());
    }
    array = array.with("items", element.schema(use));
    return distinct ? array.with("uniqueItems", Json.TRUE) : array;
  }

  @Override
  public Object read(Json json) throws InvalidInput {
    List<Json> items = json.asArray().orElse(List.of());
    if (json.kind() != Json.Kind.ARRAY) {
      throw Shape.expected("an array", json);
    }
    Collection<Object> read = distinct ? new LinkedHashSet<>() : new ArrayList<>(items.size());
    InvalidInput.Faults faults = new InvalidInput.Faults();
    for (int i = 0; i < items.size() && !faults.isFull(); i++) {
      try {
        if (!read.add(element.read(items.get(i)))) {
          faults.add(InvalidInput.of("is there already").under("[" + i + "]"));
        }
      } catch (InvalidInput part) {
        faults.add(part.under("[" + i + "]"));
      }
    }
    faults.throwIfAny();
    return distinct
        ? Collections.unmodifiableSet((LinkedHashSet<Object>) read)
        : Collections.unmodifiableList((ArrayList<Object>) read);
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginArray();
    for (Object item : (Collection<?>) value) {
      element.write(item, out);
    }
    out.endArray();
  }
}
