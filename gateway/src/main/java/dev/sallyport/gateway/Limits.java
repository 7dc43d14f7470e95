package dev.sallyport.gateway;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whether one more call, or one more stream, of a caller is taken in (SH-23). Rates are token
 * buckets, one a caller; the table of callers is bounded, and a caller without calls, streams or a
 * debt is forgotten. Thread-safe.
 */
public final class Limits {
  private final Bounds bounds;
  private final LongSupplier nanos;
  private final ConcurrentMap<Caller, Account> accounts = new ConcurrentHashMap<>();
  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param nanos a monotonic clock, {@link System#nanoTime} outside tests
   */
  public Limits(Bounds bounds, LongSupplier nanos) {
    this.bounds = bounds;
    this.nanos = nanos;
  }

  /**
   * How much is taken in.
   *
   * @param callsPerSecond of one caller, in the long run
   * @param burst calls of one caller at once after a pause
   * @param concurrentPerCaller calls of one caller in progress
   * @param concurrent calls of everybody in progress
   * @param listensPerCaller notification streams of one caller
   * @param callers callers known at a time
   */
  public record Bounds(
      int callsPerSecond,
      int burst,
      int concurrentPerCaller,
      int concurrent,
      int listensPerCaller,
      int callers) {
    public static final Bounds DEFAULT = new Bounds(500, 1_000, 256, 2_048, 32, 10_000);

    public Bounds {
      if (callsPerSecond < 1
          || burst < 1
          || concurrentPerCaller < 1
          || concurrent < 1
          || listensPerCaller < 1
          || callers < 1) {
        throw new IllegalArgumentException("every limit is at least 1");
      }
    }
  }

  /** The answer to one request for admission. */
  public sealed interface Admission {
    /** Taken in; closing it gives the place back. */
    record Admitted(Runnable leave) implements Admission, AutoCloseable {
      @Override
      public void close() {
        leave.run();
      }
    }

    record Turned(Refusal refusal) implements Admission {}
  }

  public Admission admitCall(Caller caller) {
    if (running.incrementAndGet() > bounds.concurrent()) {
      running.decrementAndGet();
      return turned(
          Refusal.Reason.UNAVAILABLE,
          "Too many requests in progress; try again shortly",
          Duration.ofSeconds(1));
    }
    Admission admission = enter(caller, Account::call);
    return switch (admission) {
      case Admission.Turned turned -> {
        running.decrementAndGet();
        yield turned;
      }
      case Admission.Admitted admitted ->
          new Admission.Admitted(
              () -> {
                running.decrementAndGet();
                admitted.close();
              });
    };
  }

  public Admission admitListen(Caller caller) {
    return enter(caller, Account::listen);
  }

  /** Calls in progress. */
  public int running() {
    return running.get();
  }

  /** Callers with an account. */
  int callers() {
    return accounts.size();
  }

  private interface Entry {
    Admission enter(Account account);
  }

  private Admission enter(Caller caller, Entry entry) {
    while (true) {
      if (!accounts.containsKey(caller) && accounts.size() >= bounds.callers()) {
        accounts.values().forEach(Account::forgetIfIdle);
        if (accounts.size() >= bounds.callers()) {
          return turned(
              Refusal.Reason.UNAVAILABLE,
              "Too many callers at once; try again shortly",
              Duration.ofSeconds(5));
        }
      }
      Account account = accounts.computeIfAbsent(caller, Account::new);
      account.lock.lock();
      try {
        // An account forgotten in between is made anew; only idle ones are, so this ends.
        if (!account.gone) {
          return entry.enter(account);
        }
      } finally {
        account.lock.unlock();
      }
    }
  }

  private static Admission turned(Refusal.Reason reason, String message, Duration wait) {
    return new Admission.Turned(Refusal.of(reason, message).retryAfter(wait));
  }

  /** What one caller has in progress and may still spend. Every field is guarded by the lock. */
  private final class Account {
    private final Caller caller;
    private final ReentrantLock lock = new ReentrantLock();
    private double tokens = bounds.burst();
    private long refilled = nanos.getAsLong();
    private int calls;
    private int listens;
    private boolean gone;

    Account(Caller caller) {
      this.caller = caller;
    }

    Admission call() {
      refill();
      if (tokens < 1) {
        double wait = (1 - tokens) / bounds.callsPerSecond();
        return turned(
            Refusal.Reason.TOO_MANY_REQUESTS,
            "Too many requests; slow down",
            Duration.ofSeconds((long) Math.ceil(wait)));
      }
      if (calls >= bounds.concurrentPerCaller()) {
        return turned(
            Refusal.Reason.TOO_MANY_REQUESTS,
            "Too many requests in progress; wait for some to end",
            Duration.ofSeconds(1));
      }
      tokens--;
      calls++;
      return new Admission.Admitted(() -> leave(() -> calls--));
    }

    Admission listen() {
      if (listens >= bounds.listensPerCaller()) {
        return turned(
            Refusal.Reason.TOO_MANY_REQUESTS,
            "Too many notification streams; close some first",
            Duration.ofSeconds(1));
      }
      listens++;
      return new Admission.Admitted(() -> leave(() -> listens--));
    }

    private void leave(Runnable step) {
      lock.lock();
      try {
        step.run();
      } finally {
        lock.unlock();
      }
    }

    private void refill() {
      long now = nanos.getAsLong();
      tokens = Math.min(bounds.burst(), tokens + (now - refilled) / 1e9 * bounds.callsPerSecond());
      refilled = now;
    }

    void forgetIfIdle() {
      lock.lock();
      try {
        refill();
        if (calls == 0 && listens == 0 && tokens >= bounds.burst()) {
          gone = true;
          accounts.remove(caller, this);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
