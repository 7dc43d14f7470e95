package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Caller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that all sessions of an endpoint together keep for sending again, of which one caller gets
 * a part only: nobody's streams are cut short for what somebody else left unread. Thread-safe.
 */
final class ReplayBudget {
  private static final int PARTS = 4;

  private final AtomicLong kept = new AtomicLong();
  private final Map<Caller, Long> byCaller = new ConcurrentHashMap<>();
  private final long most;

  ReplayBudget(long most) {
    this.most = most;
  }

  /** What one caller's sessions keep. Nothing is remembered of a caller who keeps nothing. */
  final class Share {
    private final Caller caller;

    private Share(Caller caller) {
      this.caller = caller;
    }

    void add(long bytes) {
      kept.addAndGet(bytes);
      byCaller.merge(caller, bytes, (before, more) -> before + more == 0 ? null : before + more);
    }

    boolean isOverdrawn() {
      return kept.get() > most || byCaller.getOrDefault(caller, 0L) > most / PARTS;
    }
  }

  Share of(Caller caller) {
    return new Share(caller);
  }

  long kept() {
    return kept.get();
  }
}
