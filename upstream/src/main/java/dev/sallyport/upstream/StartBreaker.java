package dev.sallyport.upstream;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps a server that does not come up from being started for every call: after a few failures in a
 * row, callers are turned away at once for a growing while. One for all scopes, because every child
 * of a server is started alike, by the same command with the same environment: what fails for one
 * fails for all. Thread-safe.
 */
final class StartBreaker {
  private static final int FREE_TRIES = 3;
  private static final long FIRST_WAIT = Duration.ofMillis(500).toNanos();
  private static final int MOST_DOUBLINGS = 6;

  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private int failures;
  private long openUntil;

  StartBreaker(LongSupplier nanos) {
    this.nanos = nanos;
  }

  boolean isOpen() {
    lock.lock();
    try {
      return failures >= FREE_TRIES && nanos.getAsLong() - openUntil < 0;
    } finally {
      lock.unlock();
    }
  }

  void succeeded() {
    lock.lock();
    try {
      failures = 0;
    } finally {
      lock.unlock();
    }
  }

  void failed() {
    lock.lock();
    try {
      failures++;
      int doublings = Math.clamp(failures - FREE_TRIES, 0, MOST_DOUBLINGS);
      openUntil = nanos.getAsLong() + (FIRST_WAIT << doublings);
    } finally {
      lock.unlock();
    }
  }
}
