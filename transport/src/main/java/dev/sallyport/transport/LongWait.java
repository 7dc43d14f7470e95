package dev.sallyport.transport;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits on a condition with a limit that hardly ever runs out. For a timed wait of a virtual thread
 * the JDK wakes a thread that plans its end, and that again when it is called off: switches of
 * context that every request would pay for a limit of a minute. Here one thread looks at all who
 * wait, a few times a second. Thread-safe.
 */
public final class LongWait {
  private static final long TICK_MILLIS = 250;

  /** Shorter waits are exact. */
  private static final long SHORT = TimeUnit.SECONDS.toNanos(1);

  private static final long FOR_EVER = Duration.ofDays(365).toNanos();

  private static final Set<LongWait> WAITING = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock;
  private final Condition condition;
  private final long due;

  private LongWait(ReentrantLock lock, Condition condition, long due) {
    this.lock = lock;
    this.condition = condition;
    this.due = due;
  }

  /** Started by the first who waits. */
  private static final class Clock {
    static final Thread THREAD =
        Thread.ofPlatform().daemon(true).name("sallyport-clock").start(LongWait::tick);

    private Clock() {}
  }

  /**
   * To be called in a loop, since it may return early: as {@link Condition#awaitNanos}, except that
   * the end of a wait of a second or more may be noticed a quarter of a second late.
   *
   * @param lock the condition's, held by the caller
   * @return what is left of the time; none, or less, when it ran out
   */
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's, who knows what it waits for
  public static long await(ReentrantLock lock, Condition condition, long nanos)
      throws InterruptedException {
    if (nanos < SHORT) {
      return condition.awaitNanos(nanos);
    }
    if (nanos > FOR_EVER) {
      condition.await();
      return nanos;
    }
    LongWait wait = new LongWait(lock, condition, System.nanoTime() + nanos);
    WAITING.add(wait);
    try {
      if (!Clock.THREAD.isAlive()) {
        return condition.awaitNanos(nanos);
      }
      condition.await();
    } finally {
      WAITING.remove(wait);
    }
    return wait.due - System.nanoTime();
  }

  private static void tick() {
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (!never.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        for (LongWait wait : WAITING) {
          if (now - wait.due >= 0) {
            wait.end();
          }
        }
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    lock.lock();
    try {
      condition.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
