package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads parameters that have the same form in several methods. */
final class Params {
  private Params() {}

  /** An object of strings; absent is the same as none, and empty says that it is something else. */
  static Optional<Arguments> strings(Optional<Json> given) {
    if (given.isEmpty()) {
      return Optional.of(Arguments.NONE);
    }
    Optional<JsonObject> members = given.get().asObject();
    if (members.isEmpty()) {
      return Optional.empty();
    }
    List<String> values = new ArrayList<>();
    members.get().forEach((name, value) -> value.asString().ifPresent(values::add));
    List<String> names = members.get().names();
    if (values.size() != names.size()) {
      return Optional.empty();
    }
    Map<String, String> strings = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      strings.put(names.get(i), values.get(i));
    }
    return Optional.of(new Arguments(strings));
  }
}
