package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import dev.sallyport.upstream.wire.Breakdown;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.Mail;
import dev.sallyport.upstream.wire.UpstreamErrors;
import dev.sallyport.upstream.wire.Wire;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Subscriptions on a modern server: each has a request of its own, which stays unanswered for as
 * long as it lasts. Thread-safe.
 */
final class ModernListens {
  private final Wire wire;
  private final ProtocolVersion version;
  private final ModernOptions options;

  ModernListens(Wire wire, ProtocolVersion version, ModernOptions options) {
    this.wire = wire;
    this.version = version;
    this.options = options;
  }

  /** Runs until the exchange is cancelled, the server ends the subscription, or is gone. */
  Listening listen(Exchange exchange, JsonObject params) {
    Optional<JsonObject> filter = exchange.params().object("notifications");
    if (filter.isEmpty()) {
      return over(
          new Outcome.Failed(
              RpcError.invalidParams("Invalid params: notifications must be an object"))); // SB-01
    }
    Optional<Call> begun = wire.calls().beginSubscription();
    if (begun.isEmpty()) {
      return over(UpstreamErrors.tooBusy());
    }
    try (Call call = begun.get();
        Cancellation.Registration _ =
            exchange.cancellation().onCancel(() -> call.put(new Mail.Cancelled()))) {
      call.carries(exchange, version);
      wire.send(call, new Message.Request(call.id(), exchange.method(), params), Map.of());
      return follow(exchange, call, wanted(filter.get()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return over(new Outcome.Cancelled());
    }
  }

  private Listening follow(Exchange exchange, Call call, Set<String> wanted)
      throws InterruptedException {
    boolean acknowledged = false;
    long deadline = System.nanoTime() + options.acknowledgement().toNanos();
    while (true) {
      Optional<Mail> mail = next(call, acknowledged, deadline);
      if (mail.isEmpty()) {
        wire.cancel(call, "it was not acknowledged");
        return over(UpstreamErrors.timedOut());
      }
      switch (mail.get()) {
        case Mail.Notified(Message.Notification notification) -> {
          boolean acknowledgement = Method.ACKNOWLEDGED.is(notification.method());
          // The acknowledgement first and once; then what was asked for (SB-01, SB-02).
          if (acknowledgement != acknowledged
              && isAbout(call, notification)
              && (acknowledgement || wanted.contains(notification.method()))) {
            acknowledged = true;
            exchange.notify(ours(notification));
          } else {
            wire.count(Fault.UNKNOWN_SUBSCRIPTION);
          }
        }
        case Mail.Answered(Message.Result result) -> {
          return over(new Outcome.Complete(Meta.withoutSubscriptionId(result.result())));
        }
        case Mail.Answered(Message.Failure failure) -> {
          return over(new Outcome.Failed(failure.error()));
        }
        case Mail.Broken(Breakdown breakdown) -> {
          return new Listening.Lost(UpstreamErrors.of(breakdown)); // CH-28
        }
        case Mail.Cancelled cancelled -> {
          wire.cancel(call, "the client cancelled");
          return over(new Outcome.Cancelled());
        }
        case Mail.Asked asked -> throw new IllegalStateException("modern servers ask otherwise");
      }
    }
  }

  /** One that names another subscription is somebody else's (SB-03). */
  private boolean isAbout(Call call, Message.Notification notification) {
    return Meta.subscriptionId(notification.params())
        .map(id -> wire.calls().find(id).filter(found -> found == call).isPresent())
        .orElse(true);
  }

  /** What the server says before it acknowledges wins it no time. */
  private static Optional<Mail> next(Call call, boolean acknowledged, long deadline)
      throws InterruptedException {
    if (acknowledged) {
      return call.next(Long.MAX_VALUE);
    }
    long left = deadline - System.nanoTime();
    return left > 0 ? call.next(left) : call.now(Mail::ends);
  }

  private static Listening over(Outcome outcome) {
    return new Listening.Over(outcome);
  }

  /** Whoever serves the client puts the client's own subscription id in (SB-03). */
  private static Message.Notification ours(Message.Notification notification) {
    return new Message.Notification(
        notification.method(), Meta.withoutSubscriptionId(notification.params()));
  }

  /** The notifications that a filter asks for. A resource's own parts go by its own name. */
  private static Set<String> wanted(JsonObject filter) {
    Set<String> wanted = new HashSet<>();
    for (ListChange list : ListChange.values()) {
      if (list.isIn(filter)) {
        wanted.add(list.method().text());
      }
    }
    if (!filter.array("resourceSubscriptions").map(uris -> uris.isEmpty()).orElse(true)) {
      wanted.add(Method.RESOURCE_UPDATED.text());
    }
    if (!filter.array(Tasks.IDS).map(List::isEmpty).orElse(true)) {
      wanted.add(Method.TASK_CHANGED.text());
    }
    return wanted;
  }
}
