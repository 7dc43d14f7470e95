package dev.sallyport.downstream.legacy;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/**
 * One event stream of a session: what was said on it, and the connection that carries it now, if
 * any. Everything in it is guarded by the lock of its {@link SessionStreams}.
 */
final class EventLog {
  final long number;

  /** Whether a client opened it to hear of what belongs to no call. */
  final boolean standing;

  /** Signalled on every change of what is here. */
  final Condition changed;

  final ArrayDeque<Kept> kept = new ArrayDeque<>();
  long next = 1;
  boolean ended;
  Optional<Link> link = Optional.empty();

  /** Since when nobody is connected. */
  Instant quietSince;

  EventLog(long number, boolean standing, Condition changed, Instant now) {
    this.number = number;
    this.standing = standing;
    this.changed = changed;
    this.quietSince = now;
  }

  /** An event that can still be sent, or sent again. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Kept(long sequence, byte[] data) {}

  /** A connection and how far it got. */
  static final class Link {
    long cursor;
    boolean cut;
    boolean pausing;

    Link(long cursor) {
      this.cursor = cursor;
    }
  }

  Optional<Kept> firstFrom(long sequence) {
    for (Kept event : kept) {
      if (event.sequence() >= sequence) {
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  /** Whether everything a client may still want from there on can be given, or will be. */
  boolean canContinueAt(long sequence) {
    return sequence <= next
        && (kept.isEmpty() ? sequence == next : kept.getFirst().sequence() <= sequence);
  }

  /** What the connection has not been given yet must not be dropped. */
  boolean mayForgetFirst() {
    return !kept.isEmpty() && (link.isEmpty() || kept.getFirst().sequence() < link.get().cursor);
  }

  /** Nobody carries it, and nobody will write to it any more. */
  boolean isDone() {
    return link.isEmpty() && (ended || standing);
  }

  /**
   * The name of an event for the client; unique in the session, and it tells the stream (LH-15).
   */
  String eventId(long sequence) {
    return number + "." + sequence;
  }
}
