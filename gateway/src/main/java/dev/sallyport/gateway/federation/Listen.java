package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One {@code subscriptions/listen} over several servers (mcp-reference 3.4). Each server has a
 * listen of its own, made again for as long as this one lasts; what a server may have said while
 * there was none is told as changed. The exchange's thread runs it; any may end it.
 */
final class Listen {
  private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(2);

  private final Exchange exchange;
  private final ListenFilter filter;
  private final Supplier<Collection<Upstream>> upstreams;
  private final ListCache cache;
  private final Map<Upstream, ListenPart> parts = new LinkedHashMap<>(); // guarded by the lock
  private final Cancellation over = new Cancellation();
  private final GatheredChanges changes = new GatheredChanges();
  private final CountDownLatch acknowledged = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param upstreams those of now
   * @param cache forgets what a server says is another one now
   */
  Listen(
      Exchange exchange,
      ListenFilter filter,
      Supplier<Collection<Upstream>> upstreams,
      ListCache cache) {
    this.exchange = exchange;
    this.filter = filter;
    this.upstreams = upstreams;
    this.cache = cache;
  }

  /** Runs until nobody listens any more, or {@link #end} was called. */
  Outcome run(Bell bell) {
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(this::end);
        Bell.Registration _ = bell.listen(this::changed)) {
      follow();
      acknowledge();
      changes.tell(exchange::notify);
      return exchange.cancellation().isCancelled()
          ? new Outcome.Cancelled()
          : new Outcome.Complete(JsonObject.EMPTY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Cancelled();
    } finally {
      over.cancel();
      acknowledged.countDown(); // or who waits for it would wait for ever
    }
  }

  /** Ends it, in good order. */
  void end() {
    changes.end();
  }

  /** Listens to the servers of now, and to no others. */
  void follow() {
    lock.lock();
    try {
      Collection<Upstream> now = upstreams.get();
      parts.entrySet().removeIf(each -> isGone(each, now));
      for (Upstream upstream : now) {
        ListenFilter own = filter.of(upstream);
        if (!own.isEmpty() && !parts.containsKey(upstream) && !changes.isEnded()) {
          ListenPart part =
              new ListenPart(upstream, own, exchange, this::passOn, over, this::changed, cache);
          if (acknowledged.getCount() == 0) {
            part.clientKnows();
          }
          parts.put(upstream, part);
          part.start();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isGone(
      Map.Entry<Upstream, ListenPart> part, Collection<Upstream> upstreams) {
    boolean gone = !upstreams.contains(part.getKey());
    if (gone) {
      part.getValue().end();
    }
    return gone;
  }

  /** Lists can change here whatever the servers say; of resources and tasks, what they take. */
  private void acknowledge() throws InterruptedException {
    long until = System.nanoTime() + ACKNOWLEDGED_WITHIN.toNanos();
    Set<String> uris = new LinkedHashSet<>();
    Set<String> tasks = new LinkedHashSet<>();
    for (ListenPart part : parts()) {
      ListenFilter honoured = part.awaitHonoured(until, changes.ended());
      uris.addAll(honoured.uris());
      tasks.addAll(honoured.tasks());
    }
    ListenFilter taken = new ListenFilter(filter.changes(), List.copyOf(uris), List.copyOf(tasks));
    exchange.notify(
        new Message.Notification(
            Method.ACKNOWLEDGED.text(), JsonObject.of("notifications", taken.toJson().toJson())));
    acknowledged.countDown();
    parts().forEach(ListenPart::clientKnows); // those that came meanwhile too
  }

  /** Nothing comes before the acknowledgement (SB-02). */
  private void passOn(Message.Notification notification) {
    try {
      acknowledged.await();
      exchange.notify(notification);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ListenPart> parts() {
    lock.lock();
    try {
      return List.copyOf(parts.values());
    } finally {
      lock.unlock();
    }
  }

  private void changed(Method change) {
    if (filter.changes().contains(change)) {
      changes.add(change);
    }
  }

  static Message.Notification updated(String uri) {
    return new Message.Notification(
        Method.RESOURCE_UPDATED.text(), JsonObject.of("uri", Json.of(uri)));
  }
}
