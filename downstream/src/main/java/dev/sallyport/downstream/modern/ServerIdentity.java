package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.CallLimits;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who the server behind the handler says it is, for the {@code serverInfo} of every result (JR-22).
 * What it says to one caller is for no other. Asked of the handler now and then, beside whatever is
 * going on: a result that is there waits a moment at most, and may go without. Thread-safe.
 */
final class ServerIdentity {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);
  private static final Duration A_MOMENT = Duration.ofSeconds(1);
  private static final Known NOTHING = new Known(Optional.empty(), Instant.MIN);

  private final Behind behind;
  private final Clock clock;
  private final Cancellation closing;
  private final Duration life;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Caller, Known> known;

  private record Known(Optional<JsonObject> info, Instant askAfter) {}

  /**
   * @param closing fires when nobody needs to know any more
   */
  ServerIdentity(Behind behind, CallLimits limits, Clock clock, Cancellation closing) {
    this.behind = behind;
    this.clock = clock;
    this.closing = closing;
    this.life = limits.schemaLife();
    this.known =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Caller, Known> eldest) {
            return size() > limits.schemaCallers();
          }
        };
  }

  /** A result with the server's name in it, if it is known or can be learnt. */
  JsonObject addTo(JsonObject result, Origin origin, ClientContext client) {
    Optional<JsonObject> own = Meta.serverInfo(result);
    if (own.isPresent()) {
      return result;
    }
    return info(origin, client).map(info -> Meta.withServerInfo(result, info)).orElse(result);
  }

  /** Remembers what a discover result says. */
  void learn(Caller caller, JsonObject discovered) {
    Meta.serverInfo(discovered)
        .ifPresent(
            info ->
                remember(
                    caller, new Known(Optional.of(detached(info)), clock.instant().plus(life))));
  }

  private Optional<JsonObject> info(Origin origin, ClientContext client) {
    Known now = claim(origin.caller());
    if (clock.instant().isBefore(now.askAfter())) {
      return now.info();
    }
    CountDownLatch asked = new CountDownLatch(1);
    Thread.ofVirtual()
        .name("server-identity")
        .start(
            () -> {
              try {
                ask(origin, client);
              } finally {
                asked.countDown();
              }
            });
    if (now.info().isEmpty()) {
      await(asked);
    }
    return find(origin.caller()).info();
  }

  private void ask(Origin origin, ClientContext client) {
    if (behind.ask(Method.DISCOVER, JsonObject.EMPTY, origin, client, closing)
        instanceof Outcome.Complete(JsonObject discovered)) {
      learn(origin.caller(), discovered);
    }
  }

  private static void await(CountDownLatch asked) {
    try {
      asked.await(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is known. When it is time to ask, only one is told so; the others use what there is. */
  private Known claim(Caller caller) {
    Instant time = clock.instant();
    lock.lock();
    try {
      Known now = known.getOrDefault(caller, NOTHING);
      if (!time.isBefore(now.askAfter())) {
        known.put(caller, new Known(now.info(), time.plus(ASK_AGAIN)));
      }
      return now;
    } finally {
      lock.unlock();
    }
  }

  private Known find(Caller caller) {
    lock.lock();
    try {
      return known.getOrDefault(caller, NOTHING);
    } finally {
      lock.unlock();
    }
  }

  private void remember(Caller caller, Known what) {
    lock.lock();
    try {
      known.put(caller, what);
    } finally {
      lock.unlock();
    }
  }

  /** Slices keep the whole message they came in alive. */
  private static JsonObject detached(JsonObject object) {
    return object.toJson().asObject().orElseThrow();
  }
}
