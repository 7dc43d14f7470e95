package dev.sallyport.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.access.PeerNetwork;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * How often a peer may come, and all of them together. Peers of one IPv6 network of 64 bits are
 * one, because it has as many addresses as it likes. Thread-safe.
 */
final class Pace {
  private static final int MOST_PEERS = 10_000;
  private static final double MINUTE = 60e9;

  private final int ofOne;
  private final int ofAll;
  private final LongSupplier nanos;
  private final AtomicReference<Budget> all;
  private final Cache<Long, AtomicReference<Budget>> peers =
      Caffeine.newBuilder().maximumSize(MOST_PEERS).executor(Runnable::run).build();

  private record Budget(double left, long at) {
    Budget refilled(int aMinute, long now) {
      return new Budget(Math.min(aMinute, left + (now - at) / MINUTE * aMinute), now);
    }

    Budget spent(int aMinute, long now) {
      Budget full = refilled(aMinute, now);
      return full.left < 1 ? full : new Budget(full.left - 1, now);
    }
  }

  /**
   * @param ofOne requests of one peer in a minute, and at once after a pause
   * @param ofAll requests of all of them
   * @param nanos a monotonic clock
   */
  Pace(int ofOne, int ofAll, LongSupplier nanos) {
    this.ofOne = ofOne;
    this.ofAll = ofAll;
    this.nanos = nanos;
    all = new AtomicReference<>(new Budget(ofAll, nanos.getAsLong()));
  }

  /** Whether it may come once more. */
  boolean take(InetAddress peer) {
    AtomicReference<Budget> own =
        peers.get(
            PeerNetwork.of(peer), _ -> new AtomicReference<>(new Budget(ofOne, nanos.getAsLong())));
    // One peer that comes too often takes nothing of what there is for all.
    return take(own, ofOne) && take(all, ofAll);
  }

  private boolean take(AtomicReference<Budget> budget, int aMinute) {
    long now = nanos.getAsLong();
    Budget before = budget.getAndUpdate(known -> known.spent(aMinute, now));
    return before.refilled(aMinute, now).left() >= 1;
  }
}
