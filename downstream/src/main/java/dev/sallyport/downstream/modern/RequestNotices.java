package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.Progress;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message.Notification;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import java.util.Optional;

/**
 * Lets through what a client may be told on the stream of its own request, and nothing else:
 * progress it asked for, log messages as severe as it asked for, and what a vendor adds (SH-12,
 * FE-16, PR-02). Thread-safe.
 */
final class RequestNotices implements ClientChannel {
  private final Meta meta;
  private final ClientChannel client;
  private final Progress progress;

  RequestNotices(Meta meta, ClientChannel client) {
    this.meta = meta;
    this.client = client;
    this.progress = new Progress(meta.progressToken());
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
      return progress.lets(notification);
    }
    return known.get() == Method.LOG_MESSAGE && isSevereEnough(notification);
  }

  /** Nothing asked for, nothing told (FE-16). */
  private boolean isSevereEnough(Notification message) {
    Optional<LogLevel> level = LogLevel.of(message);
    return meta.logLevel().isPresent()
        && level.filter(some -> some.isAtLeast(meta.logLevel().get())).isPresent();
  }
}
