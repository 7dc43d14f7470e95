package dev.sallyport.transport.http;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Writes a comment to a stream that was quiet for a while (SH-14), and so also notices a peer that
 * vanished without a word. Its timer is set again when it has run, not at every event. Confined to
 * the stream's event loop.
 */
final class KeepAlive {
  private final Vertx vertx;
  private final Duration quiet;
  private long timer;

  KeepAlive(Vertx vertx, Duration quiet) {
    this.vertx = vertx;
    this.quiet = quiet;
  }

  void start(Sender sender) {
    start(sender, quiet);
  }

  private void start(Sender sender, Duration delay) {
    timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> look(sender));
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void look(Sender sender) {
    if (sender.isOver()) {
      return;
    }
    Duration left = quiet.minus(sender.quietFor());
    if (left.toMillis() > 0) {
      start(sender, left);
    } else {
      sender.nudge(EventStream.COMMENT);
      start(sender, quiet);
    }
  }
}
