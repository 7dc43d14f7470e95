package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The children of one server: one for each scope, and for each set of abilities of its clients
 * where the server is legacy. Their number is bounded: a full pool ends a child that is idle, or
 * refuses. Thread-safe; a child is started and ended outside the lock, and started on a thread of
 * its own, so that an exchange which leaves meanwhile need not see it through.
 */
final class ChildPool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ChildPool.class.getName());
  private final UpstreamOptions.Sharing sharing;
  private final Starter starter;
  private final LongSupplier nanos;
  private final StartBreaker breaker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ChildSlot.Key, ChildSlot> slots = new HashMap<>();
  private Optional<Spare> spare = Optional.empty();
  private int ending;
  private boolean closed;

  /** Makes a child that is ready, for whoever shares the scope. */
  interface Starter {
    Conversation start(Scope scope, ClientProfile profile)
        throws StartException, InterruptedException;
  }

  /** A child that no caller has used yet. */
  private record Spare(ClientProfile profile, Conversation child, long since) {}

  ChildPool(UpstreamOptions.Sharing sharing, Starter starter, LongSupplier nanos) {
    this.sharing = sharing;
    this.starter = starter;
    this.nanos = nanos;
    breaker = new StartBreaker(nanos);
  }

  /** Takes in a child that was started before there was a caller; the first that fits gets it. */
  void adopt(ClientProfile profile, Conversation child) {
    lock.lock();
    try {
      spare = Optional.of(new Spare(profile, child, nanos.getAsLong()));
    } finally {
      lock.unlock();
    }
  }

  /** The child of a scope, started first if need be. */
  Borrowed borrow(Scope scope, ClientProfile profile, Cancellation cancellation) {
    ChildSlot.Key key = new ChildSlot.Key(scope, profile);
    try {
      return switch (reserve(key)) {
        case Place.Taken taken -> await(taken.slot(), cancellation);
        case Place.Free free -> {
          Thread.ofVirtual().name("sallyport-start").start(() -> fill(free));
          yield await(free.slot(), cancellation);
        }
        case Place.None none -> new Borrowed.Full();
        case Place.Closed gone -> new Borrowed.Broken();
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Borrowed.Broken();
    }
  }

  /** Where a child for a key is, or can be. */
  private sealed interface Place {
    record Taken(ChildSlot slot) implements Place {}

    /** Reserved for whoever asked; what stood there has to be ended first. */
    record Free(ChildSlot slot, List<Conversation> toEnd) implements Place {}

    record None() implements Place {}

    record Closed() implements Place {}
  }

  private Place reserve(ChildSlot.Key key) {
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

  private Borrowed await(ChildSlot slot, Cancellation cancellation) throws InterruptedException {
    boolean settled = false;
    try {
      settled = slot.await(cancellation);
    } finally {
      if (!settled) {
        giveBack(slot);
      }
    }
    if (!settled) {
      return new Borrowed.Cancelled();
    }
    Optional<Conversation> child = slot.child();
    if (child.isPresent()) {
      return new Borrowed.Lent(child.get(), () -> giveBack(slot));
    }
    giveBack(slot);
    return new Borrowed.Broken();
  }

  private void fill(Place.Free free) {
    ChildSlot slot = free.slot();
    try {
      // Before the new one starts, or there would be one too many for a while.
      endAll(free.toEnd());
      if (!begin(slot) || breaker.isOpen()) {
        return;
      }
      Conversation child = starter.start(slot.key.scope(), slot.key.profile());
      breaker.succeeded();
      if (!accept(slot, child)) {
        child.close();
      }
    } catch (StartException e) {
      breaker.failed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The pool is being closed.
    } finally {
      settle(slot);
    }
  }

  /** False when the pool is closed, so that there is nothing to start. */
  private boolean begin(ChildSlot slot) {
    lock.lock();
    try {
      slot.starter = Optional.of(Thread.currentThread());
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean accept(ChildSlot slot, Conversation child) {
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
  private void settle(ChildSlot slot) {
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

  private void giveBack(ChildSlot slot) {
    lock.lock();
    try {
      slot.leases--;
      slot.lastUsed = nanos.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  private void endAll(List<Conversation> children) {
    for (Conversation child : children) {
      try {
        child.close();
      } catch (RuntimeException e) {
        // The others have to end all the same.
        LOG.log(System.Logger.Level.WARNING, "a child could not be ended", e);
      } finally {
        ended();
      }
    }
  }

  private void ended() {
    lock.lock();
    try {
      ending--;
    } finally {
      lock.unlock();
    }
  }

  /** Ends what has had nothing to do for too long. Returns at once. */
  void retireIdle() {
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
    if (!toEnd.isEmpty()) {
      Thread.ofVirtual().name("sallyport-retire").start(() -> endAll(toEnd));
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

  /** Ends all children at the same time, and returns when they are gone. */
  @Override
  public void close() {
    List<Conversation> toEnd = new ArrayList<>();
    List<ChildSlot> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(slots.values());
      all.forEach(slot -> remove(slot, toEnd));
      evictSpare(toEnd);
    } finally {
      lock.unlock();
    }
    List<Thread> enders =
        toEnd.stream()
            .map(
                child ->
                    Thread.ofVirtual().name("sallyport-close").start(() -> endAll(List.of(child))))
            .toList();
    try {
      for (Thread ender : enders) {
        ender.join();
      }
      for (ChildSlot slot : all) {
        slot.await(); // A start that was interrupted ends its child.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
