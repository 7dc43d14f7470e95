package dev.sallyport.upstream;

import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A place for one child in the pool, whose lock guards every field but the latch. */
final class ChildSlot {
  final Key key;

  /** Opens once it is known how the start went. */
  final CountDownLatch settled = new CountDownLatch(1);

  /** Exchanges that hold the child. */
  int leases;

  /** When the last of them gave it back. */
  long lastUsed;

  /** Who is starting the child. */
  Optional<Thread> starter = Optional.empty();

  private volatile Optional<Conversation> child = Optional.empty();

  /** Whose child it is, and what the client it was greeted for can do. */
  record Key(Scope scope, ClientProfile profile) {}

  ChildSlot(Key key) {
    this.key = key;
  }

  void ready(Conversation conversation) {
    child = Optional.of(conversation);
    settled.countDown();
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
