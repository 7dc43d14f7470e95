package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Who has which child of a server, and who may have one more. Their number is bounded: when all
 * places are taken a child that is idle goes, or there is no place. A child that is being ended
 * takes a place until it is gone. Only keeps the books, under one lock: whoever asks starts and
 * ends the children. Thread-safe.
 */
final class ChildPlaces {
  private final UpstreamOptions.Sharing sharing;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ChildSlot.Key, ChildSlot> slots = new HashMap<>();
  private Optional<Spare> spare = Optional.empty();
  private int ending;
  private boolean closed;

  /** A child that no caller has used yet. */
  private record Spare(ClientProfile profile, Conversation child, long since) {}

  /** What is left to do for whoever closes. */
  record Left(List<Conversation> toEnd, List<ChildSlot> slots) {}

  ChildPlaces(UpstreamOptions.Sharing sharing, LongSupplier nanos) {
    this.sharing = sharing;
    this.nanos = nanos;
  }

  void adopt(ClientProfile profile, Conversation child) {
    lock.lock();
    try {
      spare = Optional.of(new Spare(profile, child, nanos.getAsLong()));
    } finally {
      lock.unlock();
    }
  }

  /** Where a child for a key is, or can be. */
  sealed interface Place {
    record Taken(ChildSlot slot) implements Place {}

    /** Reserved for whoever asked; what stood there has to be ended first. */
    record Free(ChildSlot slot, List<Conversation> toEnd) implements Place {}

    record None() implements Place {}

    record Closed() implements Place {}
  }

  /** Finds the place for a key, or makes one. */
  Place reserve(ChildSlot.Key key) {
    lock.lock();
    try {
      if (closed) {
        return new Place.Closed();
      }
      slots.values().removeIf(ChildSlot::isDead);
      spare = spare.filter(some -> some.child().alive());
      ChildSlot slot = slots.get(key);
      if (slot != null) {
        slot.leases++;
        return new Place.Taken(slot);
      }
      return place(key);
    } finally {
      lock.unlock();
    }
  }

  private Place place(ChildSlot.Key key) {
    ChildSlot fresh = new ChildSlot(key);
    fresh.leases = 1;
    Optional<Spare> fitting = spare.filter(some -> some.profile().equals(key.profile()));
    if (fitting.isPresent()) {
      spare = Optional.empty();
      fresh.ready(fitting.get().child());
      fresh.settle();
      slots.put(key, fresh);
      return new Place.Taken(fresh);
    }
    List<Conversation> toEnd = new ArrayList<>();
    Caller caller = key.scope().caller();
    long own =
        slots.keySet().stream().filter(other -> other.scope().caller().equals(caller)).count();
    if (own >= sharing.childrenPerCaller() && !evict(Optional.of(caller), toEnd)) {
      return new Place.None();
    }
    // What was taken out a line above is ended before the new child starts, so its place is free.
    int all = slots.size() + ending + (spare.isPresent() ? 1 : 0) - toEnd.size();
    if (all >= sharing.children() && !evictSpare(toEnd) && !evict(Optional.empty(), toEnd)) {
      return new Place.None();
    }
    slots.put(key, fresh);
    return new Place.Free(fresh, toEnd);
  }

  private boolean evictSpare(List<Conversation> toEnd) {
    spare.ifPresent(some -> toEnd.add(some.child()));
    boolean had = spare.isPresent();
    spare = Optional.empty();
    ending += had ? 1 : 0;
    return had;
  }

  /** Takes out the child that has been idle for longest, of one caller or of any. */
  private boolean evict(Optional<Caller> caller, List<Conversation> toEnd) {
    Optional<ChildSlot> victim =
        slots.values().stream()
            .filter(slot -> caller.isEmpty() || slot.key.scope().caller().equals(caller.get()))
            .filter(ChildSlot::isIdle)
            .min(Comparator.comparingLong(slot -> slot.lastUsed));
    victim.ifPresent(slot -> remove(slot, toEnd));
    return victim.isPresent();
  }

  private void remove(ChildSlot slot, List<Conversation> toEnd) {
    slots.remove(slot.key, slot);
    Optional<Conversation> child = slot.child();
    if (child.isPresent()) {
      toEnd.add(child.get());
      ending++;
    } else {
      slot.starter.ifPresent(Thread::interrupt); // The pool is being closed.
    }
  }

  /** False when the pool is closed, so that there is nothing to start. */
  boolean begin(ChildSlot slot) {
    lock.lock();
    try {
      slot.starter = Optional.of(Thread.currentThread());
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** False when the pool was closed meanwhile, so that the child is not wanted. */
  boolean accept(ChildSlot slot, Conversation child) {
    lock.lock();
    try {
      if (!closed) {
        slot.ready(child);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits for the same child learns how its start went; a failed one leaves no trace. */
  void settle(ChildSlot slot) {
    lock.lock();
    try {
      if (slot.child().isEmpty()) {
        slots.remove(slot.key, slot);
      }
      slot.starter = Optional.empty();
      slot.settle();
    } finally {
      lock.unlock();
    }
  }

  void giveBack(ChildSlot slot) {
    lock.lock();
    try {
      slot.leases--;
      slot.lastUsed = nanos.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  /** One of those to be ended is gone. */
  void ended() {
    lock.lock();
    try {
      ending--;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what has had nothing to do for too long, for the caller to end. */
  List<Conversation> retireIdle() {
    List<Conversation> toEnd = new ArrayList<>();
    lock.lock();
    try {
      long before = nanos.getAsLong() - sharing.idle().toNanos();
      List<ChildSlot> idle =
          slots.values().stream()
              .filter(slot -> slot.isIdle() && slot.lastUsed - before <= 0)
              .toList();
      idle.forEach(slot -> remove(slot, toEnd));
      if (spare.filter(some -> some.since() - before <= 0).isPresent()) {
        evictSpare(toEnd);
      }
    } finally {
      lock.unlock();
    }
    return toEnd;
  }

  /** Takes out everything, and interrupts the starts. There is no place from now on. */
  Left close() {
    List<Conversation> toEnd = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      List<ChildSlot> all = List.copyOf(slots.values());
      all.forEach(slot -> remove(slot, toEnd));
      evictSpare(toEnd);
      return new Left(toEnd, all);
    } finally {
      lock.unlock();
    }
  }

  /** How many there are, and are being started or ended. */
  int size() {
    lock.lock();
    try {
      return slots.size() + ending + (spare.isPresent() ? 1 : 0);
    } finally {
      lock.unlock();
    }
  }
}
