package dev.sallyport.upstream;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A place for one conversation; the lock of {@link Occupancy} guards the fields that say nothing
 * else.
 */
final class Slot {
  final Key key;

  /** Exchanges that hold the child, or wait for it. */
  int leases;

  /** When the last of them gave it back. */
  long lastUsed;

  /** Ends the child with its session. */
  Optional<Cancellation.Registration> end = Optional.empty();

  /** Who is starting the child. */
  Optional<Thread> starter = Optional.empty();

  private final CountDownLatch settled = new CountDownLatch(1);
  private final Set<CountDownLatch> waiting = ConcurrentHashMap.newKeySet();
  private volatile Optional<Conversation> child = Optional.empty();

  /** Whose child it is, and what the client it was greeted for can do. */
  record Key(Scope scope, ClientProfile profile) {}

  Slot(Key key) {
    this.key = key;
  }

  void ready(Conversation conversation) {
    child = Optional.of(conversation);
  }

  /** It is known how the start went. */
  void settle() {
    settled.countDown();
    waiting.forEach(CountDownLatch::countDown);
  }

  /** Waits until it is known how the start went. */
  void await() throws InterruptedException {
    settled.await();
  }

  /**
   * As {@link #await()}, for an exchange, which does not wait on once nobody wants it.
   *
   * @return false when it was cancelled first
   */
  boolean await(Cancellation cancellation) throws InterruptedException {
    if (settled.getCount() == 0) {
      return true; // As nearly always; nothing is registered then.
    }
    CountDownLatch either = new CountDownLatch(1);
    waiting.add(either);
    try (Cancellation.Registration _ = cancellation.onCancel(either::countDown)) {
      if (settled.getCount() > 0) {
        either.await();
      }
      return settled.getCount() == 0;
    } finally {
      waiting.remove(either);
    }
  }

  Optional<Conversation> child() {
    return child;
  }

  boolean isIdle() {
    return leases == 0 && child.filter(some -> !some.busy()).isPresent();
  }

  boolean isDead() {
    return child.filter(some -> !some.alive()).isPresent();
  }
}
