package dev.sallyport.gateway;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How often a caller may come (SH-23). How much it may hold at a time is the endpoint's business.
 * One token bucket a caller; the table of callers is bounded, and a full bucket is forgotten before
 * anybody is turned away. Thread-safe.
 */
public final class Limits {
  private volatile Bounds bounds;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Caller, Bucket> buckets = new LinkedHashMap<>();

  /**
   * @param nanos a monotonic clock, {@link System#nanoTime} outside tests
   */
  public Limits(Bounds bounds, LongSupplier nanos) {
    this.bounds = bounds;
    this.nanos = nanos;
  }

  /**
   * How often.
   *
   * @param perSecond requests of one caller in the long run
   * @param burst requests of one caller at once after a pause
   * @param callers callers known at a time
   */
  public record Bounds(int perSecond, int burst, int callers) {
    public static final Bounds DEFAULT = new Bounds(1_000, 2_000, 10_000);

    public Bounds {
      if (perSecond < 1 || burst < 1 || callers < 1) {
        throw new IllegalArgumentException("every limit is at least 1");
      }
    }
  }

  /** Other bounds from now on; what a caller has left stays, within them. */
  void change(Bounds other) {
    bounds = other;
  }

  /** Empty when one more request of the caller is taken in. */
  public Optional<Refusal> admit(Caller caller) {
    long now = nanos.getAsLong();
    lock.lock();
    try {
      Bucket bucket = buckets.get(caller);
      if (bucket == null) {
        if (buckets.size() >= bounds.callers() && !makeRoom(now)) {
          return Optional.of(
              turned(Refusal.Reason.UNAVAILABLE, "Too many callers at once; try again shortly", 5));
        }
        bucket = new Bucket(bounds.burst(), now);
        buckets.put(caller, bucket);
      }
      return bucket.take(now);
    } finally {
      lock.unlock();
    }
  }

  /** Callers remembered. */
  int callers() {
    lock.lock();
    try {
      return buckets.size();
    } finally {
      lock.unlock();
    }
  }

  private boolean makeRoom(long now) {
    return buckets.values().removeIf(bucket -> bucket.isFull(now));
  }

  private static Refusal turned(Refusal.Reason reason, String message, long seconds) {
    return Refusal.of(reason, message).retryAfter(Duration.ofSeconds(seconds));
  }

  /** What one caller may still spend. Guarded by the lock of the table. */
  private final class Bucket {
    private double tokens;
    private long refilled;

    Bucket(double tokens, long now) {
      this.tokens = tokens;
      this.refilled = now;
    }

    Optional<Refusal> take(long now) {
      refill(now);
      if (tokens >= 1) {
        tokens--;
        return Optional.empty();
      }
      long wait = (long) Math.ceil((1 - tokens) / bounds.perSecond());
      return Optional.of(
          turned(Refusal.Reason.TOO_MANY_REQUESTS, "Too many requests; slow down", wait));
    }

    boolean isFull(long now) {
      refill(now);
      return tokens >= bounds.burst();
    }

    private void refill(long now) {
      tokens = Math.min(bounds.burst(), tokens + (now - refilled) / 1e9 * bounds.perSecond());
      refilled = now;
    }
  }
}
