package dev.sallyport.gateway.federation;

import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Several servers as one. What is about one of them (a call, a prompt, a resource, a task) goes to
 * that one alone, whatever the others do; lists, offers and streams are put together from all
 * (mcp-reference 2.7). Thread-safe.
 */
public final class Federation implements Handler, AutoCloseable {
  /** The group of tools that no server has: no prefix begins with a hyphen. */
  private static final String NOBODYS = "-";

  private static final RpcError NO_SUCH_TOOL = RpcError.invalidParams("Unknown tool");
  private static final RpcError NO_SUCH_PROMPT = RpcError.invalidParams("Unknown prompt");
  private static final RpcError NO_SUCH_TASK = RpcError.invalidParams("Task not found"); // TK-09
  private static final JsonObject NO_COMPLETIONS =
      JsonObject.of("completion", JsonObject.of("values", Json.arrayOf(List.of())).toJson());

  private final Upstream.Patience patience;
  private final Lists lists;
  private final Bell bell = new Bell();
  private final ListCache cache = new ListCache(System::nanoTime);
  private final Set<Listen> listens = ConcurrentHashMap.newKeySet();

  /** Of listens at a server that is alone. */
  private final Set<Cancellation> ends = ConcurrentHashMap.newKeySet();

  private final AtomicReference<State> state;
  private volatile boolean closed;

  /**
   * What is offered now.
   *
   * @param alone the one server, when there is one
   * @param upstreams by prefix, when there are several
   */
  private record State(
      Optional<Handler> alone, NavigableMap<String, Upstream> upstreams, JsonObject self) {
    static final State NOTHING = new State(Optional.empty(), new TreeMap<>(), JsonObject.EMPTY);

    Optional<Upstream> find(String prefix) {
      return Optional.ofNullable(upstreams.get(prefix));
    }

    /** Of servers that stay, what is known stays too. */
    State changed(Crew crew, Upstream.Patience patience) {
      return switch (crew) {
        case Crew.One(Handler server, ToolRules rules) ->
            new State(
                Optional.of(OfferedTools.of(server, rules)), new TreeMap<>(), JsonObject.EMPTY);
        case Crew.Several(var members, var self) -> {
          NavigableMap<String, Upstream> changed = new TreeMap<>();
          for (Member member : members) {
            changed.put(
                member.prefix(),
                find(member.prefix())
                    .filter(before -> before.serves(member))
                    .map(before -> before.with(member))
                    .orElseGet(() -> new Upstream(member, patience, System::nanoTime)));
          }
          yield new State(Optional.empty(), changed, self);
        }
      };
    }
  }

  /**
   * @param seal for cursors
   */
  public Federation(Crew crew, Seal seal) {
    this(crew, seal, Upstream.Patience.DEFAULT);
  }

  Federation(Crew crew, Seal seal, Upstream.Patience patience) {
    this.patience = patience;
    state = new AtomicReference<>(State.NOTHING.changed(crew, patience));
    lists = new Lists(seal, bell, cache);
  }

  /**
   * Offers other servers from now on. Requests that are on their way end where they are; who
   * listens hears that lists have changed, and listens to the new ones too.
   */
  public void change(Crew crew) {
    State before = state.get();
    State now = before.changed(crew, patience);
    state.set(now);
    cache.forgetAll();
    if (!now.alone().equals(before.alone())) {
      // All names change. Whoever listens comes again, and reads all lists again.
      ends.forEach(Cancellation::cancel);
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
    State now = state.get();
    Outcome outcome = handle(exchange, now);
    return outcome.equals(Crew.REPLACED) && !state.get().equals(now)
        ? handle(exchange, state.get())
        : outcome;
  }

  private Outcome handle(Exchange exchange, State now) {
    if (now.alone().isEmpty()) {
      return several(exchange, now);
    }
    return Method.LISTEN.is(exchange.method())
        ? listen(exchange, now.alone().get())
        : now.alone().get().handle(exchange);
  }

  /** Until its server, or the kind of endpoint, is another one. */
  private Outcome listen(Exchange exchange, Handler alone) {
    Cancellation over = new Cancellation();
    ends.add(over);
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(over::cancel)) {
      if (closed || !state.get().alone().equals(Optional.of(alone))) {
        over.cancel();
      }
      Outcome outcome = alone.handle(exchange.withCancellation(over));
      return over.isCancelled() && !exchange.cancellation().isCancelled()
          ? new Outcome.Complete(JsonObject.EMPTY)
          : outcome;
    } finally {
      ends.remove(over);
    }
  }

