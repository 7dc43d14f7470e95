package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.protocol.Log;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Whether the receiver takes what it is sent. Told once when it begins not to, and once when it
 * does again. Thread-safe.
 */
final class Reception {
  private static final Log LOG = Log.of(Reception.class);

  private final String receiver;
  private final Consumer<String> told;
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * @param receiver for people
   */
  Reception(String receiver) {
    this(receiver, text -> LOG.log(Level.WARNING, text));
  }

  Reception(String receiver, Consumer<String> told) {
    this.receiver = receiver;
    this.told = told;
  }

  CompletableResultCode watch(CompletableResultCode sent) {
    return sent.whenComplete(() -> note(sent.isSuccess()));
  }

  private void note(boolean taken) {
    if (failing.compareAndSet(taken, !taken)) {
      told.accept(
          taken
              ? "telemetry is taken again by " + receiver
              : "telemetry is not taken by " + receiver + "; it is left out until it is");
    }
  }
}
