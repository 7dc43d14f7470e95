package dev.sallyport.gateway.federation;

import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.ToolGroups;
import dev.sallyport.protocol.ClientChannel;
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
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Several servers as one. What is about one of them (a call, a prompt, a resource, a task) goes to
 * that one alone, whatever the others do; lists, offers and streams are put together from all
 * (mcp-reference 2.7). Thread-safe.
 */
public final class Federation implements Handler, AutoCloseable {
  private static final RpcError NO_SUCH_TOOL = RpcError.invalidParams("Unknown tool");
  private static final RpcError NO_SUCH_PROMPT = RpcError.invalidParams("Unknown prompt");
  private static final JsonObject NO_COMPLETIONS =
      JsonObject.of("completion", JsonObject.of("values", Json.arrayOf(List.of())).toJson());

  private final NavigableMap<String, Upstream> upstreams = new TreeMap<>();
  private final JsonObject self;
  private final Lists lists;
  private final Offer offer;
  private final Bell bell = new Bell();
  private final Set<Listen> listens = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param members with prefixes that differ
   * @param self who the endpoint says it is: an Implementation object
   * @param seal for cursors
   */
  public Federation(Collection<Member> members, JsonObject self, Seal seal) {
    this.self = self;
    for (Member member : members) {
      if (upstreams.put(member.prefix(), new Upstream(member, System::nanoTime)) != null) {
        throw new IllegalArgumentException("two servers with the prefix " + member.prefix());
      }
    }
    lists = new Lists(upstreams, seal, bell);
    offer = new Offer(upstreams.values(), self);
  }

  /** Which tools come from one server, so that who needs one of them need not ask for all. */
  public static ToolGroups groups() {
    return tool -> Names.prefix(tool).orElse("");
  }

  @Override
  public Outcome handle(Exchange exchange) {
    Optional<Method> method = Method.of(exchange.method());
    if (method.isEmpty()) {
      return failed(RpcError.methodNotFound()); // One server's own: nobody can tell whose.
    }
    return switch (method.get()) {
      case DISCOVER -> offer.discovered(exchange);
      case TOOLS_LIST -> tools(exchange);
      case PROMPTS_LIST -> ours(lists.page(exchange, ListKind.PROMPTS));
      case RESOURCES_LIST -> ours(lists.page(exchange, ListKind.RESOURCES));
      case RESOURCE_TEMPLATES_LIST -> ours(lists.page(exchange, ListKind.TEMPLATES));
      case TOOLS_CALL -> named(exchange, ListKind.TOOLS, Upstream::tools, NO_SUCH_TOOL);
      case PROMPTS_GET -> named(exchange, ListKind.PROMPTS, Upstream::prompts, NO_SUCH_PROMPT);
      case RESOURCES_READ -> read(exchange);
      case COMPLETE -> complete(exchange);
      case TASKS_GET, TASKS_UPDATE, TASKS_CANCEL -> task(exchange);
      case LISTEN -> listen(exchange);
      default -> failed(RpcError.methodNotFound());
    };
  }

  private static Outcome failed(RpcError error) {
    return new Outcome.Failed(error);
  }

  /** Of one group when we ask for it ourselves. */
  private Outcome tools(Exchange exchange) {
    Optional<Upstream> one =
        exchange.origin().request().isPresent()
            ? Optional.empty()
            : ToolGroups.asked(exchange.params()).flatMap(this::find);
    return ours(
        one.isPresent()
            ? lists.of(one.get(), exchange, ListKind.TOOLS)
            : lists.page(exchange, ListKind.TOOLS));
  }

  private Optional<Upstream> find(String prefix) {
    return Optional.ofNullable(upstreams.get(prefix));
  }

  private Outcome named(
      Exchange exchange, ListKind kind, Function<Upstream, Names> names, RpcError unknown) {
    Optional<String> exposed = exchange.params().string("name");
    Optional<Upstream> upstream = exposed.flatMap(Names::prefix).flatMap(this::find);
    if (upstream.isEmpty()) {
      return failed(unknown);
    }
    String original = original(exposed.get(), upstream.get(), names, exchange, kind);
    return relayed(upstream.get(), exchange, exchange.params().with("name", original));
  }

  /** A name that stands in for another may be older than this process. */
  private String original(
      String exposed,
      Upstream upstream,
      Function<Upstream, Names> names,
      Exchange exchange,
      ListKind kind) {
    Names own = names.apply(upstream);
    if (own.needsList(exposed) && upstream.mayBeListed()) {
      lists.of(upstream, exchange, kind);
    }
    return own.original(exposed);
  }

  private Outcome read(Exchange exchange) {
    Optional<String> exposed = exchange.params().string("uri");
    Optional<Upstream> upstream = exposed.flatMap(Uris::prefix).flatMap(this::find);
    return upstream.isPresent()
        ? relayed(
            upstream.get(),
            exchange,
            exchange.params().with("uri", upstream.get().uris().original(exposed.get())))
        : failed(
            exposed
                .map(RpcError::resourceNotFound)
                .orElse(RpcError.invalidParams("uri must be a string")));
  }

