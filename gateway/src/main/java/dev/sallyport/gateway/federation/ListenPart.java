package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One server's share of a listen, on a virtual thread of its own until the whole is over. When the
 * server ends it, or is not there, it is made again after a pause that grows.
 */
final class ListenPart {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration STEADY = Duration.ofMinutes(1);
  private static final ListenFilter NOTHING = new ListenFilter(Set.of(), List.of(), List.of());

  private final Upstream upstream;
  private final ListenFilter filter;
  private final Exchange whole;
  private final ClientChannel client;
  private final Cancellation over = new Cancellation();
  private final Cancellation wholeOver;
  private final Consumer<Method> changed;
  private final ListCache cache;
  private final CountDownLatch settled = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private ListenFilter honoured = NOTHING;

  private boolean clientKnows;

  /**
   * @param filter in the server's words
   * @param client may let who notifies it wait until there was an acknowledgement
   * @param wholeOver fires when the whole is over
   * @param changed told of changes of lists; must not block
   * @param cache forgets those lists first: whoever hears of a change asks again at once
   */
  ListenPart(
      Upstream upstream,
      ListenFilter filter,
      Exchange whole,
      ClientChannel client,
      Cancellation wholeOver,
      Consumer<Method> changed,
      ListCache cache) {
    this.upstream = upstream;
    this.filter = filter;
    this.whole = whole;
    this.client = client;
    this.wholeOver = wholeOver;
    this.changed = changed;
    this.cache = cache;
  }

  void start() {
    Thread.ofVirtual().name("sallyport-" + upstream.prefix() + "-listen").start(this::run);
  }

  /**
   * In the words of the endpoint; nothing when it is not known until then. What the server
   * acknowledges from now on is news: something was missed before it.
   */
  ListenFilter awaitHonoured(long until, CountDownLatch ended) throws InterruptedException {
    if (ended.getCount() > 0) {
      settled.await(Math.max(until - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
    }
    lock.lock();
    try {
      clientKnows = true;
      return honoured.exposed(upstream);
    } finally {
      lock.unlock();
    }
  }

  /** What the server acknowledges from now on is news. */
  void clientKnows() {
    lock.lock();
    try {
      clientKnows = true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try (Cancellation.Registration _ = wholeOver.onCancel(over::cancel);
        Cancellation.Registration _ = over.onCancel(this::stop)) {
      Duration pause = FIRST_PAUSE;
      while (!over.isCancelled()) {
        long begun = System.nanoTime();
        boolean again = isWorthAnother(listen());
        settled.countDown();
        boolean steady = System.nanoTime() - begun > STEADY.toNanos();
        pause = steady ? FIRST_PAUSE : pause;
        if (!again || stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        pause = longer(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      settled.countDown();
    }
  }

  /** Its server is no longer among those that are listened to. */
  void end() {
    over.cancel();
  }

  private void stop() {
    stopped.countDown();
    settled.countDown();
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private Outcome listen() {
    JsonObject params = JsonObject.of("notifications", filter.toJson().toJson());
    return upstream.listen(whole, params, this::hear, over);
  }

  /** A server that knows no such thing will not learn it. */
  private static boolean isWorthAnother(Outcome outcome) {
    return !(outcome instanceof Outcome.Failed(RpcError error)
        && (error.code() == RpcError.METHOD_NOT_FOUND
            || error.code() == RpcError.MISSING_CAPABILITY));
  }

  private void hear(Message.Notification notification) {
    Optional<Method> method = Method.of(notification.method());
    if (method.isEmpty()) {
      return;
    }
    switch (method.get()) {
      case ACKNOWLEDGED ->
          acknowledged(
              ListenFilter.of(
                  notification.params().object("notifications").orElse(JsonObject.EMPTY)));
      case TOOLS_CHANGED, PROMPTS_CHANGED, RESOURCES_CHANGED -> {
        cache.forget(upstream, method.get());
        changed.accept(method.get());
      }
      case RESOURCE_UPDATED ->
          client.notify(
              new Message.Notification(
                  notification.method(), upstream.rewriting().named(notification.params())));
      case TASK_CHANGED ->
          client.notify(
              new Message.Notification(
                  notification.method(),
                  TaskNames.exposed(upstream.rewriting().task(notification.params()), upstream)));
      default -> {} // Nothing else belongs to a listen (SB-09).
    }
  }

  private void acknowledged(ListenFilter taken) {
    // What changed before anybody listened was told to nobody.
    filter.changes().forEach(change -> cache.forget(upstream, change));
    boolean news = isNews(taken);
    settled.countDown();
    if (news) {
      filter.changes().forEach(changed);
      taken.uris().stream()
          .map(upstream.uris()::exposed)
          .map(Listen::updated)
          .forEach(client::notify);
    }
  }

  private boolean isNews(ListenFilter taken) {
    lock.lock();
    try {
      honoured = taken;
      return clientKnows;
    } finally {
      lock.unlock();
    }
  }
}
