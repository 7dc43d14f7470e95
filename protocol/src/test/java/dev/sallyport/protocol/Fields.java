package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Header fields as a lookup that ignores the case of names, as HTTP does. */
final class Fields {
  private Fields() {}

  static Function<String, List<String>> all(Map<String, List<String>> fields) {
    TreeMap<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    fields.forEach(
        (name, values) -> byName.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values));
    return name -> byName.getOrDefault(name, List.of());
  }

  static Function<String, List<String>> of(Map<String, String> fields) {
    TreeMap<String, List<String>> byName = new TreeMap<>();
    fields.forEach((name, value) -> byName.put(name, List.of(value)));
    return all(byName);
  }
}
