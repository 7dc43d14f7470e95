package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.Isolation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One server, whose hints to caches go no further than what is known of it. What a process of a
 * caller's own calls public can have been told whose it is, and a shared cache on the way would
 * show it to others (GW-06, CA-05). A life has an end, because a change may never be told.
 * Everything else passes as it is. Thread-safe.
 */
record BoundedHints(Handler server, Isolation isolation) implements Handler {
  /** What a result is kept for at most. */
  static final Duration LONGEST = Duration.ofHours(1);

  private static final String LIFE = "ttlMs";
  private static final String SCOPE = "cacheScope";

  /** Whose results have such hints (CA-01). Elsewhere these members are the server's own. */
  private static final Set<Method> HINTED =
      EnumSet.of(
          Method.DISCOVER,
          Method.TOOLS_LIST,
          Method.PROMPTS_LIST,
          Method.RESOURCES_LIST,
          Method.RESOURCE_TEMPLATES_LIST,
          Method.RESOURCES_READ);

  @Override
  public Outcome handle(Exchange exchange) {
    Outcome outcome = server.handle(exchange);
    return outcome instanceof Outcome.Complete(JsonObject result)
            && (result.has(SCOPE) || result.has(LIFE))
            && Method.of(exchange.method()).filter(HINTED::contains).isPresent()
        ? new Outcome.Complete(bounded(result))
        : outcome;
  }

  private JsonObject bounded(JsonObject result) {
    JsonObject bounded = result;
    if (isPublic(result) && isolation != Isolation.SHARED) {
      bounded = bounded.with(SCOPE, "private");
    }
    if (result.integer(LIFE).orElse(0) > LONGEST.toMillis()) {
      bounded = bounded.with(LIFE, Json.of(LONGEST.toMillis()));
    }
    return bounded;
  }

  /** Whether a result says that it is the same for every caller. */
  static boolean isPublic(JsonObject result) {
    Optional<String> scope = result.string(SCOPE);
    return scope.filter("public"::equals).isPresent();
  }
}
