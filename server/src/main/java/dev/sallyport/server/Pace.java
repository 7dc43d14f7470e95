package dev.sallyport.server;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets progress reports through as the protocol wants them: rising (PR-03), and no flood (PR-05). A
 * short series passes whole; of a long one so many a second. Thread-safe.
 */
final class Pace {
  private static final int AT_ONCE = 100;
  private static final long NANOS_EACH = 20_000_000;

  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private double last = Double.NEGATIVE_INFINITY;
  private long credit = AT_ONCE * NANOS_EACH;
  private long before;

  Pace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.before = nanoTime.getAsLong();
  }

  boolean admits(double progress) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      credit = Math.min(AT_ONCE * NANOS_EACH, credit + (now - before));
      before = now;
      if (!(progress > last) || credit < NANOS_EACH) {
        return false;
      }
      credit -= NANOS_EACH;
      last = progress;
      return true;
    } finally {
      lock.unlock();
    }
  }
}
