package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * How soon a child that came up and died is replaced: the first at once, then after a pause that
 * doubles with each crash, until there has been none for a while. Each account has its own, or one
 * caller's poisonous call would keep everybody's child away. Thread-safe.
 */
final class Respawn {
  private static final long STEADY = Duration.ofSeconds(60).toNanos();
  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final int MOST_DOUBLINGS = 8; // 25.6 s, and up to half as much again by chance
  private static final int MOST_ACCOUNTS = 1_000;

  private final LongSupplier nanos;
  private final DoubleSupplier chance;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Optional<Caller>, Crashes> crashes = new LinkedHashMap<>();

  private record Crashes(int count, long last, long notBefore) {}

  /**
   * @param chance from 0 to 1, so that many children which died of one cause do not come back at
   *     the same moment
   */
  Respawn(LongSupplier nanos, DoubleSupplier chance) {
    this.nanos = nanos;
    this.chance = chance;
  }

  void crashed(Optional<Caller> account) {
    long now = nanos.getAsLong();
    lock.lock();
    try {
      crashes.values().removeIf(old -> now - old.last() > STEADY);
      if (crashes.size() >= MOST_ACCOUNTS) {
        crashes.remove(crashes.keySet().iterator().next());
      }
      int count = 1 + Optional.ofNullable(crashes.get(account)).map(Crashes::count).orElse(0);
      crashes.put(account, new Crashes(count, now, now + pause(count)));
    } finally {
      lock.unlock();
    }
  }

  private long pause(int count) {
    if (count < 2) {
      return 0;
    }
    long pause = FIRST_PAUSE << Math.min(count - 2, MOST_DOUBLINGS);
    return pause + (long) (pause / 2.0 * chance.getAsDouble());
  }

  /** How long the next start of the account has to wait, in nanoseconds. */
  long wait(Optional<Caller> account) {
    lock.lock();
    try {
      Optional<Crashes> known = Optional.ofNullable(crashes.get(account));
      return known.map(some -> Math.max(0, some.notBefore() - nanos.getAsLong())).orElse(0L);
    } finally {
      lock.unlock();
    }
  }
}
