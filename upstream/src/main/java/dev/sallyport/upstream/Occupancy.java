package dev.sallyport.upstream;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who has which conversation with a server, and who may have one more; who may not waits in line
 * for a while. Only keeps the books, under one lock: whoever asks begins and ends conversations.
 * Thread-safe.
 */
final class Occupancy {
  private final Sharing sharing;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Slots slots;
  private final WaitingLine line = new WaitingLine();
  private boolean closed;

  /** What is left to do for whoever closes. */
  record Left(List<Conversation> toEnd, List<Slot> slots) {}

  Occupancy(Sharing sharing, LongSupplier nanos, Respawn respawn) {
    this.sharing = sharing;
    this.nanos = nanos;
    slots = new Slots(sharing, respawn, nanos);
  }

  /** Where a child for a key is, or can be. */
  sealed interface Place {
    record Taken(Slot slot) implements Place {}

    /**
     * Reserved for whoever asked; what stood there has to be ended first. Has a child already when
     * there was a spare one.
     */
    record Free(Slot slot, List<Conversation> toEnd) implements Place {}

    record None() implements Place {}

    /** There would be one, but nothing may be started now. */
    record Resting() implements Place {}

    /** The session has ended, or lost what it had here. */
    record Over() implements Place {}

    record Closed() implements Place {}
  }

  /** Finds the place for a key, or makes one; while there is none, waits in line. */
  Place reserve(Slot.Key key, BooleanSupplier mayStart, Cancellation cancellation)
      throws InterruptedException {
    WaitingLine.Ticket ticket = new WaitingLine.Ticket(key.scope().account());
    lock.lock();
    try {
      Place place = reserveNow(key, mayStart, ticket);
      if (!(place instanceof Place.None)) {
        return place;
      }
    } finally {
      lock.unlock();
    }
    try (Cancellation.Registration _ = cancellation.onCancel(() -> locked(changed::signalAll))) {
      return reserveInLine(key, mayStart, ticket, cancellation);
    }
  }

  private Place reserveInLine(
      Slot.Key key, BooleanSupplier mayStart, WaitingLine.Ticket ticket, Cancellation cancellation)
      throws InterruptedException {
    long left = sharing.patience().toNanos();
    lock.lockInterruptibly();
    try {
      Place place = reserveNow(key, mayStart, ticket);
      while (place instanceof Place.None
          && left > 0
          && !cancellation.isCancelled()
          && line.join(ticket)) {
        left = changed.awaitNanos(left);
        place = reserveNow(key, mayStart, ticket);
      }
      return place;
    } finally {
      line.leave(ticket);
      changed.signalAll(); // There may be room for the next one too.
      lock.unlock();
    }
  }

  private Place reserveNow(Slot.Key key, BooleanSupplier mayStart, WaitingLine.Ticket ticket) {
    if (closed) {
      return new Place.Closed();
    }
    Optional<Slot> known = slots.find(key);
    if (slots.isOver(key.scope())) {
      return new Place.Over();
    }
    if (known.isPresent()) {
      known.get().leases++;
      return new Place.Taken(known.get());
    }
    if (!mayStart.getAsBoolean()) {
      return new Place.Resting(); // Or somebody's child would be ended for nothing.
    }
    if (line.precedes(ticket, slots::held, slots::mayHaveMore)) {
      return new Place.None();
    }
    List<Conversation> toEnd = new ArrayList<>();
    Optional<Slot> made = slots.place(key, toEnd);
    if (made.isEmpty()) {
      return new Place.None();
    }
    made.get().leases = 1;
    return new Place.Free(made.get(), toEnd);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  /** False when there is nothing to start: the place is gone, or has a child already. */
  boolean begin(Slot slot) {
    lock.lock();
    try {
      slot.starter = Optional.of(Thread.currentThread());
      return isWanted(slot) && slot.child().isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private boolean isWanted(Slot slot) {
    return !closed && slots.holds(slot);
  }

  /** False when the place is gone meanwhile, so that the child is not wanted. */
  boolean accept(Slot slot, Conversation child) {
    lock.lock();
    try {
      boolean wanted = isWanted(slot);
      if (wanted) {
        slot.ready(child);
      }
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits for the same child learns how its start went; a failed one leaves no trace. */
  void settle(Slot slot) {
    lock.lock();
    try {
      if (slot.child().isEmpty()) {
        slots.forget(slot);
        changed.signalAll();
      }
      slot.starter = Optional.empty();
      slot.settle();
    } finally {
      lock.unlock();
    }
  }

  void giveBack(Slot slot) {
    lock.lock();
    try {
      slot.leases--;
      slot.lastUsed = nanos.getAsLong();
      if (slot.leases == 0 && !line.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One of those to be ended is gone. */
  void ended() {
    locked(
        () -> {
          slots.ended();
          changed.signalAll();
        });
  }

  /**
   * Takes in a child that was started before there was a caller for it.
   *
   * @return false when there is one already, or no place for it
   */
  boolean adopt(ClientProfile profile, Conversation child) {
    return locked(
        () -> {
          boolean wanted = !closed && slots.wantsSpare();
          if (wanted) {
            slots.adopt(profile, child, nanos.getAsLong());
          }
          return wanted;
        });
  }

  /** Whether one more child is to be kept ready for whoever comes next. */
  boolean wantsWarmSpare() {
    return locked(() -> sharing.warmSpare() && !closed && line.isEmpty() && slots.wantsSpare());
  }

  /** Takes out what a session had, for the caller to end. */
  List<Conversation> release(ClientSession session) {
    List<Conversation> toEnd = new ArrayList<>();
    locked(() -> slots.release(session, toEnd));
    return toEnd;
  }

  /** The sessions whose child is gone: they are over. */
  List<ClientSession> orphaned() {
    return locked(slots::orphaned);
  }

  /** It has been ended. */
  void forget(ClientSession session) {
    locked(() -> slots.forget(session));
  }

  /** Waits until all that were taken out are gone; each has its own limit. */
  void awaitEnded() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (slots.isEnding()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what died, and what has had nothing to do for too long, for the caller to end. */
  List<Conversation> retireIdle() {
    List<Conversation> toEnd = new ArrayList<>();
    locked(
        () -> {
          slots.buryDead();
          slots.retireUnused(nanos.getAsLong() - sharing.idle().toNanos(), toEnd);
          changed.signalAll(); // What became idle by itself has told nobody.
        });
    return toEnd;
  }

  /** Takes out everything, and interrupts the starts. There is no place from now on. */
  Left close() {
    List<Conversation> toEnd = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      List<Slot> all = slots.clear(toEnd);
      changed.signalAll();
      return new Left(toEnd, all);
    } finally {
      lock.unlock();
    }
  }

  Slots.Snapshot snapshot() {
    return locked(() -> slots.snapshot(line.size()));
  }

  /** How many there are, and are being started or ended. */
  int size() {
    return locked(slots::size);
  }
}
