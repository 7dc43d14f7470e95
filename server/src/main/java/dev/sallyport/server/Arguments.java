package dev.sallyport.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Strings by name: the arguments of a prompt, or the variables of a URI template. Immutable. */
public final class Arguments {
  static final Arguments NONE = new Arguments(Map.of());

  private final Map<String, String> values;

  Arguments(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * A value that is always there: a required argument, or a variable of the template.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public String get(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("there is no " + name));
  }

  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public Set<String> names() {
    return values.keySet();
  }
}
