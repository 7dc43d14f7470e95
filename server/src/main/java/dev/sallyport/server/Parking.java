package dev.sallyport.server;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Method;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls that wait for answers, by a handle nobody can guess. How many may wait and how long is
 * bounded, because nobody has to answer (MR-09). Thread-safe.
 */
final class Parking {
  private static final int HANDLE_BYTES = 16;

  private final Limits limits;
  private final SecureRandom random;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Parked> parked = new HashMap<>();
  private boolean closed;

  /**
   * @param first what the call began with
   */
  private record Parked(Run run, Exchange first) {
    /** Whether an exchange asks for the same thing for the same caller (MR-07, MR-13). */
    boolean belongsTo(Exchange other) {
      return first.caller().equals(other.caller())
          && first.method().equals(other.method())
          && target(first).equals(target(other));
    }

    private static Optional<String> target(Exchange exchange) {
      return Method.of(exchange.method())
          .flatMap(Method::target)
          .flatMap(name -> exchange.params().string(name));
    }
  }

  Parking(Limits limits, SecureRandom random) {
    this.limits = limits;
    this.random = random;
  }

  Duration patience() {
    return limits.answerWithin();
  }

  /**
   * @throws NoAnswer when too many calls wait already, or the server is ending
   */
  String add(Run run, Exchange first) {
    byte[] bits = new byte[HANDLE_BYTES];
    random.nextBytes(bits);
    String handle = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    lock.lock();
    try {
      if (closed) {
        throw new NoAnswer("The server is ending");
      }
      long own =
          parked.values().stream()
              .filter(other -> other.first().caller().equals(first.caller()))
              .count();
      if (own >= limits.openCallsPerCaller() || parked.size() >= limits.openCalls()) {
        throw new NoAnswer("Too many calls are waiting for answers; answer those first");
      }
      parked.put(handle, new Parked(run, first));
    } finally {
      lock.unlock();
    }
    return handle;
  }

  /** The run that a handle names, for an exchange that it belongs to. */
  Optional<Run> find(String handle, Exchange exchange) {
    lock.lock();
    try {
      return Optional.ofNullable(parked.get(handle))
          .filter(one -> one.belongsTo(exchange))
          .map(Parked::run);
    } finally {
      lock.unlock();
    }
  }

  void remove(String handle) {
    lock.lock();
    try {
      parked.remove(handle);
    } finally {
      lock.unlock();
    }
  }

  /** Gives up every call that waits, and lets none wait any more. */
  void close() {
    List<Parked> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(parked.values());
    } finally {
      lock.unlock();
    }
    all.forEach(one -> one.run().drop());
  }
}
