package dev.sallyport.upstream;

import dev.sallyport.upstream.wire.StartException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Keeps a server that does not come up from being started for every call: after a few failures in a
 * row, callers are turned away at once for a growing while, and after many the server is parked,
 * with one try now and then. One for all scopes, because every child of a server is started alike,
 * by the same command with the same environment: what fails for one fails for all. Thread-safe.
 */
final class StartBreaker {
  private static final int FREE_TRIES = 3;
  private static final int TRIES = 10;
  private static final long FIRST_WAIT = Duration.ofMillis(500).toNanos();

  private final long parked;
  private final LongSupplier nanos;
  private final DoubleSupplier chance;
  private final ReentrantLock lock = new ReentrantLock();
  private int failures;
  private long openUntil;
  private Optional<StartException> last = Optional.empty();

  /**
   * How it stands.
   *
   * @param parked whether it is given up but for a try now and then
   * @param failures starts that failed in a row
   * @param next when the next try is due; zero when it may be made now
   * @param last why the last one failed
   */
  record Standing(boolean parked, int failures, Duration next, Optional<StartException> last) {}

  /**
   * @param parked between two tries, once the server is given up but for them
   * @param chance from 0 to 1
   */
  StartBreaker(Duration parked, LongSupplier nanos, DoubleSupplier chance) {
    this.parked = parked.toNanos();
    this.nanos = nanos;
    this.chance = chance;
  }

  boolean isOpen() {
    lock.lock();
    try {
      return isResting();
    } finally {
      lock.unlock();
    }
  }

  private boolean isResting() {
    return failures >= FREE_TRIES && nanos.getAsLong() - openUntil < 0;
  }

  /**
   * Whether a start may be made now. Once it has failed a few times only one is let through at a
   * time: the others would all wait for what it will find out.
   */
  boolean tryStart() {
    lock.lock();
    try {
      if (isResting()) {
        return false;
      }
      if (failures >= FREE_TRIES) {
        openUntil = nanos.getAsLong() + pause();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  Standing standing() {
    lock.lock();
    try {
      long left = failures >= FREE_TRIES ? Math.max(0, openUntil - nanos.getAsLong()) : 0;
      return new Standing(failures >= TRIES, failures, Duration.ofNanos(left), last);
    } finally {
      lock.unlock();
    }
  }

  void succeeded() {
    lock.lock();
    try {
      failures = 0;
      last = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the server is parked by it. */
  boolean failed(StartException why) {
    lock.lock();
    try {
      failures++;
      last = Optional.of(why);
      openUntil = nanos.getAsLong() + pause();
      return failures == TRIES;
    } finally {
      lock.unlock();
    }
  }

  /** Before it is parked, the longest is half of a minute. */
  private long pause() {
    long growing = FIRST_WAIT << Math.clamp(failures - FREE_TRIES, 0, TRIES);
    long pause = failures >= TRIES ? parked : Math.min(growing, parked);
    return pause + (long) (pause / 5.0 * chance.getAsDouble());
  }
}
