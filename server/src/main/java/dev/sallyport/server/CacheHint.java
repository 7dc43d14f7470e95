package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a client may keep a result (CA-01).
 *
 * @param scope unsaid is the same as {@link CacheScope#PRIVATE}
 */
record CacheHint(Optional<Duration> fresh, CacheScope scope) {
  /** The edge then says that nothing may be kept. */
  static final CacheHint NONE = new CacheHint(Optional.empty(), CacheScope.PRIVATE);

  static CacheHint of(Duration fresh, CacheScope scope) {
    if (fresh.isNegative()) {
      throw new IllegalArgumentException("a result cannot be fresh for less than nothing");
    }
    return new CacheHint(Optional.of(fresh), scope);
  }

  JsonObject addTo(JsonObject result) {
    return fresh
        .map(
            time -> result.with("ttlMs", Json.of(time.toMillis())).with("cacheScope", scope.text()))
        .orElse(result);
  }
}
