package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A {@code subscriptions/listen} made on behalf of a client whose version has none (mcp-reference
 * 2.1 rows 6 and 7). It lives on a virtual thread of its own until it is stopped. When the server's
 * side ends it, it is made again after a while, and what may have been missed is told (2.5).
 */
final class InternalListen {
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final int MOST_DOUBLINGS = 5;

  /** One that lasted this long was no failure. */
  private static final Duration STEADY = Duration.ofSeconds(60);

  private final JsonObject filter;
  private final Origin origin;
  private final ClientContext client;
  private final Handler handler;
  private final Sink sink;
  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean settling = new AtomicBoolean();
  private volatile Optional<Acceptance> acceptance = Optional.empty();
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile boolean acknowledgedOnce;

  /** What became of the first attempt. */
  sealed interface Acceptance {
    record Honoured(JsonObject filter) implements Acceptance {}

    record Refused(RpcError error) implements Acceptance {}
  }

  InternalListen(
      JsonObject filter, Origin origin, ClientContext client, Handler handler, Sink sink) {
    this.filter = filter;
    this.origin = origin;
    this.client = client;
    this.handler = handler;
    this.sink = sink;
    cancellation.onCancel(stopped::countDown);
  }

  void start() {
    Thread.ofVirtual().name("legacy-listen").start(this::run);
  }

  /** Waits for the first acknowledgement. */
  Acceptance awaitAcceptance(Duration timeout) {
    try {
      return settled.await(timeout.toMillis(), TimeUnit.MILLISECONDS)
          ? acceptance.orElseThrow()
          : new Acceptance.Refused(RpcError.internal("The server did not answer in time"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Acceptance.Refused(RpcError.internal("The request was given up"));
    }
  }

  void stop() {
    cancellation.cancel();
    refuse(RpcError.internal("The request was given up"));
  }

  private void run() {
    int failures = 0;
    while (!cancellation.isCancelled()) {
      long begun = System.nanoTime();
      boolean again = worthAnotherAttempt(listen());
      failures = System.nanoTime() - begun > STEADY.toNanos() ? 0 : failures;
      if (!again || paused(failures++)) {
        return;
      }
    }
  }

  private Outcome listen() {
    Exchange exchange =
        new Exchange(
            Method.LISTEN.text(),
            JsonObject.EMPTY.with("notifications", filter),
            Optional.empty(),
            origin,
            client,
            Optional.empty(),
            this::take,
            cancellation);
    return handler.handle(exchange);
  }

  private boolean worthAnotherAttempt(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Cancelled _ -> false;
      case Outcome.Failed(var error) -> {
        refuse(error);
        yield error.code() != RpcError.METHOD_NOT_FOUND;
      }
      case Outcome.Refused(var refusal) -> {
        refuse(refusal.error());
        yield true;
      }
      case Outcome.InputRequired _ -> {
        refuse(RpcError.internal("The server may not ask anything here"));
        yield false;
      }
      case Outcome.Complete _ -> {
        refuse(RpcError.internal("The server ended the subscription at once"));
        yield true;
      }
    };
  }

  /** Does nothing once there was an acknowledgement. */
  private void refuse(RpcError error) {
    settle(new Acceptance.Refused(error));
  }

  private void settle(Acceptance first) {
    if (settling.compareAndSet(false, true)) {
      acceptance = Optional.of(first);
      settled.countDown();
    }
  }

  private boolean paused(int attempt) {
    try {
      return stopped.await(
          FIRST_PAUSE_MILLIS << Math.min(attempt, MOST_DOUBLINGS), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void take(Message.Notification notification) {
    if (Method.ACKNOWLEDGED.is(notification.method())) {
      acknowledged(notification.params().object("notifications").orElse(JsonObject.EMPTY));
    } else if (NotificationForms.nameOfChange(notification).isPresent()) {
      sink.send(notification);
    }
  }

  private void acknowledged(JsonObject honoured) {
    if (acknowledgedOnce) {
      tellWhatMayHaveBeenMissed(honoured);
    }
    acknowledgedOnce = true;
    settle(new Acceptance.Honoured(honoured));
  }

  private void tellWhatMayHaveBeenMissed(JsonObject honoured) {
    tellIf(honoured, "toolsListChanged", Method.TOOLS_CHANGED);
    tellIf(honoured, "promptsListChanged", Method.PROMPTS_CHANGED);
    tellIf(honoured, "resourcesListChanged", Method.RESOURCES_CHANGED);
    for (Json uri : honoured.array("resourceSubscriptions").orElse(List.of())) {
      uri.asString().map(NotificationForms::updated).ifPresent(sink::send);
    }
  }

  private void tellIf(JsonObject honoured, String flag, Method change) {
    if (honoured.get(flag).flatMap(Json::asBoolean).orElse(false)) {
      sink.send(new Message.Notification(change.text(), JsonObject.EMPTY));
    }
  }
}