  /** Who completes nothing has no suggestions, where others do (2.7.7). */
  private Outcome complete(Exchange exchange) {
    JsonObject ref = exchange.params().object("ref").orElse(JsonObject.EMPTY);
    Optional<String> name = ref.string("name");
    Optional<String> uri = ref.string("uri");
    boolean ofPrompt = ref.string("type").filter("ref/prompt"::equals).isPresent();
    Optional<Upstream> upstream =
        (ofPrompt ? name.flatMap(Names::prefix) : uri.flatMap(Uris::prefix)).flatMap(this::find);
    if (upstream.isEmpty()) {
      return failed(RpcError.invalidParams("Unknown prompt or resource template"));
    }
    JsonObject own =
        ofPrompt
            ? ref.with(
                "name",
                original(name.get(), upstream.get(), Upstream::prompts, exchange, ListKind.PROMPTS))
            : ref.with("uri", upstream.get().uris().original(uri.get()));
    Outcome outcome = relayed(upstream.get(), exchange, exchange.params().with("ref", own));
    return outcome instanceof Outcome.Failed(RpcError error)
            && error.code() == RpcError.METHOD_NOT_FOUND
        ? ours(new Outcome.Complete(NO_COMPLETIONS))
        : outcome;
  }

  private Outcome task(Exchange exchange) {
    Optional<String> exposed = exchange.params().string(Tasks.ID);
    Optional<Upstream> upstream = exposed.flatMap(TaskNames::prefix).flatMap(this::find);
    if (upstream.isEmpty()) {
      return failed(
          Tasks.areTakenBy(exchange.client())
              ? RpcError.invalidParams("Task not found")
              : RpcError.missingCapability(Tasks.addedTo(JsonObject.EMPTY))); // TK-10
    }
    return relayed(
        upstream.get(),
        exchange,
        exchange.params().with(Tasks.ID, TaskNames.original(exposed.get())));
  }

  private Outcome listen(Exchange exchange) {
    Optional<JsonObject> filter = exchange.params().object("notifications");
    if (filter.isEmpty()) {
      return failed(
          RpcError.invalidParams("Invalid params: notifications must be an object")); // SB-01
    }
    Listen listen = new Listen(exchange, ListenFilter.of(filter.get()));
    listens.add(listen);
    try {
      if (closed) {
        listen.end();
      }
      return listen.run(upstreams.values(), bell);
    } finally {
      listens.remove(listen);
    }
  }

  // ---- what one server says, in the words of the endpoint

  private Outcome relayed(Upstream upstream, Exchange exchange, JsonObject params) {
    ClientChannel channel =
        new ClientChannel() {
          @Override
          public void notify(Message.Notification notification) {
            exchange.notify(exposed(notification, upstream));
          }

          @Override
          public void closeStream() {
            exchange.closeStream();
          }
        };
    Rewriting rewriting = new Rewriting(upstream.uris());
    return switch (upstream.carryOut(exchange, params, channel)) {
      case Outcome.Complete(JsonObject result) ->
          ours(
              new Outcome.Complete(
                  exposed(result(exchange.method(), rewriting).apply(result), upstream)));
      case Outcome.InputRequired(
              var questions,
              var handle,
              var rest,
              Outcome.InputRequired.Open open) ->
          new Outcome.InputRequired(
              questions.stream().map(each -> attributed(each, upstream)).toList(),
              handle,
              rest,
              open);
      case Outcome.Failed(RpcError error) -> failed(rewriting.error(error));
      case Outcome.Refused refused -> refused;
      case Outcome.Cancelled cancelled -> cancelled;
    };
  }

  private static UnaryOperator<JsonObject> result(String method, Rewriting rewriting) {
    return switch (Method.of(method).orElseThrow()) {
      case TOOLS_CALL -> rewriting::calledResult;
      case PROMPTS_GET -> rewriting::prompt;
      case RESOURCES_READ -> rewriting::read;
      case TASKS_GET ->
          task ->
              task.object("result")
                  .map(result -> task.with("result", rewriting.calledResult(result)))
                  .orElse(task);
      default -> UnaryOperator.identity();
    };
  }

  private static JsonObject exposed(JsonObject result, Upstream upstream) {
    return result
        .string(Tasks.ID)
        .map(id -> result.with(Tasks.ID, TaskNames.exposed(upstream.prefix(), id)))
        .orElse(result);
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

  /** Whoever is asked has to see which server wants to know (CM-07). */
  private static Question attributed(Question question, Upstream upstream) {
    if (!Method.ELICIT.is(question.method())) {
      return question;
    }
    String message = question.params().string("message").orElse("");
    return new Question(
        question.key(),
        question.method(),
        question.params().with("message", "[" + upstream.prefix() + "] " + message));
  }

  /** Whoever answered, the client speaks to this endpoint (2.1 row 15). */
  private Outcome ours(Outcome outcome) {
    return outcome instanceof Outcome.Complete(JsonObject result)
        ? new Outcome.Complete(Meta.withServerInfo(result, self))
        : outcome;
  }

  /** Ends what listens, in good order. The servers stay their owners' to close. */
  @Override
  public void close() {
    closed = true;
    listens.forEach(Listen::end);
  }
}
