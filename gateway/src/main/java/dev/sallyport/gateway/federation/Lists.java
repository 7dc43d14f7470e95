package dev.sallyport.gateway.federation;

import dev.sallyport.downstream.Seal;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * Lists of several servers as one, in the order of their prefixes. No place in them is kept between
 * two pages: a cursor says at which server to go on, and where there. A server that does not answer
 * costs its own entries; the result names it, and those who listen hear of a change when it is back
 * (mcp-reference 2.7.6, 2.7.8). Thread-safe.
 */
final class Lists {
  private static final Log LOG = Log.of(Lists.class);

  /** Beyond that many entries, the rest is for the next page. */
  private static final int MANY = 1_000;

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int MOST_PAGES = 100;

  /** Bytes of entries beyond which no further page of a server is asked for. */
  private static final long LARGE = 16 << 20;

  private static final int LONGEST_CURSOR = 16_384;

  /** So that sealed, and with a prefix, it is shorter than the longest that we take. */
  private static final int LONGEST_OF_A_SERVER = 8_192;

  private static final Duration CURSOR_LIFE = Duration.ofHours(1);

  private final Seal seal;
  private final Bell bell;
  private final ListCache cache;

  Lists(Seal seal, Bell bell, ListCache cache) {
    this.seal = seal;
    this.bell = bell;
    this.cache = cache;
  }

  /** The page that is asked for. */
  Outcome page(Exchange exchange, ListKind kind, NavigableMap<String, Upstream> upstreams) {
    Optional<Position> start =
        start(exchange, kind)
            .filter(at -> at.equals(Position.FIRST) || upstreams.containsKey(at.prefix()))
            .flatMap(at -> own(at, upstreams));
    if (start.isEmpty()) {
      return Page.INVALID_CURSOR;
    }
    return gathered(exchange, kind, start.get(), upstreams.tailMap(start.get().prefix(), true));
  }

  /** With the server's own cursor; empty when it is of another one that had this prefix (PG-04). */
  private static Optional<Position> own(Position at, Map<String, Upstream> upstreams) {
    return at.cursor().isEmpty()
        ? Optional.of(at)
        : Optional.ofNullable(upstreams.get(at.prefix()))
            .flatMap(upstream -> upstream.unmarked(at.cursor().get()))
            .map(cursor -> new Position(at.prefix(), Optional.of(cursor), at.pages()));
  }

  /** Looks through the whole list of one server, as the caller sees it, for its names. */
  void look(Upstream upstream, Exchange exchange, ListKind kind) {
    Optional<String> cursor = Optional.empty();
    for (int round = 0; round < MOST_PAGES; round++) {
      if (!(pages(upstream, kind, cursor, exchange, exchange.cancellation())
          instanceof Outcome.Complete(JsonObject result))) {
        return;
      }
      for (Json entry : result.array(kind.member()).orElse(List.of())) {
        entry.asObject().ifPresent(one -> kind.exposed(one, upstream));
      }
      cursor = result.string("nextCursor");
      if (cursor.isEmpty()) {
        return;
      }
    }
  }

  /** Asks no more servers at a time than it takes to fill a page, as far as that is known. */
  private Outcome gathered(
      Exchange exchange, ListKind kind, Position start, NavigableMap<String, Upstream> some) {
    Page page = new Page(kind, start, MANY);
    Deque<Upstream> rest = new ArrayDeque<>(some.values());
    boolean late = false;
    while (!rest.isEmpty() && !page.isFull()) {
      FanOut fan = new FanOut(LONG, exchange.cancellation(), _ -> bell.ring(kind.change()));
      for (int expected = page.size(); expected < MANY && !rest.isEmpty(); ) {
        Upstream upstream = rest.remove();
        expected += late ? 0 : upstream.expected(kind); // Nobody waits again and again.
        Optional<String> cursor =
            upstream.prefix().equals(start.prefix()) ? start.cursor() : Optional.empty();
        fan.ask(upstream, (one, unwanted) -> pages(one, kind, cursor, exchange, unwanted));
      }
      List<FanOut.Said> all = fan.await();
      all.forEach(page::take);
      late = all.stream().anyMatch(said -> said.outcome().isEmpty());
      if (exchange.cancellation().isCancelled()) {
        return new Outcome.Cancelled();
      }
    }
    Optional.ofNullable(rest.peek()).ifPresent(upstream -> page.goesOnAt(upstream.prefix()));
    return page.outcome(next -> sealed(next, exchange, kind));
  }

