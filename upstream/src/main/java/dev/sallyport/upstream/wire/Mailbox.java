package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.transport.LongWait;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Between the thread that reads what a server says and the one exchange that waits. Putting never
 * blocks, so that an exchange with a slow client holds up nobody else: of too many notifications
 * the oldest go, log messages first (2.1 row 12). Of progress only the latest few are kept, since
 * the newer says all that the older did (PR-05). Thread-safe.
 */
public final class Mailbox implements Inbox {
  /** More than one, because short bursts carry messages that people read. */
  private static final int MOST_PROGRESS = 8;

  private final int mostNotifications;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Mail> waiting = new ArrayDeque<>(1);
  private int notifications;
  private long bytes;
  private boolean nudged;
  private boolean over;
  private boolean away;

  /**
   * @param mostBytes of all notifications that wait
   */
  public Mailbox(int mostNotifications, long mostBytes) {
    this.mostNotifications = mostNotifications;
    this.mostBytes = mostBytes;
  }

  @Override
  public boolean put(Mail mail) {
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
            case Mail.Broken broken -> addEnd(broken);
          };
      arrived.signal();
      return room;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Mail> take(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (waiting.isEmpty()) {
        if (left <= 0) {
          return Optional.empty();
        }
        left = LongWait.await(lock, arrived, left);
      }
      Mail mail = waiting.removeFirst();
      forget(mail);
      return Optional.of(mail);
    } finally {
      lock.unlock();
    }
  }

  /** Wakes whoever waits in {@link #awaitMail}: there may be mail elsewhere. Never blocks. */
  public void nudge() {
    lock.lock();
    try {
      nudged = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is mail, or a nudge since the last wait, or the time is up. */
  public void awaitMail(long nanos) throws InterruptedException {
    await(() -> nudged || !waiting.isEmpty(), nanos);
  }

  /** As {@link #awaitMail}, whatever mail there is. */
  public void awaitNudge(long nanos) throws InterruptedException {
    await(() -> nudged, nanos);
  }

  private void await(BooleanSupplier done, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!done.getAsBoolean() && left > 0) {
        left = LongWait.await(lock, arrived, left);
      }
      nudged = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Mail> takeNow(Predicate<Mail> kind) {
    lock.lock();
    try {
      Optional<Mail> first = waiting.stream().filter(kind).findFirst();
      first.ifPresent(
          mail -> {
            waiting.remove(mail);
            forget(mail);
          });
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** While nobody reads, notifications are not kept: progress while parked is lost by design. */
  @Override
  public void setAway(boolean value) {
    lock.lock();
    try {
      away = value;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isAway() {
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
    long size = notified.notification().params().held();
    if (size > mostBytes) {
      return false;
    }
    if (isNewsOfAChange(notified)) {
      dropOldest(older -> isSameNews(older, notified));
    } else if (isProgress(notified)
        && waiting.stream().filter(Mailbox::isProgress).count() >= MOST_PROGRESS) {
      dropOldest(Mailbox::isProgress);
    }
    boolean room = true;
    while (notifications >= mostNotifications || bytes + size > mostBytes) {
      room = false;
      if (!dropOldest(Mailbox::isLog)) {
        dropOldest(Mail.Notified.class::isInstance);
      }
    }
    waiting.addLast(notified);
    notifications++;
    bytes += size;
    return room;
  }

  private static boolean isProgress(Mail mail) {
    return mail instanceof Mail.Notified(Message.Notification told)
        && Method.PROGRESS.is(told.method());
  }

  private static boolean isLog(Mail mail) {
    return mail instanceof Mail.Notified(Message.Notification told)
        && Method.LOG_MESSAGE.is(told.method());
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

  /** False when there is none of that kind. */
  private boolean dropOldest(Predicate<Mail> kind) {
    for (Iterator<Mail> each = waiting.iterator(); each.hasNext(); ) {
      Mail mail = each.next();
      if (kind.test(mail)) {
        each.remove();
        forget(mail);
        return true;
      }
    }
    return false;
  }

  private void forget(Mail mail) {
    if (mail instanceof Mail.Notified(Message.Notification notification)) {
      notifications--;
      bytes -= notification.params().held();
    }
  }

  /** Whether the end of the call has come, taken or not. */
  public boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing but memory, which goes with the call. */
  @Override
  public void close() {}

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
