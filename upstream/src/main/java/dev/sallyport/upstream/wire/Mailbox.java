package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Between the thread that reads what a server says and the one exchange that waits. Putting never
 * blocks, so that an exchange with a slow client holds up nobody else: of too many notifications
 * the oldest go (2.1 row 12). Thread-safe.
 */
final class Mailbox {
  private final int mostNotifications;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Mail> waiting = new ArrayDeque<>();
  private int notifications;
  private boolean over;
  private boolean away;

  Mailbox(int mostNotifications) {
    this.mostNotifications = mostNotifications;
  }

  /**
   * @return false when something had to go
   */
  boolean put(Mail mail) {
    lock.lock();
    try {
      boolean room =
          switch (mail) {
            case Mail.Notified notified -> addNotification(notified);
            case Mail.Asked asked -> {
              // A nudge; one is enough.
              if (!waiting.contains(asked)) {
                waiting.addLast(asked);
              }
              yield true;
            }
            case Mail.Cancelled cancelled -> {
              // Overtakes: what waits before it interests nobody any more.
              waiting.addFirst(cancelled);
              yield true;
            }
            case Mail.Answered answered -> addEnd(answered);
            case Mail.Died died -> addEnd(died);
          };
      arrived.signal();
      return room;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next mail in order; empty when there was none in time. */
  Optional<Mail> take(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (waiting.isEmpty()) {
        if (left <= 0) {
          return Optional.empty();
        }
        left = arrived.awaitNanos(left);
      }
      Mail mail = waiting.removeFirst();
      if (mail instanceof Mail.Notified) {
        notifications--;
      }
      return Optional.of(mail);
    } finally {
      lock.unlock();
    }
  }

  /** While nobody reads, notifications are not kept: progress while parked is lost by design. */
  void setAway(boolean value) {
    lock.lock();
    try {
      away = value;
    } finally {
      lock.unlock();
    }
  }

  boolean isAway() {
    lock.lock();
    try {
      return away;
    } finally {
      lock.unlock();
    }
  }

  private boolean addNotification(Mail.Notified notified) {
    if (over || away) {
      return !over; // Lost while nobody reads: by design, and nobody's fault.
    }
    if (isNewsOfAChange(notified) && waiting.removeIf(older -> isSameNews(older, notified))) {
      notifications--;
    }
    boolean room = notifications < mostNotifications;
    if (!room) {
      dropOldestNotification();
    }
    waiting.addLast(notified);
    notifications++;
    return room;
  }

  /** That something has changed need be told once, however often it did (2.5). */
  private static boolean isNewsOfAChange(Mail.Notified notified) {
    String method = notified.notification().method();
    return method.endsWith("/list_changed") || Method.RESOURCE_UPDATED.is(method);
  }

  private static boolean isSameNews(Mail older, Mail.Notified newer) {
    return older instanceof Mail.Notified(Message.Notification told)
        && told.method().equals(newer.notification().method())
        && told.params().get("uri").equals(newer.notification().params().get("uri"));
  }

  private void dropOldestNotification() {
    for (Iterator<Mail> each = waiting.iterator(); each.hasNext(); ) {
      if (each.next() instanceof Mail.Notified) {
        each.remove();
        notifications--;
        return;
      }
    }
  }

  /** A call ends once; a second answer is the server's mistake. */
  private boolean addEnd(Mail end) {
    if (over) {
      return false;
    }
    over = true;
    waiting.addLast(end);
    return true;
  }
}