  private Outcome several(Exchange exchange, State now) {
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
      case TOOLS_CALL -> named(exchange, ListKind.TOOLS, now);
      case PROMPTS_GET -> named(exchange, ListKind.PROMPTS, now);
      case RESOURCES_READ -> read(exchange, now);
      case COMPLETE -> complete(exchange, now);
      case TASKS_GET, TASKS_UPDATE, TASKS_CANCEL -> task(exchange, now);
      case LISTEN -> listen(exchange);
      default -> failed(RpcError.methodNotFound());
    };
  }

  private static Outcome failed(RpcError error) {
    return new Outcome.Failed(error);
  }

  private Outcome page(Exchange exchange, ListKind kind, State now) {
    return ours(lists.page(exchange, kind, now.upstreams()), now);
  }

  /** Of one group when we ask for it ourselves. */
  private Outcome tools(Exchange exchange, State now) {
    Optional<String> group =
        exchange.origin().request().isPresent()
            ? Optional.empty()
            : ToolGroups.asked(exchange.params());
    NavigableMap<String, Upstream> some =
        group.map(prefix -> alone(now.find(prefix))).orElse(now.upstreams());
    return ours(lists.page(exchange, ListKind.TOOLS, some), now);
  }

  private static NavigableMap<String, Upstream> alone(Optional<Upstream> upstream) {
    NavigableMap<String, Upstream> alone = new TreeMap<>();
    upstream.ifPresent(one -> alone.put(one.prefix(), one));
    return alone;
  }

  private Outcome named(Exchange exchange, ListKind kind, State now) {
    Optional<String> exposed = exchange.params().string("name");
    Optional<Upstream> upstream = exposed.flatMap(Names::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(kind == ListKind.TOOLS ? NO_SUCH_TOOL : NO_SUCH_PROMPT);
    }
    String original = original(exposed.get(), upstream.get(), exchange, kind);
    return relayed(upstream.get(), exchange, exchange.params().with("name", original), now);
  }

  /** A name that stands in for another may be older than this process. */
  private String original(String exposed, Upstream upstream, Exchange exchange, ListKind kind) {
    Names names = kind == ListKind.TOOLS ? upstream.tools() : upstream.prompts();
    if (names.needsList(exposed) && upstream.mayBeListed()) {
      lists.look(upstream, exchange, kind);
    }
    return names.original(exposed);
  }

  private Outcome read(Exchange exchange, State now) {
    Optional<String> exposed = exchange.params().string("uri");
    Optional<Upstream> upstream = exposed.flatMap(Uris::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(
          exposed
              .map(RpcError::resourceNotFound)
              .orElse(RpcError.invalidParams("uri must be a string")));
    }
    String original = upstream.get().uris().original(exposed.get());
    return relayed(upstream.get(), exchange, exchange.params().with("uri", original), now);
  }

  /** Who completes nothing has no suggestions, where others do (2.7.7). */
  private Outcome complete(Exchange exchange, State now) {
    JsonObject ref = exchange.params().object("ref").orElse(JsonObject.EMPTY);
    boolean ofPrompt = ref.string("type").filter("ref/prompt"::equals).isPresent();
    Optional<String> exposed = ref.string(ofPrompt ? "name" : "uri");
    Optional<Upstream> upstream =
        exposed.flatMap(ofPrompt ? Names::prefix : Uris::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(RpcError.invalidParams("Unknown prompt or resource template"));
    }
    JsonObject own =
        ofPrompt
            ? ref.with("name", original(exposed.get(), upstream.get(), exchange, ListKind.PROMPTS))
            : ref.with("uri", upstream.get().uris().original(exposed.get()));
    Outcome outcome = relayed(upstream.get(), exchange, exchange.params().with("ref", own), now);
    return outcome instanceof Outcome.Failed(RpcError error)
            && error.code() == RpcError.METHOD_NOT_FOUND
        ? ours(new Outcome.Complete(NO_COMPLETIONS), now)
        : outcome;
  }

  private Outcome task(Exchange exchange, State now) {
    Optional<String> exposed = exchange.params().string(Tasks.ID);
    Optional<Upstream> upstream = exposed.flatMap(TaskNames::prefix).flatMap(now::find);
    if (upstream.isEmpty()) {
      return failed(
          Tasks.areTakenBy(exchange.client())
              ? NO_SUCH_TASK
              : RpcError.missingCapability(Tasks.addedTo(JsonObject.EMPTY))); // TK-10
    }
    return TaskNames.original(exposed.get(), upstream.get())
        .map(id -> relayed(upstream.get(), exchange, exchange.params().with(Tasks.ID, id), now))
        .orElse(failed(NO_SUCH_TASK)); // of another server that had this prefix
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

  // ---- what one server says, in the words of the endpoint

  private static Outcome relayed(
      Upstream upstream, Exchange exchange, JsonObject params, State now) {
    Optional<Continuation> answers = exchange.continuation();
    if (answers.isPresent() && !upstream.asked(answers.get())) {
      return failed(RpcError.invalidParams("requestState is not valid here"));
    }
    Rewriting rewriting = upstream.rewriting();
    return switch (upstream.carryOut(exchange, params, channel(exchange, upstream))) {
      case Outcome.Complete(JsonObject result) ->
          ours(
              new Outcome.Complete(
                  TaskNames.exposed(result(exchange.method(), rewriting).apply(result), upstream)),
              now);
      case Outcome.InputRequired asked ->
          new Outcome.InputRequired(
              asked.questions().stream().map(each -> attributed(each, rewriting)).toList(),
              asked.handle().map(upstream::marked),
              asked.rest(),
              asked.open());
      case Outcome.Failed(RpcError error) -> failed(rewriting.error(error));
      case Outcome.Refused refused -> refused;
      case Outcome.Cancelled cancelled -> cancelled;
    };
  }

  private static ClientChannel channel(Exchange exchange, Upstream upstream) {
    return new ClientChannel() {
      @Override
      public void notify(Message.Notification notification) {
        exchange.notify(exposed(notification, upstream));
      }

      @Override
      public void closeStream() {
        exchange.closeStream();
      }
    };
  }

  private static UnaryOperator<JsonObject> result(String method, Rewriting rewriting) {
    return switch (Method.of(method).orElseThrow()) {
      case TOOLS_CALL -> rewriting::calledResult;
      case PROMPTS_GET -> rewriting::prompt;
      case RESOURCES_READ -> rewriting::read;
      case TASKS_GET -> rewriting::task;
      default -> UnaryOperator.identity();
    };
  }

  /** Log messages say which server they are of. */
  private static Message.Notification exposed(
      Message.Notification notification, Upstream upstream) {
    if (!Method.LOG_MESSAGE.is(notification.method())) {
      return notification;
    }
    JsonObject params = notification.params();
    String logger = upstream.prefix() + params.string("logger").map(name -> "/" + name).orElse("");
    return new Message.Notification(notification.method(), params.with("logger", logger));
  }

  private static Question attributed(Question question, Rewriting rewriting) {
    return new Question(
        question.key(),
        question.method(),
        rewriting.question(question.method(), question.params()));
  }

  /** Whoever answered, the client speaks to this endpoint (2.1 row 15). */
  private static Outcome ours(Outcome outcome, State now) {
    return outcome instanceof Outcome.Complete(JsonObject result)
        ? new Outcome.Complete(Meta.withServerInfo(result, now.self()))
        : outcome;
  }

  /** Ends what listens, in good order. The servers stay their owners' to close. */
  @Override
  public void close() {
    closed = true;
    listens.forEach(Listen::end);
    ends.forEach(Cancellation::cancel);
  }
}
