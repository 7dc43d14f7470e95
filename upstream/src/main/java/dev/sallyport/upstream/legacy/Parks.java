package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Exchange;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The parked calls of one server: open upstream, with nobody waiting, until the same request comes
 * again with answers. A handle works once, for its own caller and method (MR-08); what became of it
 * is remembered for as long as it could have been used. Thread-safe.
 */
public final class Parks {
  private static final int HANDLE_BYTES = 16;
  private static final int MOST_REMEMBERED = 1_000;

  private final Bounds bounds;
  private final SecureRandom random;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Place> places = new LinkedHashMap<>();

  /**
   * @param perCaller calls one caller may have parked
   * @param total parked calls of everybody
   * @param limit how long an answer may take (MR-09)
   */
  public record Bounds(int perCaller, int total, Duration limit) {
    public static final Bounds DEFAULT = new Bounds(16, 200, Duration.ofMinutes(10));
  }

  /** What a handle leads to. */
  sealed interface Claim {
    record Found(Parked parked) implements Claim {}

    /** Nothing of this caller's; says no more on purpose. */
    record Unknown() implements Claim {}

    record Used() implements Claim {}

    /** It took too long, or the server has gone meanwhile; what it had done is done. */
    record Lost() implements Claim {}
  }

  record Parked(LegacyConversation child, LegacyCall call) {}

  private enum State {
    WAITING,
    USED,
    LOST
  }

  /** Of a call that is over only the owner is remembered, and that for a while. */
  private record Place(
      Caller caller, String method, State state, Optional<Parked> parked, long until) {
    static Place waiting(Parked parked, long until) {
      LegacyCall call = parked.call();
      return new Place(call.caller(), call.method(), State.WAITING, Optional.of(parked), until);
    }

    Place become(State other, long rememberedUntil) {
      return new Place(caller, method, other, Optional.empty(), rememberedUntil);
    }

    boolean belongsTo(Exchange exchange) {
      return caller.equals(exchange.caller()) && method.equals(exchange.method());
    }

    boolean holdsOneOf(Collection<LegacyCall> calls) {
      return parked.filter(place -> calls.contains(place.call())).isPresent();
    }
  }

  public Parks(Bounds bounds, SecureRandom random, LongSupplier nanos) {
    this.bounds = bounds;
    this.random = random;
    this.nanos = nanos;
  }

  /** The handle to come back with; empty when too many are parked. */
  Optional<String> park(Parked parked) {
    byte[] bytes = new byte[HANDLE_BYTES];
    random.nextBytes(bytes);
    String handle = HexFormat.of().formatHex(bytes);
    lock.lock();
    try {
      List<Place> waiting = waiting();
      Caller caller = parked.call().caller();
      long own = waiting.stream().filter(place -> place.caller().equals(caller)).count();
      if (waiting.size() >= bounds.total() || own >= bounds.perCaller()) {
        return Optional.empty();
      }
      forgetOldest();
      places.put(handle, Place.waiting(parked, until()));
      return Optional.of(handle);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a parked call out, for the exchange that answers its questions. */
  Claim claim(String handle, Exchange exchange) {
    lock.lock();
    try {
      Place place = places.get(handle);
      if (place == null || !place.belongsTo(exchange)) {
        return new Claim.Unknown();
      }
      return switch (place.state()) {
        case WAITING -> {
          places.put(handle, place.become(State.USED, place.until()));
          yield new Claim.Found(place.parked().orElseThrow());
        }
        case USED -> new Claim.Used();
        case LOST -> new Claim.Lost();
      };
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives up what has waited too long. Returns at once: a server that does not read holds up the
   * end of its own calls only.
   */
  public void expire() {
    takeExpired().forEach(Parks::abandon);
  }

  /** Gives up what nobody will answer any more, if it still waits. Returns at once. */
  void giveUp(String handle) {
    Optional<Parked> parked;
    lock.lock();
    try {
      parked = Optional.ofNullable(places.get(handle)).flatMap(Place::parked);
      if (parked.isPresent()) {
        places.computeIfPresent(handle, (_, place) -> place.become(State.LOST, until()));
      }
    } finally {
      lock.unlock();
    }
    parked.ifPresent(Parks::abandon);
  }

  private static void abandon(Parked parked) {
    Thread.ofVirtual().name("sallyport-expire").start(() -> parked.child().abandon(parked.call()));
  }

  private List<Parked> takeExpired() {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      List<Parked> expired = new ArrayList<>();
      for (Iterator<Map.Entry<String, Place>> each = places.entrySet().iterator();
          each.hasNext(); ) {
        Map.Entry<String, Place> entry = each.next();
        Place place = entry.getValue();
        if (now - place.until() >= 0) {
          if (place.state() == State.WAITING) {
            expired.add(place.parked().orElseThrow());
            entry.setValue(place.become(State.LOST, until()));
          } else {
            each.remove();
          }
        }
      }
      return expired;
    } finally {
      lock.unlock();
    }
  }

  /** A child is gone, and with it what was parked there. */
  void lose(Collection<LegacyCall> calls) {
    lock.lock();
    try {
      places.replaceAll(
          (handle, place) ->
              place.holdsOneOf(calls) ? place.become(State.LOST, place.until()) : place);
    } finally {
      lock.unlock();
    }
  }

  public int parked() {
    lock.lock();
    try {
      return waiting().size();
    } finally {
      lock.unlock();
    }
  }

  private long until() {
    return nanos.getAsLong() + bounds.limit().toNanos();
  }

  private List<Place> waiting() {
    return places.values().stream().filter(place -> place.state() == State.WAITING).toList();
  }

  private void forgetOldest() {
    Iterator<Place> each = places.values().iterator();
    while (places.size() >= MOST_REMEMBERED + bounds.total() && each.hasNext()) {
      if (each.next().state() != State.WAITING) {
        each.remove();
      }
    }
  }
}
