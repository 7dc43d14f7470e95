package dev.sallyport.downstream;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.Message.Notification;
import dev.sallyport.protocol.Meta;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The progress of one request: what the client asked for with a token, and only as it grows (PR-01,
 * PR-03). Thread-safe.
 */
public final class Progress {
  private final Optional<Json> token;
  private final ReentrantLock lock = new ReentrantLock();
  private double last = Double.NEGATIVE_INFINITY;

  /**
   * @param token the client's, if it gave one
   */
  public Progress(Optional<Json> token) {
    this.token = token;
  }

  /** Whether the client is to hear of it. */
  public boolean lets(Notification notification) {
    return token.isPresent()
        && token.equals(notification.params().get(Meta.PROGRESS_TOKEN))
        && grows(notification);
  }

  private boolean grows(Notification notification) {
    Optional<Json> number =
        notification.params().get("progress").filter(value -> value.kind() == Json.Kind.NUMBER);
    if (number.isEmpty()) {
      return false;
    }
    double now = Double.parseDouble(number.get().text());
    lock.lock();
    try {
      boolean more = now > last;
      last = Math.max(last, now);
      return more;
    } finally {
      lock.unlock();
    }
  }
}
