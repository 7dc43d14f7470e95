package dev.sallyport.access.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.access.PeerNetwork;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * How many tokens that nobody has seen a peer may have checked: a signature costs a thousand times
 * what it costs to send one. What turns out to be good is given back. Peers of one IPv6 network of
 * 64 bits are one, because it has as many addresses as it likes. Thread-safe.
 */
final class PeerPace {
  /** At once, after a pause. */
  static final int BURST = 60;

  static final int PER_SECOND = 20;
  private static final int MOST_PEERS = 10_000;

  private final LongSupplier nanos;
  private final Cache<Long, AtomicReference<Budget>> peers =
      Caffeine.newBuilder().maximumSize(MOST_PEERS).executor(Runnable::run).build();

  private record Budget(double left, long at) {
    Budget refilled(long now) {
      return new Budget(Math.min(BURST, left + (now - at) / 1e9 * PER_SECOND), now);
    }

    Budget plus(double more) {
      return new Budget(Math.min(BURST, left + more), at);
    }
  }

  /**
   * @param nanos a monotonic clock
   */
  PeerPace(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether one more may be checked; counts it if so. */
  boolean take(InetAddress peer) {
    long now = nanos.getAsLong();
    Budget before =
        budget(peer)
            .getAndUpdate(
                budget -> {
                  Budget full = budget.refilled(now);
                  return full.left() < 1 ? full : full.plus(-1);
                });
    return before.refilled(now).left() >= 1;
  }

  /** Whether one more could be. */
  boolean mayTake(InetAddress peer) {
    return budget(peer).get().refilled(nanos.getAsLong()).left() >= 1;
  }

  void giveBack(InetAddress peer) {
    budget(peer).updateAndGet(budget -> budget.plus(1));
  }

  private AtomicReference<Budget> budget(InetAddress peer) {
    return peers.get(
        PeerNetwork.of(peer), _ -> new AtomicReference<>(new Budget(BURST, nanos.getAsLong())));
  }
}
