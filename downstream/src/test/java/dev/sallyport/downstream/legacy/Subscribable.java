package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.notification;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A server side of subscriptions that a test drives. Thread-safe. */
final class Subscribable {
  private final LinkedBlockingQueue<Listening> started = new LinkedBlockingQueue<>(1_000);
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final Semaphore refused = new Semaphore(0);
  private volatile Optional<Outcome> refusal = Optional.empty();

  /** One listen that is going on. */
  static final class Listening {
    final Exchange exchange;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Outcome outcome = new Outcome.Cancelled();

    private Listening(Exchange exchange) {
      this.exchange = exchange;
    }

    JsonObject filter() {
      return exchange.params().object("notifications").orElseThrow();
    }

    void say(String method, String params) {
      exchange.notify(notification(method, params));
    }

    void end(Outcome with) {
      outcome = with;
      over.countDown();
    }

    boolean isOver() {
      try {
        return over.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  void handles(ScriptedHandler handler) {
    handler.on("subscriptions/listen", this::listen);
  }

  /** From now on nothing can be listened to. */
  void refuse(Outcome with) {
    refusal = Optional.of(with);
  }

  void accept() {
    refusal = Optional.empty();
  }

  void doesNotKnow(String uri) {
    unknown.add(uri);
  }

  private Outcome listen(Exchange exchange) {
    Optional<Outcome> no = refusal;
    if (no.isPresent()) {
      refused.release();
      return no.get();
    }
    Listening listening = new Listening(exchange);
    JsonObject honoured = listening.filter();
    List<Json> uris = honoured.array("resourceSubscriptions").orElse(List.of());
    if (uris.stream().anyMatch(uri -> unknown.contains(uri.asString().orElse("")))) {
      honoured = JsonObject.EMPTY;
    }
    exchange.notify(
        new Message.Notification(
            "notifications/subscriptions/acknowledged",
            JsonObject.EMPTY.with("notifications", honoured)));
    started.add(listening);
    try (var _ = exchange.cancellation().onCancel(listening.over::countDown)) {
      listening.over.await();
      return listening.outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed(RpcError.internal("interrupted"));
    }
  }

  /** The next listen that starts; waits for it. */
  Listening next() {
    try {
      return Optional.ofNullable(started.poll(10, TimeUnit.SECONDS))
          .orElseThrow(() -> new AssertionError("nobody listens"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void awaitRefused() {
    try {
      if (!refused.tryAcquire(10, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody tried");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Whether nobody begins to listen for a while. */
  boolean nobodyListens(Duration patience) {
    try {
      return started.poll(patience.toMillis(), TimeUnit.MILLISECONDS) == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
