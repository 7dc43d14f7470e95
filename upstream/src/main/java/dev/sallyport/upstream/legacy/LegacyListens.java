package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.UpstreamErrors;
import dev.sallyport.upstream.wire.Wire;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * {@code subscriptions/listen} on a server that does not know it: the URIs of the filter become one
 * {@code resources/subscribe} each, however many exchanges want them, and what the server announces
 * goes to every exchange that asked for it (2.1 row 7, 2.5). Thread-safe.
 */
final class LegacyListens {
  private final Wire wire;
  private final LegacyOptions options;
  private final Set<Changes> open = ConcurrentHashMap.newKeySet();
  // One conversation about subscriptions at a time, or a subscribe could overtake an unsubscribe.
  private final Semaphore turn = new Semaphore(1, true);
  private final Map<String, Integer> wanted = new HashMap<>();

  LegacyListens(Wire wire, LegacyOptions options) {
    this.wire = wire;
    this.options = options;
  }

  int live() {
    return open.size();
  }

  /** On the reading thread. */
  void changed(Message.Notification notification) {
    for (Changes changes : open) {
      if (!changes.offer(notification)) {
        wire.count(Fault.NOTIFICATION_DROPPED);
      }
    }
  }

  /** Ends them all, as lost. Never blocks. */
  void end() {
    open.forEach(Changes::end);
  }

  /** Runs until the exchange is cancelled or the server is gone. */
  Listening listen(Exchange exchange, Handshake handshake) {
    Optional<JsonObject> filter = exchange.params().object("notifications");
    if (filter.isEmpty()) {
      return new Listening.Over(
          new Outcome.Failed(
              RpcError.invalidParams("Invalid params: notifications must be an object"))); // SB-01
    }
    Set<ListChange> lists = honoured(filter.get(), handshake);
    Changes changes = new Changes(lists);
    open.add(changes);
    List<String> uris = new ArrayList<>();
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(changes::cancel)) {
      if (open.size() > options.listens()) {
        return new Listening.Over(UpstreamErrors.tooBusy());
      }
      if (handshake.offers("resources", "subscribe")) {
        subscribe(uris(filter.get()), changes, uris, exchange);
      }
      exchange.notify(acknowledgement(filter.get(), lists, uris));
      if (!wire.alive()) {
        changes.end();
      }
      return changes.follow(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Listening.Over(new Outcome.Cancelled());
    } finally {
      open.remove(changes);
      if (!uris.isEmpty()) {
        // Whoever cancelled need not wait for the server to agree.
        Thread.ofVirtual().name("sallyport-unsubscribe").start(() -> unsubscribe(uris));
      }
    }
  }

  private static Set<ListChange> honoured(JsonObject filter, Handshake handshake) {
    Set<ListChange> lists = EnumSet.noneOf(ListChange.class);
    for (ListChange list : ListChange.values()) {
      if (list.isIn(filter) && handshake.offers(list.capability(), "listChanged")) {
        lists.add(list);
      }
    }
    return lists;
  }

  private List<String> uris(JsonObject filter) {
    return filter.array("resourceSubscriptions").orElse(List.of()).stream()
        .map(Json::asString)
        .flatMap(Optional::stream)
        .distinct()
        .limit(options.uris())
        .toList();
  }

  /** What the server accepts; the rest is left out of the acknowledgement (SB-04). */
  private void subscribe(
      List<String> asked, Changes changes, List<String> accepted, Exchange exchange)
      throws InterruptedException {
    for (String uri : asked) {
      if (exchange.cancellation().isCancelled()) {
        return;
      }
      changes.want(uri);
      if (subscribe(uri)) {
        accepted.add(uri);
      } else {
        changes.unwant(uri);
      }
    }
  }

  private boolean subscribe(String uri) throws InterruptedException {
    turn.acquire();
    try {
      if (!wanted.containsKey(uri)) {
        Optional<Message.Reply> reply =
            wire.ask(Method.SUBSCRIBE, about(uri), options.housekeeping());
        if (reply.filter(answer -> answer instanceof Message.Result).isEmpty()) {
          return false;
        }
      }
      wanted.merge(uri, 1, Integer::sum);
      return true;
    } finally {
      turn.release();
    }
  }

  private void unsubscribe(List<String> uris) {
    for (String uri : uris) {
      turn.acquireUninterruptibly();
      try {
        wanted.computeIfPresent(uri, (same, count) -> count > 1 ? count - 1 : null);
        if (!wanted.containsKey(uri) && wire.alive()) {
          wire.ask(Method.UNSUBSCRIBE, about(uri), options.housekeeping());
        }
      } finally {
        turn.release();
      }
    }
  }

  private static JsonObject about(String uri) {
    return JsonObject.of("uri", Json.of(uri));
  }

  private static Message.Notification acknowledgement(
      JsonObject filter, Set<ListChange> lists, List<String> uris) {
    JsonObject honoured = JsonObject.EMPTY;
    for (ListChange list : lists) {
      honoured = honoured.with(list.flag(), Json.TRUE);
    }
    if (filter.has("resourceSubscriptions")) {
      honoured =
          honoured.with(
              "resourceSubscriptions", Json.arrayOf(uris.stream().map(Json::of).toList()));
    }
    return new Message.Notification(
        Method.ACKNOWLEDGED.text(), JsonObject.of("notifications", honoured.toJson()));
  }
}
