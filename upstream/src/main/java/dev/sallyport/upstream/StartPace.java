package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How fast children may be started, all together and on one caller's account: a burst, then a
 * steady rate. Says how long to wait and counts on it that whoever asked does. Thread-safe.
 */
final class StartPace {
  private static final int MOST_ACCOUNTS = 1_000;

  private final Rate all;
  private final Rate each;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();

  /** By when each would be due if everything came evenly; one long is all there is to remember. */
  private final Map<Optional<Caller>, Long> due = new LinkedHashMap<>();

  private long allDue;

  /**
   * @param every the steady distance between two
   * @param burst how many may come at once after a pause
   */
  record Rate(Duration every, int burst) {
    static final Rate ALL = new Rate(Duration.ofMillis(20), 100);
    static final Rate EACH = new Rate(Duration.ofMillis(100), 20);

    private long slack() {
      return every.toNanos() * (burst - 1);
    }
  }

  StartPace(LongSupplier nanos) {
    this(Rate.ALL, Rate.EACH, nanos);
  }

  StartPace(Rate all, Rate each, LongSupplier nanos) {
    this.all = all;
    this.each = each;
    this.nanos = nanos;
    allDue = nanos.getAsLong();
  }

  /**
   * How long this start has to wait; zero as a rule. One that would have to wait for longer than it
   * can is not counted.
   */
  long next(Optional<Caller> account, long longest) {
    long now = nanos.getAsLong();
    lock.lock();
    try {
      forgetRested(now);
      long ownDue = later(due.getOrDefault(account, now), now);
      allDue = later(allDue, now);
      long wait = Math.max(allDue - now - all.slack(), ownDue - now - each.slack());
      if (wait <= longest) {
        due.put(account, ownDue + each.every().toNanos());
        allDue += all.every().toNanos();
      }
      return Math.max(0, wait);
    } finally {
      lock.unlock();
    }
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  private void forgetRested(long now) {
    if (due.size() >= MOST_ACCOUNTS) {
      due.values().removeIf(when -> when - now <= 0);
    }
    if (due.size() >= MOST_ACCOUNTS) {
      due.remove(due.keySet().iterator().next());
    }
  }
}
