package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The members of a JSON object, one level deep, in wire order. Changing a member gives a new
 * object; what was not touched is spliced as it came. Names are unique because the strict reader
 * refuses duplicates. Immutable and thread-safe.
 */
public final class JsonObject {
  /** From here on names are found by an index. */
  private static final int MANY = 16;

  public static final JsonObject EMPTY = new JsonObject(new String[0], new Json[0]);

  private final String[] names;
  private final Json[] values;
  private final Map<String, Integer> index;

  /** Takes the arrays over. */
  private JsonObject(String[] names, Json[] values) {
    this.names = names;
    this.values = values;
    this.index = index(names);
  }

  JsonObject(List<String> names, List<Json> values) {
    this(names.toArray(new String[0]), values.toArray(new Json[0]));
  }

  public static JsonObject of(String name, Json value) {
    return new JsonObject(new String[] {name}, new Json[] {value});
  }

  public static JsonObject of(String name, Json value, String name2, Json value2) {
    return of(name, value).with(name2, value2);
  }

  public Optional<Json> get(String name) {
    int at = indexOf(name);
    return at < 0 ? Optional.empty() : Optional.of(values[at]);
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
    return indexOf(name) >= 0;
  }

  public boolean isEmpty() {
    return names.length == 0;
  }

  public int size() {
    return names.length;
  }

  public boolean allValues(Predicate<Json> test) {
    return Arrays.stream(values).allMatch(test);
  }

  public List<String> names() {
    return Collections.unmodifiableList(Arrays.asList(names));
  }

  public void forEach(BiConsumer<String, Json> action) {
    for (int i = 0; i < names.length; i++) {
      action.accept(names[i], values[i]);
    }
  }

  /** This object with one member set: in place when the name exists, otherwise last. */
  public JsonObject with(String name, Json value) {
    int at = indexOf(name);
    if (at >= 0) {
      Json[] changed = values.clone();
      changed[at] = value;
      return new JsonObject(names, changed);
    }
    String[] newNames = Arrays.copyOf(names, names.length + 1);
    Json[] newValues = Arrays.copyOf(values, values.length + 1);
    newNames[names.length] = name;
    newValues[values.length] = value;
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
    List<String> keptNames = new ArrayList<>(names.length);
    List<Json> keptValues = new ArrayList<>(names.length);
    for (int i = 0; i < names.length; i++) {
      if (!drop.contains(names[i])) {
        keptNames.add(names[i]);
        keptValues.add(values[i]);
      }
    }
    return keptNames.size() == names.length ? this : new JsonObject(keptNames, keptValues);
  }

  public Json toJson() {
    JsonWriter writer = new JsonWriter(length());
    writer.value(this);
    return writer.toJson();
  }

  /**
   * About how many bytes of memory it keeps from being freed, for bounds on what waits: a value
   * that was sliced holds on to the whole text it came in.
   */
  public long held() {
    Set<byte[]> texts = Collections.newSetFromMap(new IdentityHashMap<>());
    long held = 0;
    for (int i = 0; i < names.length; i++) {
      byte[] text = values[i].array();
      held += 2L * names[i].length() + (texts.add(text) ? text.length : 0);
    }
    return held;
  }

  /** Bytes of its text, unless a name needs an escape or is not ASCII: then there are more. */
  int length() {
    int length = names.length == 0 ? 2 : names.length + 1; // brackets and commas
    for (int i = 0; i < names.length; i++) {
      length += names[i].length() + values[i].length() + 3;
    }
    return length;
  }

  private int indexOf(String name) {
    if (names.length > MANY) {
      return index.getOrDefault(name, -1);
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** So that looking up every name of a hostile object does not take the square of its size. */
  private static Map<String, Integer> index(String[] names) {
    if (names.length <= MANY) {
      return Map.of();
    }
    Map<String, Integer> index = HashMap.newHashMap(names.length);
    for (int i = 0; i < names.length; i++) {
      index.put(names[i], i);
    }
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject that
        && Arrays.equals(names, that.names)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "JsonObject[" + names.length + " members]";
  }
}
