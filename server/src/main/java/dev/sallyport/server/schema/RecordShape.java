package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A record: an object with one property for each component. What the types cannot say the record's
 * compact constructor does: the message of its {@link IllegalArgumentException} is told to the
 * peer.
 */
final class RecordShape implements Shape {
  private final Optional<String> description;
  private final Constructor<?> constructor;
  private final List<Component> components;
  private final Set<String> names;

  RecordShape(
      Optional<String> description, Constructor<?> constructor, List<Component> components) {
    this.description = description;
    this.constructor = constructor;
    this.components = List.copyOf(components);
    this.names = new HashSet<>();
    components.forEach(component -> names.add(component.name()));
  }

  List<Component> components() {
    return components;
  }

  @Override
  public JsonObject schema(Use use) {
    JsonObject properties = JsonObject.EMPTY;
    for (Component component : components) {
      properties = properties.with(component.name(), component.schema(use));
    }
    JsonObject schema = JsonObject.of("type", Json.of("object"));
    if (use != Use.FORM && description.isPresent()) {
      schema = schema.with("description", description.get());
    }
    schema = schema.with("properties", properties);
    List<Json> required =
        components.stream()
            .filter(component -> component.isRequired(use))
            .map(component -> Json.of(component.name()))
            .toList();
    if (!required.isEmpty()) {
      schema = schema.with("required", Json.arrayOf(required));
    }
    return use == Use.INPUT ? schema.with("additionalProperties", Json.FALSE) : schema;
  }

  @Override
  public Object read(Json json) throws InvalidInput {
    return read(json.asObject().orElseThrow(() -> Shape.expected("an object", json)));
  }

  Object read(JsonObject members) throws InvalidInput {
    Object[] values = new Object[components.size()];
    InvalidInput.Faults faults = new InvalidInput.Faults();
    for (int i = 0; i < values.length && !faults.isFull(); i++) {
      Component component = components.get(i);
      try {
        values[i] = component.read(members.get(component.name()));
      } catch (InvalidInput part) {
        faults.add(part.under(component.name()));
      }
    }
    if (!names.containsAll(members.names())) {
      faults.add("has a property that is not known here; known are: " + known());
    }
    faults.throwIfAny();
    return construct(values);
  }

  private String known() {
    return components.isEmpty()
        ? "none"
        : String.join(", ", components.stream().map(Component::name).toList());
  }

  private Object construct(Object[] values) throws InvalidInput {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof IllegalArgumentException refused) {
        String why = refused.getMessage();
        throw InvalidInput.of(why == null ? "is not acceptable" : why);
      }
      throw new IllegalStateException("the record's constructor failed", thrown.getCause());
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginObject();
    for (Component component : components) {
      component.write(value, out);
    }
    out.endObject();
  }
}
