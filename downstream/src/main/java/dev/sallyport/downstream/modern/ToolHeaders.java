package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.CallLimits;
import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ParameterHeaders;
import dev.sallyport.protocol.RpcError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * Which arguments of a tool must be repeated in {@code Mcp-Param-*} headers, as the caller last saw
 * it listed. Learnt from lists that pass by, and from a list of our own when none did (4-T10). Kept
 * for a bounded number of callers, the least recently used one forgotten first. Thread-safe.
 */
final class ToolHeaders {
  private static final int MOST_PAGES = 100;
  private static final int MOST_TOOLS = 10_000;
  private static final int GROUPS_EACH = 16;
  private static final Duration RECENT = Duration.ofSeconds(2);

  private final Behind behind;
  private final ToolGroups groups;
  private final Clock clock;
  private final Duration life;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Listing> listings;

  /** Whose tools, and which of them. */
  private record Key(Caller caller, String group) {}

  /** The tools of a group that have annotated parameters; all others of it have none. */
  private record Listing(Map<String, ParameterHeaders> tools, Instant read) {
    ParameterHeaders of(String tool) {
      return tools.getOrDefault(tool, ParameterHeaders.NONE);
    }
  }

  /** What looking a tool up came to. */
  sealed interface Lookup {
    /**
     * @param recent whether the list was read just now, so that reading it again tells nothing new
     */
    record Found(ParameterHeaders headers, boolean recent) implements Lookup {}

    /** The list could not be read, and so the call cannot be checked. */
    record Unknown(Outcome why) implements Lookup {}
  }

  ToolHeaders(Behind behind, ToolGroups groups, CallLimits limits, Clock clock) {
    this.behind = behind;
    this.groups = groups;
    this.clock = clock;
    this.life = limits.schemaLife();
    this.listings =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Listing> eldest) {
            return size() > GROUPS_EACH * limits.schemaCallers();
          }
        };
  }

  /** From memory when the caller's tools are known, otherwise by reading them. */
  Lookup of(String tool, Origin origin, ClientContext client, Cancellation unwanted) {
    Optional<Listing> known = known(new Key(origin.caller(), groups.of(tool)));
    return known.isPresent()
        ? new Lookup.Found(known.get().of(tool), isWithin(known.get(), RECENT))
        : read(tool, origin, client, unwanted);
  }

  /** Reads the caller's tools anew, as far as they are of the same group. */
  Lookup read(String tool, Origin origin, ClientContext client, Cancellation unwanted) {
    Key key = new Key(origin.caller(), groups.of(tool));
    Map<String, ParameterHeaders> tools = new HashMap<>();
    JsonObject params = ToolGroups.asking(key.group());
    for (int page = 0; page < MOST_PAGES; page++) {
      Outcome outcome = behind.ask(Method.TOOLS_LIST, params, origin, client, unwanted);
      switch (outcome) {
        case Outcome.Complete(var result) -> {
          collect(result, into(tools));
          Optional<String> next = result.string("nextCursor");
          if (next.isEmpty()) {
            return new Lookup.Found(remember(key, tools).of(tool), true);
          }
          params = params.with("cursor", next.get());
        }
        case Outcome.Failed(var error) when error.code() == RpcError.METHOD_NOT_FOUND -> {
          return new Lookup.Found(remember(key, Map.of()).of(tool), true);
        }
        case Outcome.Failed _, Outcome.Refused _, Outcome.Cancelled _ -> {
          return new Lookup.Unknown(outcome);
        }
        case Outcome.InputRequired _ -> {
          return new Lookup.Unknown(
              behind.broken(
                  Method.TOOLS_LIST.text(), "asked the client where that is not allowed"));
        }
      }
    }
    return new Lookup.Unknown(
        behind.broken(Method.TOOLS_LIST.text(), "returned a list without an end"));
  }

  /**
   * Learns from a list that was asked for by the client, when it came in one piece. A group that is
   * not on it may be there without being listed now.
   */
  void saw(Caller caller, JsonObject params, JsonObject result) {
    if (params.has("cursor") || result.has("nextCursor")) {
      return;
    }
    Map<String, Map<String, ParameterHeaders>> all = new HashMap<>();
    all.put(groups.of(""), new HashMap<>());
    collect(
        result,
        (name, headers) -> {
          Map<String, ParameterHeaders> group =
              all.computeIfAbsent(groups.of(name), _ -> new HashMap<>());
          if (!headers.isEmpty()) {
            group.put(name, headers);
          }
        });
    all.forEach((group, tools) -> remember(new Key(caller, group), tools));
  }

  void forget(Caller caller) {
    lock.lock();
    try {
      listings.keySet().removeIf(key -> key.caller().equals(caller));
    } finally {
      lock.unlock();
    }
  }

  private static BiConsumer<String, ParameterHeaders> into(Map<String, ParameterHeaders> tools) {
    return (name, headers) -> {
      if (!headers.isEmpty()) {
        tools.put(name, headers);
      }
    };
  }

  private static void collect(JsonObject result, BiConsumer<String, ParameterHeaders> into) {
    result.array("tools").orElse(List.of()).stream()
        .limit(MOST_TOOLS)
        .forEach(
            element ->
                element
                    .asObject()
                    .flatMap(tool -> tool.string("name"))
                    .ifPresent(name -> into.accept(name, headers(element))));
  }

  /** An invalid annotation binds nobody: no client makes headers from it (HD-16). */
  private static ParameterHeaders headers(Json element) {
    return switch (ParameterHeaders.ofTool(element)) {
      case ParameterHeaders.Reading.Valid(var headers) -> headers;
      case ParameterHeaders.Reading.Invalid _ -> ParameterHeaders.NONE;
    };
  }

  private Optional<Listing> known(Key key) {
    lock.lock();
    try {
      return Optional.ofNullable(listings.get(key)).filter(listing -> isWithin(listing, life));
    } finally {
      lock.unlock();
    }
  }

  private boolean isWithin(Listing listing, Duration time) {
    return clock.instant().isBefore(listing.read().plus(time));
  }

  private Listing remember(Key key, Map<String, ParameterHeaders> tools) {
    Listing listing = new Listing(Map.copyOf(tools), clock.instant());
    lock.lock();
    try {
      listings.put(key, listing);
    } finally {
      lock.unlock();
    }
    return listing;
  }
}
