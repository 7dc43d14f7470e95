package dev.sallyport.transport.outbound;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * Gives each call a connection: one that is free and surely still wanted by its server, a new one,
 * or the next to become free. Ours, because the engine's own uses a connection right up to the
 * moment its server closes it, and looks names up again. Thread-safe: a lock round the books, and
 * everything else on the loops.
 */
final class Pool implements AutoCloseable {
  /** How late the end of a wait, or of an idle connection, is noticed. */
  private static final long SWEEP_MILLIS = 250;

  private final Vertx vertx;
  private final OutboundOptions options;
  private final Connector connector;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final Map<String, Place> places = new HashMap<>();
  private boolean sweeping;
  private boolean closed;

  Pool(Vertx vertx, OutboundOptions options, Connector connector, LongSupplier nanos) {
    this.vertx = vertx;
    this.options = options;
    this.connector = connector;
    this.nanos = nanos;
  }

  long now() {
    return nanos.getAsLong();
  }

  /** How long a connection without a call is kept when its server names no time. */
  Duration keepAlive() {
    return options.keepAlive();
  }

  void admit(Dispatch dispatch) {
    String origin = dispatch.way().url().origin();
    boolean secure = dispatch.way().url().secure();
    List<Step> steps;
    boolean sweep = false;
    lock.lock();
    try {
      if (closed) {
        steps = List.of(new Step.Fail(dispatch, OutboundFault.closed()));
      } else {
        steps =
            places
                .computeIfAbsent(origin, name -> new Place(secure, options))
                .admit(dispatch, now());
        sweep = !sweeping;
        sweeping = true;
      }
    } finally {
      lock.unlock();
    }
    if (sweep) {
      vertx.setTimer(SWEEP_MILLIS, timer -> sweep());
    }
    carryOut(origin, steps);
  }

  /**
   * The call's request is over.
   *
   * @param goodUntil until when the connection may be used again; now, when it may not
   */
  void release(Link link, long goodUntil) {
    change(link.origin(), place -> place.released(link, goodUntil, now()));
  }

  /** The call wants nothing any more, and has written nothing. */
  void giveBack(Link link) {
    change(link.origin(), place -> place.unused(link, now()));
  }

  /** Whether the call still waited, and no longer does. */
  boolean abandon(Dispatch dispatch) {
    lock.lock();
    try {
      return Optional.ofNullable(places.get(dispatch.way().url().origin()))
          .map(place -> place.abandon(dispatch))
          .orElse(false);
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  int count(ToIntFunction<Place> what) {
    lock.lock();
    try {
      return places.values().stream().mapToInt(what).sum();
    } finally {
      lock.unlock();
    }
  }

  private void change(String origin, Function<Place, List<Step>> change) {
    List<Step> steps;
    lock.lock();
    try {
      steps = Optional.ofNullable(places.get(origin)).map(change).orElse(List.of());
      if (closed) {
        settled.signalAll();
      }
    } finally {
      lock.unlock();
    }
    carryOut(origin, steps);
  }

  private void carryOut(String origin, List<Step> steps) {
    for (Step step : steps) {
      switch (step) {
        case Step.Carry(Dispatch dispatch) -> dispatch.carry();
        case Step.Fail(Dispatch dispatch, OutboundFault fault) -> dispatch.fail(fault);
        case Step.Open(Way way) -> open(origin, way);
        case Step.Close(Link link) -> link.connection().close();
      }
    }
  }

  private void open(String origin, Way way) {
    try {
      connector.connect(
          way,
          new Connector.Taker() {
            @Override
            public void made(Link link) {
              take(origin, link);
            }

            @Override
            public void failed(OutboundFault fault) {
              change(origin, place -> place.failed(fault));
            }
          });
    } catch (RejectedExecutionException closing) {
      change(origin, place -> place.failed(OutboundFault.closed()));
    }
  }

  private void take(String origin, Link link) {
    HttpClientConnection connection = link.connection();
    if (isClosed()) {
      connection.close();
      change(origin, place -> place.failed(OutboundFault.closed()));
      return;
    }
    change(origin, place -> place.opened(link, now()));
    connection.closeHandler(end -> change(origin, place -> place.gone(link)));
    connection.shutdownHandler(end -> change(origin, place -> place.left(link)));
    // Its calls are told as well; it can carry no more.
    connection.exceptionHandler(told -> change(origin, place -> place.left(link)));
    if (!link.isAlive()) {
      // It ended before anybody listened for its end.
      change(origin, place -> place.gone(link));
    }
  }

  private void sweep() {
    Map<String, List<Step>> steps = new HashMap<>();
    boolean again;
    lock.lock();
    try {
      Iterator<Map.Entry<String, Place>> each = places.entrySet().iterator();
      while (each.hasNext()) {
        Map.Entry<String, Place> entry = each.next();
        steps.put(entry.getKey(), entry.getValue().sweep(now()));
        if (entry.getValue().isEmpty()) {
          each.remove();
        }
      }
      again = !places.isEmpty() && !closed;
      sweeping = again;
    } finally {
      lock.unlock();
    }
    steps.forEach(this::carryOut);
    if (again) {
      vertx.setTimer(SWEEP_MILLIS, timer -> sweep());
    }
  }

  /** Nobody gets a connection any more. Those that are open end with the engine's client. */
  @Override
  public void close() {
    List<Step> steps = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      places.values().forEach(place -> steps.addAll(place.close()));
    } finally {
      lock.unlock();
    }
    carryOut("", steps);
  }

  /**
   * Waits until no connection is about to be made: one that is made while the loops end is never
   * closed.
   */
  void awaitOpenings(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    lock.lock();
    try {
      while (places.values().stream().anyMatch(Place::isOpening)) {
        long left = end - System.nanoTime();
        if (left <= 0 || settled.awaitNanos(left) <= 0) {
          return;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
