package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Method;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A legacy server has one log level for everybody, so it gets the most verbose one that any request
 * wanted; each request then sees no more than it asked for (2.1 row 8). Never set before somebody
 * wants logs. Thread-safe.
 */
final class LogSetting {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Wire wire;
  private final boolean offered;
  private final AtomicReference<Optional<LogLevel>> current =
      new AtomicReference<>(Optional.empty());

  LogSetting(Wire wire, boolean offered) {
    this.wire = wire;
    this.offered = offered;
  }

  /** Has the server log what this exchange wants. Waits a little, lest the call comes first. */
  void prepareFor(Exchange exchange) {
    Optional<LogLevel> wanted = exchange.client().logLevel();
    if (!offered || wanted.isEmpty()) {
      return;
    }
    Optional<LogLevel> before = current.getAndUpdate(now -> moreVerbose(now, wanted.get()));
    if (!before.equals(moreVerbose(before, wanted.get()))) {
      set(wanted.get(), before);
    }
  }

  /** Whatever it answers: a server that will not log is still of use. */
  private void set(LogLevel level, Optional<LogLevel> before) {
    long since = System.nanoTime();
    boolean answered =
        wire.ask(Method.SET_LEVEL, JsonObject.of("level", Json.of(level.text())), LIMIT)
            .isPresent();
    boolean silent = System.nanoTime() - since >= LIMIT.toNanos();
    if (!answered && !silent) {
      // It broke off, so the server may know nothing of it; the next exchange asks again. One that
      // is silent would hold up every exchange.
      current.updateAndGet(now -> now.equals(Optional.of(level)) ? before : now);
    }
  }

  private static Optional<LogLevel> moreVerbose(Optional<LogLevel> now, LogLevel wanted) {
    return now.filter(level -> level.compareTo(wanted) <= 0).or(() -> Optional.of(wanted));
  }
}
