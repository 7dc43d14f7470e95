package dev.sallyport.upstream;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.UpstreamErrors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One {@code subscriptions/listen}, which outlives the child that serves it: when the child crashes
 * it is opened again on the next one (CS-06, CS-07), and since nobody knows what was missed in
 * between, the client hears of everything it subscribed to (2.5). One thread runs it; any may end
 * it.
 */
final class Subscription {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration STEADY = Duration.ofSeconds(60);
  private static final int MOST_FAILURES = 8;

  private final ConversationPool pool;
  private final Contact contact;
  private final Exchange exchange;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean ended;
  private Optional<JsonObject> acknowledged = Optional.empty();

  Subscription(ConversationPool pool, Contact contact, Exchange exchange) {
    this.pool = pool;
    this.contact = contact;
    this.exchange = exchange;
  }

  /** Ends it from our side, in good order. */
  void end() {
    ended = true;
    over.countDown();
  }

  Outcome run() {
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(over::countDown)) {
      Duration pause = FIRST_PAUSE;
      int failures = 0;
      while (true) {
        long start = System.nanoTime();
        Listening end = listen();
        if (acknowledged.isEmpty() || end instanceof Listening.Over) {
          return end.outcome();
        }
        boolean steady = System.nanoTime() - start > STEADY.toNanos();
        failures = steady ? 1 : failures + 1;
        pause = steady ? FIRST_PAUSE : doubled(pause);
        if (over.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return ended ? new Outcome.Complete(JsonObject.EMPTY) : new Outcome.Cancelled();
        }
        if (failures >= MOST_FAILURES) {
          return end.outcome();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Cancelled();
    }
  }

  private static Duration doubled(Duration pause) {
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  private Listening listen() {
    return switch (pool.borrow(contact.keyOf(exchange), exchange.cancellation())) {
      case Borrowed.Lent lent -> {
        try (lent) {
          yield lent.child().listen(watched(lent.child()));
        }
      }
      case Borrowed.Full full -> new Listening.Over(UpstreamErrors.tooManyChildren());
      case Borrowed.Broken broken -> new Listening.Lost(UpstreamErrors.unavailable());
      case Borrowed.Over over -> new Listening.Over(UpstreamErrors.sessionOver());
      case Borrowed.Cancelled cancelled -> new Listening.Over(new Outcome.Cancelled());
    };
  }

  private Exchange watched(Conversation child) {
    return exchange.withChannel(notification -> hear(notification, child));
  }

  private void hear(Message.Notification notification, Conversation child) {
    if (!Method.ACKNOWLEDGED.is(notification.method())) {
      exchange.notify(notification);
    } else if (acknowledged.isEmpty()) {
      acknowledged =
          notification.params().object("notifications").or(() -> Optional.of(JsonObject.EMPTY));
      exchange.notify(notification);
    } else {
      tellOfEverything(acknowledged.get(), child);
    }
  }

  /**
   * Also of lists that the server never speaks of: whoever asked would hear of them from one that
   * stays up, by asking again, and the one that came back may be another release (2.5).
   */
  private void tellOfEverything(JsonObject filter, Conversation child) {
    JsonObject asked = exchange.params().object("notifications").orElse(JsonObject.EMPTY);
    for (ListChange list : ListChange.values()) {
      if (list.isIn(filter) || (list.isIn(asked) && child.has(list))) {
        exchange.notify(list.notification());
      }
    }
    for (Json uri : filter.array("resourceSubscriptions").orElse(List.of())) {
      exchange.notify(
          new Message.Notification(Method.RESOURCE_UPDATED.text(), JsonObject.of("uri", uri)));
    }
  }
}
