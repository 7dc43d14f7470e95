package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Tasks;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What somebody wants to hear of: the {@code notifications} of {@code subscriptions/listen}
 * (SB-01).
 *
 * @param changes of which lists
 * @param uris of resources
 * @param tasks ids of tasks
 */
record ListenFilter(Set<Method> changes, List<String> uris, List<String> tasks) {
  private static final List<Flag> FLAGS =
      List.of(
          new Flag(Method.TOOLS_CHANGED, "toolsListChanged"),
          new Flag(Method.PROMPTS_CHANGED, "promptsListChanged"),
          new Flag(Method.RESOURCES_CHANGED, "resourcesListChanged"));
  private static final String URIS = "resourceSubscriptions";

  private record Flag(Method change, String name) {}

  ListenFilter {
    changes = Set.copyOf(changes);
    uris = List.copyOf(uris);
    tasks = List.copyOf(tasks);
  }

  static ListenFilter of(JsonObject notifications) {
    Set<Method> changes = EnumSet.noneOf(Method.class);
    for (Flag flag : FLAGS) {
      if (notifications.get(flag.name()).flatMap(Json::asBoolean).orElse(false)) {
        changes.add(flag.change());
      }
    }
    return new ListenFilter(
        changes, texts(notifications, URIS).toList(), texts(notifications, Tasks.IDS).toList());
  }

  private static Stream<String> texts(JsonObject notifications, String name) {
    return notifications.array(name).orElse(List.of()).stream()
        .flatMap(each -> each.asString().stream());
  }

  /** What of it is one server's, in that server's words. */
  ListenFilter of(Upstream upstream) {
    return new ListenFilter(
        changes,
        uris.stream()
            .filter(uri -> Uris.prefix(uri).filter(upstream.prefix()::equals).isPresent())
            .map(upstream.uris()::original)
            .toList(),
        tasks.stream().flatMap(task -> TaskNames.original(task, upstream).stream()).toList());
  }

  /** The same in the words of the endpoint. */
  ListenFilter exposed(Upstream upstream) {
    return new ListenFilter(
        changes,
        uris.stream().map(upstream.uris()::exposed).toList(),
        tasks.stream().map(task -> TaskNames.exposed(task, upstream)).toList());
  }

  boolean isEmpty() {
    return changes.isEmpty() && uris.isEmpty() && tasks.isEmpty();
  }

  JsonObject toJson() {
    JsonObject filter = JsonObject.EMPTY;
    for (Flag flag : FLAGS) {
      if (changes.contains(flag.change())) {
        filter = filter.with(flag.name(), Json.TRUE);
      }
    }
    if (!uris.isEmpty()) {
      filter = filter.with(URIS, array(uris));
    }
    return tasks.isEmpty() ? filter : filter.with(Tasks.IDS, array(tasks));
  }

  private static Json array(List<String> texts) {
    return Json.arrayOf(texts.stream().map(Json::of).toList());
  }
}
