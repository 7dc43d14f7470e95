package dev.sallyport.gateway.federation;

import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Several servers as one. What is about one of them (a call, a prompt, a resource, a task) goes to
 * that one alone, whatever the others do; lists, offers and streams are put together from all
 * (mcp-reference 2.7). Thread-safe.
 */
public final class Federation implements Handler, AutoCloseable {
  /** The group of tools that no server has: no prefix begins with a hyphen. */
  private static final String NOBODYS = "-";

  private final Upstream.Patience patience;
  private final Lists lists;
  private final Calls calls;
  private final Bell bell = new Bell();
  private final ListCache cache = new ListCache(System::nanoTime);
  private final Set<Listen> listens = ConcurrentHashMap.newKeySet();
  private final Set<SoleListen> soleListens = ConcurrentHashMap.newKeySet();

  private final AtomicReference<Lineup> state;
  private volatile boolean closed;

  /**
   * @param seal for cursors
   */
  public Federation(Crew crew, Seal seal) {
    this(crew, seal, Upstream.Patience.DEFAULT);
  }

  Federation(Crew crew, Seal seal, Upstream.Patience patience) {
    this.patience = patience;
    state = new AtomicReference<>(Lineup.NOTHING.changed(crew, patience));
    lists = new Lists(seal, bell, cache);
    calls = new Calls(lists);
  }

  /**
   * Offers other servers from now on. Requests that are on their way end where they are; who
   * listens hears that lists have changed, and listens to the new ones too.
   */
  public void change(Crew crew) {
    Lineup before = state.get();
    Lineup now = before.changed(crew, patience);
    state.set(now);
    cache.forgetAll();
    if (!now.alone().equals(before.alone())) {
      // All names change. Whoever listens comes again, and reads all lists again.
      soleListens.forEach(SoleListen::end);
      listens.forEach(Listen::end);
    }
    listens.forEach(Listen::follow);
    for (ListKind kind : ListKind.values()) {
      bell.ring(kind.change());
    }
  }

  /** Which tools come from one server, so that who needs one of them need not ask for all. */
  public ToolGroups groups() {
    // Only groups that there are: callers make names up, and each group is kept in mind.
    return tool -> {
      Map<String, Upstream> upstreams = state.get().upstreams();
      String others = upstreams.isEmpty() ? "" : NOBODYS;
      return Names.prefix(tool).filter(upstreams::containsKey).orElse(others);
    };
  }

  @Override
  public Outcome handle(Exchange exchange) {
    Exchange asked = withoutEmptyCursor(exchange);
    Lineup now = state.get();
    Outcome outcome = handle(asked, now);
    return outcome.equals(Crew.REPLACED) && !state.get().equals(now)
        ? handle(asked, state.get())
        : outcome;
  }

  /**
   * A cursor is a string or absent, but serialisers that write every field send null for absent,
   * and no other meaning is possible. Nothing else is read so kindly: this is the one optional
   * parameter that every client of a list has, and servers that hold to the schema refuse it.
   */
  private static Exchange withoutEmptyCursor(Exchange exchange) {
    JsonObject params = exchange.params();
    return params.get("cursor").filter(cursor -> cursor.kind() == Json.Kind.NULL).isPresent()
            && ListKind.isList(exchange.method())
        ? exchange.withParams(params.without("cursor"))
        : exchange;
  }

  private Outcome handle(Exchange exchange, Lineup now) {
    if (now.alone().isEmpty()) {
      return several(exchange, now);
    }
    return Method.LISTEN.is(exchange.method())
        ? listen(exchange, now.alone().get())
        : now.alone().get().handle(exchange);
  }

  /** Until its server, or the kind of endpoint, is another one. */
  private Outcome listen(Exchange exchange, Handler alone) {
    SoleListen listen = new SoleListen(exchange, alone);
    soleListens.add(listen);
    try {
      if (closed || !listen.isAt(state.get().alone())) {
        listen.end();
      }
      return listen.run();
    } finally {
      soleListens.remove(listen);
    }
  }

  private Outcome several(Exchange exchange, Lineup now) {
    Optional<Method> method = Method.of(exchange.method());
    if (method.isEmpty()) {
      return failed(RpcError.methodNotFound()); // One server's own: nobody can tell whose.
    }
    return switch (method.get()) {
      case DISCOVER -> Offer.discovered(exchange, now.upstreams().values(), now.self());
      case TOOLS_LIST -> tools(exchange, now);
      case PROMPTS_LIST -> page(exchange, ListKind.PROMPTS, now);
      case RESOURCES_LIST -> page(exchange, ListKind.RESOURCES, now);
      case RESOURCE_TEMPLATES_LIST -> page(exchange, ListKind.TEMPLATES, now);
      case TOOLS_CALL -> calls.named(exchange, ListKind.TOOLS, now);
      case PROMPTS_GET -> calls.named(exchange, ListKind.PROMPTS, now);
      case RESOURCES_READ -> calls.read(exchange, now);
      case COMPLETE -> calls.complete(exchange, now);
      case TASKS_GET, TASKS_UPDATE, TASKS_CANCEL -> calls.task(exchange, now);
      case LISTEN -> listen(exchange);
      default -> failed(RpcError.methodNotFound());
    };
  }

  private static Outcome failed(RpcError error) {
    return new Outcome.Failed(error);
  }

  private Outcome page(Exchange exchange, ListKind kind, Lineup now) {
    return now.signed(lists.page(exchange, kind, now.upstreams()));
  }

  /** Of one group when we ask for it ourselves. */
  private Outcome tools(Exchange exchange, Lineup now) {
    Optional<String> group =
        exchange.origin().request().isPresent()
            ? Optional.empty()
            : ToolGroups.asked(exchange.params());
    NavigableMap<String, Upstream> some =
        group.map(prefix -> alone(now.find(prefix))).orElse(now.upstreams());
    return now.signed(lists.page(exchange, ListKind.TOOLS, some));
  }

  private static NavigableMap<String, Upstream> alone(Optional<Upstream> upstream) {
    NavigableMap<String, Upstream> alone = new TreeMap<>();
    upstream.ifPresent(one -> alone.put(one.prefix(), one));
    return alone;
  }

  private Outcome listen(Exchange exchange) {
    Optional<JsonObject> filter = exchange.params().object("notifications");
    if (filter.isEmpty()) {
      return failed(
          RpcError.invalidParams("Invalid params: notifications must be an object")); // SB-01
    }
    Listen listen =
        new Listen(
            exchange, ListenFilter.of(filter.get()), () -> state.get().upstreams().values(), cache);
    listens.add(listen);
    try {
      if (closed) {
        listen.end();
      }
      return listen.run(bell);
    } finally {
      listens.remove(listen);
    }
  }

  /** Ends what listens, in good order. The servers stay their owners' to close. */
  @Override
  public void close() {
    closed = true;
    listens.forEach(Listen::end);
    soleListens.forEach(SoleListen::end);
  }
}
