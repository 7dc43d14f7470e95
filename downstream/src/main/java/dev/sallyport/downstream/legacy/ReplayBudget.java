package dev.sallyport.downstream.legacy;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all sessions of an endpoint together keep for sending again. Thread-safe. */
final class ReplayBudget {
  private final AtomicLong kept = new AtomicLong();
  private final long most;

  ReplayBudget(long most) {
    this.most = most;
  }

  void add(long bytes) {
    kept.addAndGet(bytes);
  }

  boolean isOverdrawn() {
    return kept.get() > most;
  }

  long kept() {
    return kept.get();
  }
}
