package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The members of a JSON object, one level deep, in wire order. Changing a member gives a new
 * object; what was not touched is spliced as it came. Names are unique because the strict reader
 * refuses duplicates. Immutable and thread-safe.
 */
public final class JsonObject {
  public static final JsonObject EMPTY = new JsonObject(List.of(), List.of());

  private final List<String> names;
  private final List<Json> values;

  JsonObject(List<String> names, List<Json> values) {
    this.names = List.copyOf(names);
    this.values = List.copyOf(values);
  }

  public static JsonObject of(String name, Json value) {
    return new JsonObject(List.of(name), List.of(value));
  }

  public static JsonObject of(String name, Json value, String name2, Json value2) {
    return of(name, value).with(name2, value2);
  }

  public Optional<Json> get(String name) {
    int at = names.indexOf(name);
    return at < 0 ? Optional.empty() : Optional.of(values.get(at));
  }

  /** The member's string; empty when it is absent or not a string. */
  public Optional<String> string(String name) {
    return get(name).flatMap(Json::asString);
  }

  /** The member's members; empty when it is absent or not an object. */
  public Optional<JsonObject> object(String name) {
    return get(name).flatMap(Json::asObject);
  }

  /** The member's elements; empty when it is absent or not an array. */
  public Optional<List<Json>> array(String name) {
    return get(name).flatMap(Json::asArray);
  }

  public OptionalLong integer(String name) {
    return get(name).map(Json::asInteger).orElse(OptionalLong.empty());
  }

  public boolean has(String name) {
    return names.contains(name);
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  public List<String> names() {
    return names;
  }

  public void forEach(BiConsumer<String, Json> action) {
    for (int i = 0; i < names.size(); i++) {
      action.accept(names.get(i), values.get(i));
    }
  }

  /** This object with one member set: in place when the name exists, otherwise last. */
  public JsonObject with(String name, Json value) {
    List<String> newNames = new ArrayList<>(names);
    List<Json> newValues = new ArrayList<>(values);
    int at = names.indexOf(name);
    if (at < 0) {
      newNames.add(name);
      newValues.add(value);
    } else {
      newValues.set(at, value);
    }
    return new JsonObject(newNames, newValues);
  }

  public JsonObject with(String name, String value) {
    return with(name, Json.of(value));
  }

  public JsonObject with(String name, JsonObject value) {
    return with(name, value.toJson());
  }

  public JsonObject without(String... gone) {
    Set<String> drop = Set.of(gone);
    if (names.stream().noneMatch(drop::contains)) {
      return this;
    }
    List<String> newNames = new ArrayList<>();
    List<Json> newValues = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (!drop.contains(names.get(i))) {
        newNames.add(names.get(i));
        newValues.add(values.get(i));
      }
    }
    return new JsonObject(newNames, newValues);
  }

  public Json toJson() {
    JsonWriter writer = new JsonWriter(sizeHint());
    writer.value(this);
    return writer.toJson();
  }

  private int sizeHint() {
    int size = 2;
    for (int i = 0; i < names.size(); i++) {
      size += names.get(i).length() + values.get(i).length() + 4;
    }
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject that
        && names.equals(that.names)
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + values.hashCode();
  }

  @Override
  public String toString() {
    return "JsonObject[" + names.size() + " members]";
  }
}
