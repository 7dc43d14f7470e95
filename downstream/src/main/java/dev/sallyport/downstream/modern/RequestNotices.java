package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.LogLevel;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.Message.Notification;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets through what a client may be told on the stream of its own request, and nothing else:
 * progress it asked for, log messages as severe as it asked for, and what a vendor adds (SH-12,
 * FE-16, PR-02). Thread-safe.
 */
final class RequestNotices implements ClientChannel {
  private final Meta meta;
  private final ClientChannel client;
  private final ReentrantLock lock = new ReentrantLock();
  private double progress = Double.NEGATIVE_INFINITY;

  RequestNotices(Meta meta, ClientChannel client) {
    this.meta = meta;
    this.client = client;
  }

  @Override
  public void notify(Notification notification) {
    if (passes(notification)) {
      client.notify(notification);
    }
  }

  private boolean passes(Notification notification) {
    Optional<Method> known = Method.of(notification.method());
    if (known.isEmpty()) {
      return true;
    }
    if (known.get() == Method.PROGRESS) {
      return isAwaited(notification) && isAdvance(notification);
    }
    return known.get() == Method.LOG_MESSAGE && LogLevel.lets(meta.logLevel(), notification);
  }

  private boolean isAwaited(Notification notification) {
    return meta.progressToken().isPresent()
        && meta.progressToken().equals(notification.params().get(Meta.PROGRESS_TOKEN));
  }

  /** PR-03: progress that does not grow is dropped. */
  private boolean isAdvance(Notification notification) {
    Optional<Json> number =
        notification.params().get("progress").filter(value -> value.kind() == Json.Kind.NUMBER);
    if (number.isEmpty()) {
      return false;
    }
    double now = Double.parseDouble(number.get().text());
    lock.lock();
    try {
      if (now <= progress) {
        return false;
      }
      progress = now;
      return true;
    } finally {
      lock.unlock();
    }
  }
}
