package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.Wire;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tasks as 2025-11-25 tried them are not translated (2.1 row 17). A tool that works in no other way
 * is left out of lists, rather than offered and then failing (4-T52); of others only the word of it
 * goes. Thread-safe.
 */
final class TaskTools {
  private static final String EXECUTION = "execution";
  private static final int MOST_TOLD = 100;

  private final Wire wire;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  TaskTools(Wire wire) {
    this.wire = wire;
  }

  /** The result of a {@code tools/list} as it can be passed on; almost always as it came. */
  JsonObject check(JsonObject result) {
    Optional<List<Json>> tools =
        result.get("tools").filter(list -> list.text().contains(EXECUTION)).flatMap(Json::asArray);
    return tools.isEmpty()
        ? result
        : result.with(
            "tools", Json.arrayOf(tools.get().stream().flatMap(t -> check(t).stream()).toList()));
  }

  private Optional<Json> check(Json listed) {
    Optional<JsonObject> tool = listed.asObject().filter(members -> members.has(EXECUTION));
    if (tool.isEmpty()) {
      return Optional.of(listed);
    }
    boolean required =
        tool.get()
            .object(EXECUTION)
            .flatMap(execution -> execution.string("taskSupport"))
            .filter("required"::equals)
            .isPresent();
    if (!required) {
      return Optional.of(tool.get().without(EXECUTION).toJson());
    }
    String name = tool.get().string("name").orElse("");
    if (told.size() < MOST_TOLD && told.add(name)) {
      wire.tell(
          new Remark.ToolLeftOut(
              name, "it works only as a task of its protocol version, which is not translated"));
    }
    return Optional.empty();
  }
}
