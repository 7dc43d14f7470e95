package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.downstream.legacy.EventLog.Kept;
import dev.sallyport.downstream.legacy.EventLog.Link;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The event streams of one session. Whoever says something appends to a stream's log; whoever holds
 * a connection takes from it, in order, each event once. So a client that lost its connection goes
 * on where it was (LH-16), and each message is on exactly one stream (LH-14).
 *
 * <p>What belongs to no call waits in a set where a newer message replaces its like, until a
 * standing stream takes it (mcp-reference 2.5). The lock is never held round I/O. Thread-safe.
 */
final class SessionStreams implements AutoCloseable {
  /** How far a slow connection may be behind before those who write to it wait. */
  private static final int MOST_BEHIND = 32;

  // A stream and a place in it; more digits than these cannot be ours.
  private static final Pattern EVENT_ID = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})");

  private final ReentrantLock lock = new ReentrantLock();
  private final EventLogs logs;
  private final Coalesced changes;
  private final Clock clock;
  private long opened;
  private boolean closed;

  SessionStreams(SessionLimits limits, ReplayBudget.Share budget, Clock clock) {
    this.logs = new EventLogs(limits, budget);
    // One for each kind of list, and one for each resource subscribed to.
    this.changes = new Coalesced(3 + limits.subscriptions());
    this.clock = clock;
  }

  /** A stream with the connection that carries it from now on. */
  record Attached(EventLog log, Link link) {}

  /** What a connection should do next. */
  sealed interface Step {
    record Send(Kept event) implements Step {}

    /** Say when to come back, and close: the stream goes on (LH-09). */
    record Pause() implements Step {}

    /** The stream has ended or the connection is not wanted any more. */
    record End() implements Step {}
  }

  // ---- opening

  /** Opens the stream of a call. Their number is bounded by the calls in progress. */
  Attached openForCall() {
    lock.lock();
    try {
      logs.makeRoom(clock.instant());
      return open(false);
    } finally {
      lock.unlock();
    }
  }

  /** Opens a stream for what belongs to no call; empty when there are too many. */
  Optional<Attached> openStanding() {
    lock.lock();
    try {
      return !closed && logs.makeRoom(clock.instant()) ? Optional.of(open(true)) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Attached open(boolean standing) {
    EventLog log = new EventLog(++opened, standing, lock.newCondition(), clock.instant());
    logs.put(log);
    Link link = new Link(1);
    log.link = Optional.of(link);
    return new Attached(log, link);
  }

  /**
   * Goes on with a stream after an event the client has (LH-16). A connection that still carries it
   * is one the client has given up.
   *
   * @return empty when the id is none of ours, or what followed it is not kept any more
   */
  Optional<Attached> resume(String lastEventId) {
    Matcher id = EVENT_ID.matcher(lastEventId);
    if (!id.matches()) {
      return Optional.empty();
    }
    lock.lock();
    try {
      logs.forgetStale(clock.instant());
      long next = Long.parseLong(id.group(2)) + 1;
      return logs.get(Long.parseLong(id.group(1)))
          .filter(log -> log.canContinueAt(next))
          .map(log -> takeOver(log, next));
    } finally {
      lock.unlock();
    }
  }

  private static Attached takeOver(EventLog log, long next) {
    log.link.ifPresent(old -> old.cut = true);
    Link link = new Link(next);
    log.link = Optional.of(link);
    log.changed.signalAll();
    return new Attached(log, link);
  }

  // ---- writing

  /**
   * Says something on a stream. Waits while a connection carries it and is far behind.
   *
   * @param last whether the stream ends with it; it can still be fetched for a while
   * @return false when nobody will ever read it
   */
  boolean append(EventLog log, byte[] data, boolean last) {
    lock.lock();
    try {
      while (!log.ended && isFarBehind(log)) {
        log.changed.await();
      }
      if (log.ended) {
        return false;
      }
      log.ended = last;
      log.quietSince = clock.instant();
      add(log, data);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a stream; what was said on it can still be fetched for a while. */
  void end(EventLog log) {
    lock.lock();
    try {
      log.ended = true;
      log.quietSince = clock.instant();
      log.changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the connection of a stream go once everything so far is sent. */
  void pause(EventLog log) {
    lock.lock();
    try {
      log.link.ifPresent(link -> link.pausing = true);
      log.changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says something that belongs to no call.
   *
   * @param name an earlier message of the same name that nobody took yet is replaced by this one
   */
  boolean tell(String name, byte[] data) {
    lock.lock();
    try {
      if (closed || !changes.put(name, data)) {
        return false;
      }
      wakeNewestStanding();
      return true;
    } finally {
      lock.unlock();
    }
  }

  // ---- carrying

  /** Waits for what the connection has to do next. */
  Step next(Attached carried) {
    EventLog log = carried.log();
    Link link = carried.link();
    lock.lock();
    try {
      while (true) {
        if (link.cut) {
          return new Step.End();
        }
        Optional<Kept> event = log.firstFrom(link.cursor);
        if (event.isPresent()) {
          return new Step.Send(event.get());
        }
        if (log.ended) {
          return new Step.End();
        }
        if (link.pausing) {
          return new Step.Pause();
        }
        if (!takeChange(log)) {
          log.changed.await();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Step.End();
    } finally {
      lock.unlock();
    }
  }

  private boolean takeChange(EventLog log) {
    if (logs.newestStanding().filter(log::equals).isEmpty()) {
      return false;
    }
    Optional<byte[]> change = changes.take();
    change.ifPresent(data -> add(log, data));
    return change.isPresent();
  }

  private void wakeNewestStanding() {
    logs.newestStanding().ifPresent(log -> log.changed.signalAll());
  }

  /** The connection took an event. */
  void sent(Attached carried, Kept event) {
    lock.lock();
    try {
      carried.link().cursor = event.sequence() + 1;
      logs.trim(carried.log());
      carried.log().changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The connection is gone; the stream is not (LH-17). */
  void detach(Attached carried) {
    EventLog log = carried.log();
    lock.lock();
    try {
      carried.link().cut = true;
      if (log.link.filter(carried.link()::equals).isPresent()) {
        log.link = Optional.empty();
        log.quietSince = clock.instant();
        logs.trim(log);
      }
      log.changed.signalAll();
      wakeNewestStanding();
    } finally {
      lock.unlock();
    }
  }

  boolean isConnected() {
    lock.lock();
    try {
      return logs.any(log -> log.link.isPresent());
    } finally {
      lock.unlock();
    }
  }

  // ---- bounds

  private void add(EventLog log, byte[] data) {
    logs.add(log, data);
    log.changed.signalAll();
  }

  private boolean isFarBehind(EventLog log) {
    if (log.link.isEmpty()) {
      return false;
    }
    long behind = log.next - log.link.get().cursor;
    return behind >= MOST_BEHIND || (behind > 0 && logs.isFull());
  }

  void forgetStale(Instant now) {
    lock.lock();
    try {
      logs.forgetStale(now);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the standing streams. Those of calls end with their calls. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changes.clear();
      logs.end();
    } finally {
      lock.unlock();
    }
  }
}
