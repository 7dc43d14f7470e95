package dev.sallyport.upstream;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Log;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * The conversations with one server: one for each scope, and for each set of abilities of its
 * clients where the server is legacy. One of a command has a process of its own, a child; one of a
 * URL may have a session. Each is begun on a thread of its own, so that an exchange which leaves
 * meanwhile need not see it through. Thread-safe.
 */
final class ConversationPool implements AutoCloseable {
  private static final Log LOG = Log.of(ConversationPool.class);

  /** A call waits this long for the pause after a crash, or for its turn to start; no longer. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Starter starter;
  private final IntConsumer parked;
  private final StartBreaker breaker;
  private final Respawn respawn;
  private final StartPace pace;
  private final Occupancy places;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean preparing = new AtomicBoolean();
  private volatile ClientProfile lastProfile = ClientProfile.NONE;

  /** Makes a child that is ready, for whoever shares the scope. */
  interface Starter {
    Conversation start(ClientProfile profile) throws StartException, InterruptedException;
  }

  /**
   * @param parked told when the server is given up but for a try now and then, after so many starts
   * @param chance from 0 to 1
   */
  ConversationPool(
      Sharing sharing,
      Starter starter,
      IntConsumer parked,
      StartBreaker breaker,
      LongSupplier nanos,
      DoubleSupplier chance) {
    this.parked = parked;
    this.starter = starter;
    this.breaker = breaker;
    respawn = new Respawn(nanos, chance);
    pace = new StartPace(nanos);
    places = new Occupancy(sharing, nanos, respawn);
  }

  /** Takes in a child that was started before there was a caller; the first that fits gets it. */
  void adopt(ClientProfile profile, Conversation child) {
    if (!places.adopt(profile, child)) {
      child.close();
    }
  }

  /** The child of a scope, started first if need be. */
  Borrowed borrow(Slot.Key key, Cancellation cancellation) {
    try {
      return switch (places.reserve(key, () -> mayStart(key), cancellation)) {
        case Occupancy.Place.Taken taken -> await(taken.slot(), cancellation);
        case Occupancy.Place.Free free -> {
          Thread.ofVirtual().name("sallyport-start").start(() -> fill(free));
          yield await(free.slot(), cancellation);
        }
        case Occupancy.Place.None none ->
            cancellation.isCancelled() ? new Borrowed.Cancelled() : new Borrowed.Full();
        case Occupancy.Place.Resting resting -> new Borrowed.Broken();
        case Occupancy.Place.Over over -> {
          endOrphaned();
          yield new Borrowed.Over();
        }
        case Occupancy.Place.Closed gone -> new Borrowed.Broken();
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Borrowed.Broken();
    }
  }

  private boolean mayStart(Slot.Key key) {
    return !breaker.isOpen() && respawn.wait(key.scope().account()) <= LONGEST_PAUSE.toNanos();
  }

  private Borrowed await(Slot slot, Cancellation cancellation) throws InterruptedException {
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

  private void fill(Occupancy.Place.Free free) {
    Slot slot = free.slot();
    try {
      // Before the new one starts, or there would be one too many for a while.
      endAll(free.toEnd());
      slot.end = slot.key.scope().life().map(this::endWith);
      if (!places.begin(slot) || !awaitTurn(slot.key.scope()) || !breaker.tryStart()) {
        return;
      }
      lastProfile = slot.key.profile();
      Conversation child = starter.start(slot.key.profile());
      breaker.succeeded();
      if (!places.accept(slot, child)) {
        child.close();
      }
    } catch (StartException e) {
      failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The pool is being closed, or the session is over.
    } finally {
      places.settle(slot);
      if (slot.child().isEmpty()) {
        slot.end.ifPresent(Cancellation.Registration::close);
      }
      endOrphaned();
    }
  }

  private void failed(StartException why) {
    if (breaker.failed(why)) {
      parked.accept(breaker.standing().failures());
    }
  }

  /** False when its turn to be started is too far away for anybody to wait for it. */
  private boolean awaitTurn(Scope scope) throws InterruptedException {
    long wait = respawn.wait(scope.account());
    if (wait > LONGEST_PAUSE.toNanos()) {
      return false;
    }
    long paced = Math.max(wait, pace.next(scope.account(), LONGEST_PAUSE.toNanos()));
    return paced <= LONGEST_PAUSE.toNanos()
        && (paced == 0 || !closed.await(paced, TimeUnit.NANOSECONDS));
  }

  /** What a session has does not outlive it. */
  private Cancellation.Registration endWith(ClientSession session) {
    return session.onEnd(() -> endSoon(places.release(session)));
  }

  private void endOrphaned() {
    for (ClientSession session : places.orphaned()) {
      try {
        session.end();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a session could not be ended", e);
      } finally {
        places.forget(session);
      }
    }
  }

  private void endSoon(List<Conversation> children) {
    if (!children.isEmpty()) {
      Thread.ofVirtual().name("sallyport-retire").start(() -> endAll(children));
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

  /** Looks after what nobody asks for: idle and dead children, the spare. Returns at once. */
  void goRound() {
    endSoon(places.retireIdle());
    endOrphaned();
    if (places.wantsWarmSpare() && !breaker.isOpen() && preparing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("sallyport-spare").start(this::prepareSpare);
    }
  }

  private void prepareSpare() {
    try {
      ClientProfile profile = lastProfile;
      if (pace.next(Optional.empty(), 0) == 0 && breaker.tryStart()) {
        adopt(profile, starter.start(profile));
        breaker.succeeded();
      }
    } catch (StartException e) {
      failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      preparing.set(false);
    }
  }

  StartBreaker.Standing standing() {
    return breaker.standing();
  }

  Slots.Snapshot snapshot() {
    return places.snapshot();
  }

  /** How many there are, and are being started or ended. */
  int size() {
    return places.size();
  }

  /** Ends all children at the same time, and returns when they are gone. */
  @Override
  public void close() {
    closed.countDown();
    Occupancy.Left left = places.close();
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
      for (Slot slot : left.slots()) {
        slot.await(); // A start that was interrupted ends its child.
      }
      places.awaitEnded(); // Also what was being ended before.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
