package dev.sallyport.upstream;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The children of one server: one for each scope, and for each set of abilities of its clients
 * where the server is legacy. A child is started on a thread of its own, so that an exchange which
 * leaves meanwhile need not see it through. Thread-safe.
 */
final class ChildPool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ChildPool.class.getName());
  private final Starter starter;
  private final StartBreaker breaker;
  private final ChildPlaces places;

  /** Makes a child that is ready, for whoever shares the scope. */
  interface Starter {
    Conversation start(Scope scope, ClientProfile profile)
        throws StartException, InterruptedException;
  }

  ChildPool(UpstreamOptions.Sharing sharing, Starter starter, LongSupplier nanos) {
    this.starter = starter;
    breaker = new StartBreaker(nanos);
    places = new ChildPlaces(sharing, nanos);
  }

  /** Takes in a child that was started before there was a caller; the first that fits gets it. */
  void adopt(ClientProfile profile, Conversation child) {
    places.adopt(profile, child);
  }

  /** The child of a scope, started first if need be. */
  Borrowed borrow(Scope scope, ClientProfile profile, Cancellation cancellation) {
    ChildSlot.Key key = new ChildSlot.Key(scope, profile);
    try {
      return switch (places.reserve(key)) {
        case ChildPlaces.Place.Taken taken -> await(taken.slot(), cancellation);
        case ChildPlaces.Place.Free free -> {
          Thread.ofVirtual().name("sallyport-start").start(() -> fill(free));
          yield await(free.slot(), cancellation);
        }
        case ChildPlaces.Place.None none -> new Borrowed.Full();
        case ChildPlaces.Place.Closed gone -> new Borrowed.Broken();
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Borrowed.Broken();
    }
  }

  private Borrowed await(ChildSlot slot, Cancellation cancellation) throws InterruptedException {
    boolean settled = false;
    try {
      settled = slot.await(cancellation);
    } finally {
      if (!settled) {
        places.giveBack(slot);
      }
    }
    if (!settled) {
      return new Borrowed.Cancelled();
    }
    Optional<Conversation> child = slot.child();
    if (child.isPresent()) {
      return new Borrowed.Lent(child.get(), () -> places.giveBack(slot));
    }
    places.giveBack(slot);
    return new Borrowed.Broken();
  }

  private void fill(ChildPlaces.Place.Free free) {
    ChildSlot slot = free.slot();
    try {
      // Before the new one starts, or there would be one too many for a while.
      endAll(free.toEnd());
      if (!places.begin(slot) || breaker.isOpen()) {
        return;
      }
      Conversation child = starter.start(slot.key.scope(), slot.key.profile());
      breaker.succeeded();
      if (!places.accept(slot, child)) {
        child.close();
      }
    } catch (StartException e) {
      breaker.failed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The pool is being closed.
    } finally {
      places.settle(slot);
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
        places.ended();
      }
    }
  }

  /** Ends what has had nothing to do for too long. Returns at once. */
  void retireIdle() {
    List<Conversation> toEnd = places.retireIdle();
    if (!toEnd.isEmpty()) {
      Thread.ofVirtual().name("sallyport-retire").start(() -> endAll(toEnd));
    }
  }

  /** How many there are, and are being started or ended. */
  int size() {
    return places.size();
  }

  /** Ends all children at the same time, and returns when they are gone. */
  @Override
  public void close() {
    ChildPlaces.Left left = places.close();
    List<Thread> enders =
        left.toEnd().stream()
            .map(
                child ->
                    Thread.ofVirtual().name("sallyport-close").start(() -> endAll(List.of(child))))
            .toList();
    try {
      for (Thread ender : enders) {
        ender.join();
      }
      for (ChildSlot slot : left.slots()) {
        slot.await(); // A start that was interrupted ends its child.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
