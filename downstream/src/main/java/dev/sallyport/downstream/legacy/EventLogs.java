package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.SessionLimits;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The logs of one session, oldest first, and what is kept of them. Guarded by the lock of the
 * {@link SessionStreams} that owns it.
 */
final class EventLogs {
  private final Map<Long, EventLog> byNumber = new LinkedHashMap<>();
  private final SessionLimits limits;
  private final ReplayBudget.Share budget;
  private long bytes;
  private boolean worthKeeping = true;

  EventLogs(SessionLimits limits, ReplayBudget.Share budget) {
    this.limits = limits;
    this.budget = budget;
  }

  void put(EventLog log) {
    byNumber.put(log.number, log);
  }

  Optional<EventLog> get(long number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  boolean any(Predicate<EventLog> what) {
    return byNumber.values().stream().anyMatch(what);
  }

  /** Of several standing streams the newest: an older one may be a lost connection. */
  Optional<EventLog> newestStanding() {
    return byNumber.values().stream()
        .filter(log -> log.standing && !log.ended && log.link.isPresent())
        .reduce((_, newer) -> newer);
  }

  void add(EventLog log, byte[] data) {
    log.kept.add(new EventLog.Kept(log.next++, data));
    bytes += data.length;
    budget.add(data.length);
    trim(log);
  }

  /** Whether nothing more fits while this connection has not taken what is there. */
  boolean isFull() {
    return bytes >= limits.replayBytes();
  }

  /** Drops the oldest: of this stream by number, of all streams by bytes. */
  void trim(EventLog log) {
    while (log.kept.size() > limits.replayEvents() && log.mayForgetFirst()) {
      forgetFirst(log);
    }
    for (EventLog other : byNumber.values()) {
      while (isTooMuch() && other.mayForgetFirst()) {
        forgetFirst(other);
      }
    }
  }

  private boolean isTooMuch() {
    return !worthKeeping || bytes > limits.replayBytes() || budget.isOverdrawn();
  }

  private void forgetFirst(EventLog log) {
    int length = log.kept.removeFirst().data().length;
    bytes -= length;
    budget.add(-length);
  }

  /**
   * Whether there is room for one more stream, if need be by forgetting the oldest finished one.
   */
  boolean makeRoom(Instant now) {
    forgetStale(now);
    if (byNumber.size() < limits.streams()) {
      return true;
    }
    Optional<EventLog> oldest = byNumber.values().stream().filter(EventLog::isDone).findFirst();
    oldest.ifPresent(this::forget);
    return oldest.isPresent();
  }

  void forgetStale(Instant now) {
    Instant stale = now.minus(limits.replayAge());
    byNumber.values().stream()
        .filter(log -> log.isDone() && !log.quietSince.isAfter(stale))
        .toList()
        .forEach(this::forget);
  }

  /** Nobody will come back: standing streams end, and nothing is kept once it was sent. */
  void end() {
    worthKeeping = false;
    for (EventLog log : byNumber.values()) {
      log.ended = log.ended || log.standing;
      log.changed.signalAll();
      trim(log);
    }
  }

  private void forget(EventLog log) {
    byNumber.remove(log.number);
    while (!log.kept.isEmpty()) {
      forgetFirst(log);
    }
  }
}
