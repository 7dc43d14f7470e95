package dev.sallyport.gateway;

import dev.sallyport.downstream.Seal;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ids of tasks as callers see them. An upstream may take whoever knows an id for its owner, so
 * a caller is given the id sealed, good for that caller and this route alone (TK-12, 2.6).
 * Thread-safe.
 */
final class TaskIds implements Handler {
  private static final Duration LIFE = Duration.ofDays(7);
  private static final int LONGEST = 4_096;
  private static final int MOST_IN_A_FILTER = 256;

  private final Handler upstream;
  private final Seal seal;
  private final byte[] route;

  /**
   * @param seal whose keys last for the life of an id
   */
  TaskIds(Handler upstream, Seal seal, String route) {
    this.upstream = upstream;
    this.seal = seal;
    this.route = route.getBytes(StandardCharsets.UTF_8);
  }

  static Duration keysLast() {
    return LIFE;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    Optional<Method> method = Method.of(exchange.method());
    if (method.isEmpty()) {
      // Of other versions of this extension, some of which list the tasks of everybody.
      return exchange.method().startsWith("tasks/")
          ? new Outcome.Failed(RpcError.methodNotFound())
          : upstream.handle(exchange);
    }
    return switch (method.get()) {
      case TOOLS_CALL -> exposed(upstream.handle(exchange), exchange.caller());
      case TASKS_GET, TASKS_UPDATE, TASKS_CANCEL -> about(exchange);
      case LISTEN -> listen(exchange);
      default -> upstream.handle(exchange);
    };
  }

  private Outcome exposed(Outcome outcome, Caller caller) {
    return outcome instanceof Outcome.Complete(JsonObject result)
        ? Tasks.created(result)
            .<Outcome>map(id -> new Outcome.Complete(result.with(Tasks.ID, sealed(id, caller))))
            .orElse(outcome)
        : outcome;
  }

  private Outcome about(Exchange exchange) {
    if (!Tasks.areTakenBy(exchange.client())) {
      // Whether there are tasks at all is the upstream's to say, which learns no id for it.
      return upstream.handle(exchange.withParams(exchange.params().without(Tasks.ID)));
    }
    Optional<String> exposed = exchange.params().string(Tasks.ID);
    Optional<String> id = exposed.flatMap(given -> opened(given, exchange.caller()));
    if (id.isEmpty()) {
      return new Outcome.Failed(RpcError.invalidParams("Task not found")); // TK-09
    }
    Outcome outcome =
        upstream.handle(exchange.withParams(exchange.params().with(Tasks.ID, id.get())));
    return outcome instanceof Outcome.Complete(JsonObject result) && result.has(Tasks.ID)
        ? new Outcome.Complete(result.with(Tasks.ID, exposed.get()))
        : outcome;
  }

  private Outcome listen(Exchange exchange) {
    Optional<JsonObject> filter = exchange.params().object("notifications");
    Optional<List<Json>> named = filter.flatMap(wanted -> wanted.array(Tasks.IDS));
    if (named.isEmpty()) {
      return upstream.handle(exchange);
    }
    if (!Tasks.areTakenBy(exchange.client())) {
      return new Outcome.Failed(
          RpcError.missingCapability(Tasks.addedTo(JsonObject.EMPTY))); // SB-10
    }
    Map<String, String> exposed = new LinkedHashMap<>();
    for (Json each : named.get()) {
      // One that is nobody's, or somebody else's, is left out of the acknowledgement (SB-04).
      Optional<String> given = each.asString();
      given
          .flatMap(text -> opened(text, exchange.caller()))
          .filter(id -> exposed.size() < MOST_IN_A_FILTER)
          .ifPresent(id -> exposed.put(id, given.get()));
    }
    JsonObject opened =
        filter
            .get()
            .with(Tasks.IDS, Json.arrayOf(exposed.keySet().stream().map(Json::of).toList()));
    ClientChannel client =
        notification -> exposed(notification, exposed).ifPresent(exchange::notify);
    return upstream.handle(
        exchange.withParams(exchange.params().with("notifications", opened)).withChannel(client));
  }

  /** Empty for a task that was not asked for: it is somebody else's, or nobody's. */
  private static Optional<Message.Notification> exposed(
      Message.Notification notification, Map<String, String> exposed) {
    JsonObject params = notification.params();
    if (Method.TASK_CHANGED.is(notification.method())) {
      return params
          .string(Tasks.ID)
          .flatMap(id -> Optional.ofNullable(exposed.get(id)))
          .map(id -> new Message.Notification(notification.method(), params.with(Tasks.ID, id)));
    }
    return Optional.of(
        Method.ACKNOWLEDGED.is(notification.method())
            ? new Message.Notification(notification.method(), acknowledged(params, exposed))
            : notification);
  }

  private static JsonObject acknowledged(JsonObject params, Map<String, String> exposed) {
    Optional<JsonObject> honoured = params.object("notifications");
    Optional<List<Json>> ids = honoured.flatMap(some -> some.array(Tasks.IDS));
    if (ids.isEmpty()) {
      return params;
    }
    List<Json> shown =
        ids.get().stream()
            .flatMap(id -> id.asString().stream())
            .flatMap(id -> Optional.ofNullable(exposed.get(id)).stream())
            .map(Json::of)
            .toList();
    return params.with("notifications", honoured.get().with(Tasks.IDS, Json.arrayOf(shown)));
  }

  private String sealed(String id, Caller caller) {
    return seal.seal(id, Seal.boundTo(caller, List.of(route)), LIFE);
  }

  private Optional<String> opened(String exposed, Caller caller) {
    return exposed.length() > LONGEST
        ? Optional.empty()
        : seal.open(exposed, Seal.boundTo(caller, List.of(route)));
  }
}
