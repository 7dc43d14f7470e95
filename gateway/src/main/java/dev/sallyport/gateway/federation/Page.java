package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One page of a list, put together from what the servers said. It can be kept for as long as the
 * shortest of their hints allows, by everybody only when all of them say so (GW-06). Confined to
 * one thread.
 */
final class Page {
  /** In a result's {@code _meta}: prefixes of the servers that are missing in it. */
  static final String MISSING = "dev.sallyport/missing";

  private static final Log LOG = Log.of(Page.class);

  /** At some 1,000 entries a page that is more than any client can use. */
  private static final int MOST_OF_A_SERVER = 100;

  static final Outcome INVALID_CURSOR =
      new Outcome.Failed(RpcError.invalidParams("Invalid cursor")); // PG-04

  private final ListKind kind;
  private final Position start;
  private final int many;
  private final List<Json> entries = new ArrayList<>();
  private final List<Json> missing = new ArrayList<>();
  private Optional<Position> next = Optional.empty();
  private Optional<Outcome> fault = Optional.empty();
  private long life = Long.MAX_VALUE;
  private boolean forEverybody = true;
  private boolean answered;

  /** Whether a server no longer knows the cursor that it gave: the client begins again (PG-04). */
  private boolean stale;

  /**
   * @param start where it begins
   * @param many entries, beyond which the next server has to wait for the next page
   */
  Page(ListKind kind, Position start, int many) {
    this.kind = kind;
    this.start = start;
    this.many = many;
  }

  /** What the next server in order said. */
  void take(FanOut.Said said) {
    String prefix = said.upstream().prefix();
    if (next.isPresent()) {
      return;
    }
    if (entries.size() >= many) {
      next = Optional.of(Position.at(prefix));
      return;
    }
    switch (said.outcome().orElse(notAnswering(prefix))) {
      case Outcome.Complete(JsonObject result) -> add(result, said.upstream());
      case Outcome.Failed(RpcError error) when error.code() == RpcError.METHOD_NOT_FOUND ->
          answered = true; // It has none of these.
      case Outcome.Failed(RpcError error)
          when error.code() == RpcError.INVALID_PARAMS && isGoneOnAt(prefix) ->
          stale = true;
      case Outcome.Failed failed -> missing(prefix, failed);
      case Outcome.Refused refused -> missing(prefix, refused);
      case Outcome.Cancelled _, Outcome.InputRequired _ -> missing(prefix, notAnswering(prefix));
    }
  }

  private static Outcome notAnswering(String prefix) {
    return new Outcome.Failed(
        RpcError.internal("upstream unavailable: " + prefix + " does not answer"));
  }

  /** Whether what else there is has to wait for the next page. */
  boolean isFull() {
    return stale || next.isPresent() || entries.size() >= many;
  }

  int size() {
    return entries.size();
  }

  /** The next page begins with this server, unless it begins before it. */
  void goesOnAt(String prefix) {
    next = next.or(() -> Optional.of(Position.at(prefix)));
  }

  private boolean isGoneOnAt(String prefix) {
    return start.cursor().isPresent() && start.prefix().equals(prefix);
  }

  private void missing(String prefix, Outcome why) {
    missing.add(Json.of(prefix));
    fault = fault.or(() -> Optional.of(why));
  }

  private void add(JsonObject result, Upstream upstream) {
    answered = true;
    Set<String> names = new HashSet<>();
    for (Json entry : result.array(kind.member()).orElse(List.of())) {
      entry
          .asObject()
          .flatMap(one -> kind.exposed(one, upstream))
          // Of two with one name, clients could only call one (2.7.4).
          .filter(one -> kind.key(one).filter(key -> !names.add(key)).isEmpty())
          .ifPresent(one -> entries.add(one.toJson()));
    }
    life = Math.min(life, Math.max(result.integer("ttlMs").orElse(0), 0));
    forEverybody &= ListCache.isForAll(result, upstream);
    next = result.string("nextCursor").flatMap(cursor -> after(cursor, upstream));
  }

  /** A server whose list never ends must not keep clients from the servers after it. */
  private Optional<Position> after(String cursor, Upstream upstream) {
    int pages = start.prefix().equals(upstream.prefix()) ? start.pages() + 1 : 1;
    if (pages >= MOST_OF_A_SERVER) {
      upstream.warn(LOG, "has a list without an end");
      return Optional.empty();
    }
    return Optional.of(
        new Position(upstream.prefix(), Optional.of(upstream.marked(cursor)), pages));
  }

  /** All pages of a list have to say the same of who may keep them (CA-02). */
  private boolean isWhole() {
    return missing.isEmpty() && next.isEmpty() && start.equals(Position.FIRST);
  }

  /** The page; a fault when not one server answered. */
  Outcome outcome(Function<Position, String> sealed) {
    if (stale) {
      return INVALID_CURSOR;
    }
    if (!answered && fault.isPresent()) {
      return fault.get(); // Of the first of them.
    }
    JsonObject result =
        JsonObject.EMPTY
            .with(kind.member(), Json.arrayOf(entries))
            .with("ttlMs", Json.of(missing.isEmpty() && life != Long.MAX_VALUE ? life : 0))
            .with("cacheScope", forEverybody && isWhole() ? "public" : "private");
    if (next.isPresent()) {
      result = result.with("nextCursor", sealed.apply(next.get()));
    }
    return new Outcome.Complete(
        missing.isEmpty()
            ? result
            : result.with(Meta.MEMBER, JsonObject.of(MISSING, Json.arrayOf(missing))));
  }
}
