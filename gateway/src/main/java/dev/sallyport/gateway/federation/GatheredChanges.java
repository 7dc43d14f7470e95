package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Changes of lists, collected for a moment and told once: servers that come back do so together,
 * and one that says the same a thousand times makes no client ask a thousand times (2.7.9). One
 * thread tells; any may add, and none of them waits.
 */
final class GatheredChanges {
  private static final Duration A_MOMENT = Duration.ofMillis(500);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();

  /** Guarded by the lock. */
  private final Set<Method> changed = EnumSet.noneOf(Method.class);

  void add(Method change) {
    lock.lock();
    try {
      changed.add(change);
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was added until now is told yet, without waiting for more. */
  void end() {
    ended.countDown();
    lock.lock();
    try {
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** Open until the end. */
  CountDownLatch ended() {
    return ended;
  }

  /**
   * Returns once it was ended.
   *
   * @param client may let this thread wait while it is slow; what comes meanwhile is one change
   */
  void tell(Consumer<Message.Notification> client) throws InterruptedException {
    boolean last = false;
    while (!last && awaitNews()) {
      last = ended.await(A_MOMENT.toNanos(), TimeUnit.NANOSECONDS);
      for (Method change : taken()) {
        client.accept(new Message.Notification(change.text(), JsonObject.EMPTY));
      }
    }
  }

  private boolean awaitNews() throws InterruptedException {
    lock.lock();
    try {
      while (changed.isEmpty() && !isEnded()) {
        news.await();
      }
      return !changed.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private Set<Method> taken() {
    lock.lock();
    try {
      Set<Method> taken = EnumSet.copyOf(changed);
      changed.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
