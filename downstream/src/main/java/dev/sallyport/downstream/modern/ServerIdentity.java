package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Who the server behind the handler says it is, for the {@code serverInfo} of every result (JR-22).
 * Asked of the handler once; a handler that cannot say is asked again now and then, because results
 * may go without. Thread-safe.
 */
final class ServerIdentity {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);

  private final Behind behind;
  private final Clock clock;
  private final AtomicReference<Known> known =
      new AtomicReference<>(new Known(Optional.empty(), Instant.MIN));

  private record Known(Optional<JsonObject> info, Instant askAfter) {}

  ServerIdentity(Behind behind, Clock clock) {
    this.behind = behind;
    this.clock = clock;
  }

  /** A result with the server's name in it, if it is known or can be learnt. */
  JsonObject addTo(JsonObject result, Caller caller, ClientContext client, Cancellation unwanted) {
    Optional<JsonObject> own = Meta.serverInfo(result);
    if (own.isPresent()) {
      return result;
    }
    return info(caller, client, unwanted)
        .map(info -> Meta.withServerInfo(result, info))
        .orElse(result);
  }

  /** Remembers what a discover result says. */
  void learn(JsonObject discovered) {
    Meta.serverInfo(discovered)
        .ifPresent(info -> known.set(new Known(Optional.of(detached(info)), Instant.MAX)));
  }

  private Optional<JsonObject> info(Caller caller, ClientContext client, Cancellation unwanted) {
    Known now = known.get();
    Instant time = clock.instant();
    if (now.info().isPresent() || time.isBefore(now.askAfter())) {
      return now.info();
    }
    // Only one asks; until it knows, the others' results go without.
    if (known.compareAndSet(now, new Known(Optional.empty(), time.plus(ASK_AGAIN)))) {
      Outcome outcome = behind.ask(Method.DISCOVER, JsonObject.EMPTY, caller, client, unwanted);
      if (outcome instanceof Outcome.Complete complete) {
        learn(complete.result());
      } else if (outcome instanceof Outcome.Cancelled) {
        known.set(now); // one client left: that says nothing about the server
      }
    }
    return known.get().info();
  }

  /** Slices keep the whole message they came in alive. */
  private static JsonObject detached(JsonObject object) {
    return object.toJson().asObject().orElseThrow();
  }
}
