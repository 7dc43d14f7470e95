package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message.Notification;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.protocol.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets through what a subscription asked for, marked with its id (SB-01, SB-03). The
 * acknowledgement comes first: nothing passes before it (SB-02), and progress and log messages
 * never do (SB-09). Thread-safe.
 */
final class ListenNotices implements ClientChannel {
  private static final Map<Method, String> FLAGS =
      Map.of(
          Method.TOOLS_CHANGED, "toolsListChanged",
          Method.PROMPTS_CHANGED, "promptsListChanged",
          Method.RESOURCES_CHANGED, "resourcesListChanged");

  private final RpcId id;
  private final JsonObject filter;
  private final Runnable toolsChanged;
  private final ClientChannel client;
  private final AtomicBoolean acknowledged = new AtomicBoolean();

  /**
   * @param toolsChanged runs whenever the tools changed, asked for or not
   */
  ListenNotices(RpcId id, JsonObject filter, Runnable toolsChanged, ClientChannel client) {
    this.id = id;
    this.filter = filter;
    this.toolsChanged = toolsChanged;
    this.client = client;
  }

  /** The filter of a listen request; empty when it is not one. */
  static Optional<JsonObject> filter(JsonObject params) {
    return params.object("notifications").filter(ListenNotices::isFilter);
  }

  private static boolean isFilter(JsonObject filter) {
    boolean flags =
        FLAGS.values().stream()
            .flatMap(name -> filter.get(name).stream())
            .allMatch(flag -> flag.kind() == Json.Kind.BOOLEAN);
    return flags && areStrings(filter, "resourceSubscriptions") && areStrings(filter, Tasks.IDS);
  }

  private static boolean areStrings(JsonObject filter, String member) {
    return filter.get(member).stream()
        .allMatch(
            all ->
                all.asArray().stream()
                    .anyMatch(
                        list -> list.stream().allMatch(one -> one.kind() == Json.Kind.STRING)));
  }

  @Override
  public void notify(Notification notification) {
    Optional<Method> method = Method.of(notification.method());
    if (method.isEmpty()) {
      return;
    }
    if (method.get() == Method.TOOLS_CHANGED) {
      toolsChanged.run();
    }
    if (method.get() == Method.ACKNOWLEDGED) {
      // One acknowledgement, and its send is over before anything else starts to pass.
      if (!acknowledged.get()) {
        send(notification);
        acknowledged.set(true);
      }
    } else if (acknowledged.get() && isAskedFor(method.get())) {
      send(notification);
    }
  }

  private boolean isAskedFor(Method method) {
    if (method == Method.TASK_CHANGED) {
      return !filter.array(Tasks.IDS).orElse(List.of()).isEmpty();
    }
    if (method == Method.RESOURCE_UPDATED) {
      return !filter.array("resourceSubscriptions").orElse(List.of()).isEmpty();
    }
    return FLAGS.containsKey(method) && asks(FLAGS.get(method));
  }

  private boolean asks(String flag) {
    return filter.get(flag).flatMap(Json::asBoolean).orElse(false);
  }

  private void send(Notification notification) {
    client.notify(
        new Notification(
            notification.method(), Meta.withSubscriptionId(notification.params(), id)));
  }
}
