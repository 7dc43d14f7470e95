package dev.sallyport.transport.outbound;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How often requests may be made: so many a minute, and as many at once after rest. Thread-safe.
 */
final class FetchPace {
  private static final double MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final int aMinute;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private double left;
  private long since;

  FetchPace(int aMinute, LongSupplier nanos) {
    this.aMinute = aMinute;
    this.nanos = nanos;
    left = aMinute;
    since = nanos.getAsLong();
  }

  /** Whether one more may be made now. */
  boolean take() {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      left = Math.min(aMinute, left + (now - since) * (aMinute / MINUTE_NANOS));
      since = now;
      if (left < 1) {
        return false;
      }
      left--;
      return true;
    } finally {
      lock.unlock();
    }
  }
}
