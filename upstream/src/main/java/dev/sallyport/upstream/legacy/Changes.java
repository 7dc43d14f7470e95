package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.UpstreamErrors;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one subscription wants to hear of, and what it has not been told yet: at most one
 * notification for each kind of list and each resource, the latest (2.5). Thread-safe.
 */
final class Changes {
  private static final int MOST_WAITING = 1_024;
  private static final long MOST_BYTES = 1 << 20;

  private final Set<ListChange> lists;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Set<String> uris = new HashSet<>();
  private final SequencedMap<String, Message.Notification> waiting = new LinkedHashMap<>();
  private long bytes;
  private boolean cancelled;
  private boolean ended;

  /**
   * @param lists whose changes are wanted
   */
  Changes(Set<ListChange> lists) {
    this.lists = Set.copyOf(lists);
  }

  void want(String uri) {
    lock.lock();
    try {
      uris.add(uri);
    } finally {
      lock.unlock();
    }
  }

  void unwant(String uri) {
    lock.lock();
    try {
      uris.remove(uri);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes note of a change, if it is wanted. Never blocks.
   *
   * @return false when there is no room for it
   */
  boolean offer(Message.Notification notification) {
    lock.lock();
    try {
      Optional<String> key = key(notification);
      if (key.isEmpty()) {
        return true;
      }
      Optional<Message.Notification> older = Optional.ofNullable(waiting.get(key.get()));
      long after = bytes - older.map(Changes::held).orElse(0L) + held(notification);
      if (after > MOST_BYTES || (older.isEmpty() && waiting.size() >= MOST_WAITING)) {
        return false;
      }
      waiting.put(key.get(), notification);
      bytes = after;
      news.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static long held(Message.Notification notification) {
    return notification.params().held();
  }

  /** What makes two notifications the same news; empty when this one is not wanted. */
  private Optional<String> key(Message.Notification notification) {
    Optional<String> uri = notification.params().string("uri");
    if (!Method.RESOURCE_UPDATED.is(notification.method())) {
      return Optional.of(notification.method())
          .filter(method -> lists.stream().anyMatch(list -> list.method().is(method)));
    }
    return uri.filter(changed -> uris.stream().anyMatch(own -> covers(own, changed)));
  }

  /** A server may name a part of the resource that was subscribed to. */
  private static boolean covers(String subscribed, String changed) {
    return changed.startsWith(subscribed)
        && (changed.length() == subscribed.length()
            || subscribed.endsWith("/")
            || "/?#".indexOf(changed.charAt(subscribed.length())) >= 0);
  }

  void cancel() {
    lock.lock();
    try {
      cancelled = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Tells the exchange of changes until it is cancelled or the server is gone. */
  Listening follow(Exchange exchange) {
    try {
      while (true) {
        Optional<Message.Notification> next = next();
        if (next.isEmpty()) {
          return isCancelled()
              ? new Listening.Over(new Outcome.Cancelled())
              : new Listening.Lost(UpstreamErrors.terminated());
        }
        exchange.notify(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Listening.Over(new Outcome.Cancelled());
    }
  }

  private Optional<Message.Notification> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !cancelled && !ended) {
        news.await();
      }
      if (cancelled || waiting.isEmpty()) {
        return Optional.empty();
      }
      Message.Notification next = waiting.pollFirstEntry().getValue();
      bytes -= held(next);
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  private boolean isCancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }
}
