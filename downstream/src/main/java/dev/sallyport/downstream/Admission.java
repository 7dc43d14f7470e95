package dev.sallyport.downstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what is being carried out, for each caller and in total, and turns away what is too much
 * (SH-23). Holds an entry only for callers with something going on, so the total bounds it.
 * Thread-safe.
 */
public final class Admission {
  /**
   * A place is given back just after its answer was written, so a client that sends its next
   * request at once may be ahead of it. It is waited for that long before anybody is turned away.
   */
  private static final long GRACE_NANOS = Duration.ofMillis(50).toNanos();

  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final Map<Caller, Integer> held = new HashMap<>();
  private final String what;
  private final int perCaller;
  private final int most;
  private int total;

  /** What asking for a place came to. */
  public sealed interface Entry {
    /** A place, to be given back exactly once. */
    record Place(Runnable release) implements Entry, AutoCloseable {
      @Override
      public void close() {
        release.run();
      }
    }

    /** No place: 429 when the caller holds too many, 503 when everybody together does. */
    record Full(Refusal refusal) implements Entry {}
  }

  /**
   * @param what names what is counted, in the plural, for the refusal
   */
  public Admission(String what, int perCaller, int total) {
    this.what = what;
    this.perCaller = perCaller;
    this.most = total;
  }

  /** Never waits. */
  public Entry enter(Caller caller) {
    lock.lock();
    try {
      return enterNow(caller);
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #enter}, after a moment if need be: for a thread that serves one request alone. */
  public Entry enterSoon(Caller caller) {
    long left = GRACE_NANOS;
    lock.lock();
    try {
      Entry entry = enterNow(caller);
      while (entry instanceof Entry.Full && left > 0) {
        left = freed.awaitNanos(left);
        entry = enterNow(caller);
      }
      return entry;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return full(Reason.UNAVAILABLE, "The server is stopping");
    } finally {
      lock.unlock();
    }
  }

  private Entry enterNow(Caller caller) {
    if (total >= most) {
      return full(Reason.UNAVAILABLE, "The server is busy: too many " + what);
    }
    int mine = held.getOrDefault(caller, 0);
    if (mine >= perCaller) {
      return full(Reason.TOO_MANY_REQUESTS, "You have too many " + what + " at a time");
    }
    held.put(caller, mine + 1);
    total++;
    return new Entry.Place(() -> leave(caller));
  }

  /** Places taken now. */
  public int inUse() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Caller caller) {
    lock.lock();
    try {
      held.computeIfPresent(caller, (who, count) -> count == 1 ? null : count - 1);
      total--;
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Entry full(Reason reason, String text) {
    return new Entry.Full(Refusal.of(reason, text).retryAfter(COME_BACK));
  }
}