  /** Pages of one server, until there are many entries or no more. */
  private Outcome pages(
      Upstream upstream,
      ListKind kind,
      Optional<String> from,
      Exchange exchange,
      Cancellation unwanted) {
    List<Json> entries = new ArrayList<>();
    long bytes = 0;
    Optional<String> cursor = from;
    JsonObject first = JsonObject.EMPTY;
    for (int page = 0; page < MOST_PAGES; page++) {
      Outcome outcome = page(upstream, kind, cursor, exchange, unwanted);
      if (!(outcome instanceof Outcome.Complete(JsonObject result))) {
        return outcome;
      }
      List<Json> some = result.array(kind.member()).orElse(List.of());
      entries.addAll(some);
      bytes += some.stream().mapToLong(Json::length).sum();
      first = page == 0 ? result : first;
      Optional<String> next = result.string("nextCursor");
      boolean again = next.isPresent() && next.equals(cursor);
      if (again) {
        upstream.warn(LOG, "lists the same page for ever");
      }
      cursor = again ? Optional.empty() : next;
      if (cursor.isEmpty() || entries.size() >= MANY || bytes >= LARGE) {
        break;
      }
    }
    if (cursor.filter(text -> text.length() > LONGEST_OF_A_SERVER).isPresent()) {
      upstream.warn(LOG, "has cursors that are too long");
      cursor = Optional.empty();
    }
    if (from.isEmpty()) {
      upstream.had(kind, entries.size());
    }
    JsonObject whole = first.without("nextCursor").with(kind.member(), Json.arrayOf(entries));
    return new Outcome.Complete(cursor.map(text -> whole.with("nextCursor", text)).orElse(whole));
  }

  private Outcome page(
      Upstream upstream,
      ListKind kind,
      Optional<String> cursor,
      Exchange exchange,
      Cancellation unwanted) {
    JsonObject params =
        cursor.map(text -> JsonObject.of("cursor", Json.of(text))).orElse(JsonObject.EMPTY);
    return cache.page(
        upstream,
        kind,
        cursor,
        exchange,
        () -> upstream.ask(kind.method(), params, exchange, unwanted));
  }

  private Optional<Position> start(Exchange exchange, ListKind kind) {
    if (!exchange.params().has("cursor")) {
      return Optional.of(Position.FIRST);
    }
    return exchange
        .params()
        .string("cursor")
        .filter(text -> text.length() <= LONGEST_CURSOR)
        .flatMap(text -> seal.open(text, boundTo(exchange, kind)))
        .map(Lists::opened);
  }

  /** {@code PREFIX}, or {@code PREFIX PAGES CURSOR}: in a prefix there is no space. */
  private static Position opened(String text) {
    String[] parts = text.split(" ", 3);
    return parts.length < 3
        ? Position.at(text)
        : new Position(parts[0], Optional.of(parts[2]), Integer.parseInt(parts[1]));
  }

  private String sealed(Position at, Exchange exchange, ListKind kind) {
    String text =
        at.cursor().map(own -> at.prefix() + " " + at.pages() + " " + own).orElse(at.prefix());
    return seal.seal(text, boundTo(exchange, kind), CURSOR_LIFE);
  }

  private static byte[] boundTo(Exchange exchange, ListKind kind) {
    return Seal.boundTo(
        exchange.caller(),
        List.of(
            exchange.origin().route().getBytes(StandardCharsets.UTF_8),
            kind.method().text().getBytes(StandardCharsets.UTF_8)));
  }
}
