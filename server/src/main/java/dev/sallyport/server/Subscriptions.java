package dev.sallyport.server;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Carries out subscriptions/listen, and tells every listener of changes. Thread-safe. */
final class Subscriptions {
  /** The URIs one subscription may name; further ones are not acknowledged (SB-04). */
  private static final int MOST_URIS = 1_000;

  private static final Map<String, Method> FLAGS =
      Map.of(
          "toolsListChanged", Method.TOOLS_CHANGED,
          "promptsListChanged", Method.PROMPTS_CHANGED,
          "resourcesListChanged", Method.RESOURCES_CHANGED);

  private final int most;
  private final Set<Subscription> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  Subscriptions(int most) {
    this.most = most;
  }

  void listChanged(Method list) {
    open.forEach(subscription -> subscription.listChanged(list));
  }

  void resourceChanged(String uri) {
    open.forEach(subscription -> subscription.resourceChanged(uri));
  }

  /** Ends every subscription properly; further ones end as they begin. */
  void close() {
    closed.set(true);
    open.forEach(Subscription::end);
  }

  Outcome listen(Exchange exchange, Catalog catalog) {
    Optional<JsonObject> filter = exchange.params().object("notifications");
    if (filter.isEmpty()) {
      return new Outcome.Failed(
          RpcError.invalidParams("params.notifications must be an object")); // SB-01
    }
    Set<Method> lists = lists(filter.get(), catalog);
    Set<String> uris = uris(filter.get(), catalog);
    Subscription subscription = new Subscription(lists, uris);
    open.add(subscription);
    try {
      if (open.size() > most) {
        return new Outcome.Refused(
            Refusal.of(Refusal.Reason.UNAVAILABLE, "Too many subscriptions are open"));
      }
      if (closed.get()) {
        subscription.end(); // whether or not close() saw it
      }
      return tell(exchange, subscription, acknowledgement(lists, uris));
    } finally {
      open.remove(subscription);
    }
  }

  private static Outcome tell(
      Exchange exchange, Subscription subscription, Message.Notification acknowledgement) {
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(subscription::end)) {
      exchange.notify(acknowledgement); // SB-02
      while (true) {
        List<Message.Notification> due = subscription.await();
        if (due.isEmpty()) {
          return exchange.cancellation().isCancelled()
              ? new Outcome.Cancelled()
              : new Outcome.Complete(JsonObject.EMPTY); // SB-06
        }
        due.forEach(exchange::notify);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return new Outcome.Cancelled();
    }
  }

  private static Set<Method> lists(JsonObject filter, Catalog catalog) {
    Set<Method> lists = EnumSet.noneOf(Method.class);
    FLAGS.forEach(
        (flag, list) -> {
          if (filter.get(flag).equals(Optional.of(Json.TRUE)) && offers(catalog, list)) {
            lists.add(list);
          }
        });
    return lists;
  }

  private static boolean offers(Catalog catalog, Method list) {
    return (list == Method.TOOLS_CHANGED && !catalog.tools().isEmpty())
        || (list == Method.PROMPTS_CHANGED && !catalog.prompts().isEmpty())
        || (list == Method.RESOURCES_CHANGED && catalog.hasResources());
  }

  private static Set<String> uris(JsonObject filter, Catalog catalog) {
    Set<String> uris = new LinkedHashSet<>();
    filter.array("resourceSubscriptions").orElse(List.of()).stream()
        .limit(MOST_URIS)
        .flatMap(uri -> uri.asString().stream())
        .filter(catalog::isSubscribable)
        .forEach(uris::add);
    return uris;
  }

  private static Message.Notification acknowledgement(Set<Method> lists, Set<String> uris) {
    JsonObject honoured = JsonObject.EMPTY;
    for (String flag : List.of("toolsListChanged", "promptsListChanged", "resourcesListChanged")) {
      if (lists.contains(FLAGS.get(flag))) {
        honoured = honoured.with(flag, Json.TRUE);
      }
    }
    if (!uris.isEmpty()) {
      honoured =
          honoured.with(
              "resourceSubscriptions", Json.arrayOf(uris.stream().map(Json::of).toList()));
    }
    return new Message.Notification(
        Method.ACKNOWLEDGED.text(), JsonObject.of("notifications", honoured.toJson()));
  }
}
