package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.Silence;
import dev.sallyport.upstream.wire.ToolAnnotations;
import dev.sallyport.upstream.wire.UpstreamErrors;
import dev.sallyport.upstream.wire.Watch.Turn;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.Optional;

/** A modern server. Keeps nothing from one request to the next. Thread-safe. */
public final class ModernChild implements Conversation {
  // Its results would be handles that later requests of a caller must be allowed to use; nobody
  // here sees to that yet (4-T44, 4-T46).
  private static final String TASKS = "io.modelcontextprotocol/tasks";

  private final Wire wire;
  private final Silence silence;
  private final ProtocolVersion version;
  private final ModernOptions options;
  private final ModernListens listens;
  private final ToolAnnotations annotations;

  private ModernChild(Wire wire, ProtocolVersion version, ModernOptions options) {
    this.wire = wire;
    this.version = version;
    this.options = options;
    annotations = new ToolAnnotations(wire);
    // No ping in this era; discovery is what every server answers.
    silence =
        new Silence(
            wire, Method.DISCOVER, Discovery.params(version, options), options.watch().quiet());
    listens = new ModernListens(wire, options);
  }

  /** A child that is being read. */
  static ModernChild on(Wire wire, ProtocolVersion version, ModernOptions options) {
    return new ModernChild(wire, version, options);
  }

  @Override
  public Outcome carryOut(Exchange exchange) {
    Optional<Method> method = Method.of(exchange.method());
    if (method.isEmpty()) {
      return call(exchange); // The server's own method: it knows best.
    }
    return switch (method.get()) {
      case DISCOVER,
          TOOLS_LIST,
          TOOLS_CALL,
          PROMPTS_LIST,
          PROMPTS_GET,
          RESOURCES_LIST,
          RESOURCE_TEMPLATES_LIST,
          RESOURCES_READ,
          COMPLETE ->
          call(exchange);
      default -> new Outcome.Failed(RpcError.methodNotFound());
    };
  }

  @Override
  public Listening listen(Exchange exchange) {
    return listens.listen(exchange, request(exchange, Optional.empty()));
  }

  private Outcome call(Exchange exchange) {
    if (exchange.cancellation().isCancelled()) {
      return new Outcome.Cancelled();
    }
    Optional<Call> begun = wire.calls().begin(); // a new id for every round (CM-04)
    if (begun.isEmpty()) {
      return UpstreamErrors.tooBusy();
    }
    try (Call call = begun.get()) {
      if (exchange.client().logLevel().isPresent()) {
        call.wantLogs();
      }
      Optional<Json> token = exchange.progressToken().map(given -> call.progressToken());
      long since = System.nanoTime();
      wire.send(new Message.Request(call.id(), exchange.method(), request(exchange, token)));
      Turn turn = options.watch().await(exchange, call, options.watch().end());
      return switch (turn) {
        case Turn.Answered answered -> outcome(answered.reply(), exchange);
        case Turn.Died died -> UpstreamErrors.terminated();
        case Turn.Cancelled cancelled -> {
          wire.cancel(call, "the client cancelled");
          yield new Outcome.Cancelled();
        }
        case Turn.TimedOut timedOut -> {
          wire.cancel(call, "it took too long");
          silence.after(call, since);
          yield UpstreamErrors.timedOut();
        }
        case Turn.Asked asked -> throw new IllegalStateException("modern servers ask otherwise");
      };
    }
  }

  /** The parameters with everything a modern server wants to know of a request (CH-05). */
  private JsonObject request(Exchange exchange, Optional<Json> token) {
    ClientContext client = exchange.client();
    ClientContext shown =
        new ClientContext(
            version,
            withoutTasks(client.capabilities()), // the caller's own, and no more (CM-06)
            client.info().or(() -> Optional.of(options.clientInfo())),
            options.shared() ? Optional.empty() : client.logLevel());
    JsonObject params = exchange.params();
    if (exchange.continuation().isPresent()) {
      params = withAnswers(params, exchange.continuation().get());
    }
    return Meta.of(version, shown, token).addTo(params);
  }

  private static JsonObject withoutTasks(JsonObject capabilities) {
    Optional<JsonObject> extensions = capabilities.object("extensions");
    return extensions.filter(some -> some.has(TASKS)).isPresent()
        ? capabilities.with("extensions", extensions.get().without(TASKS))
        : capabilities;
  }

  /** The server's own state goes back as it came (CM-02); none came, none goes. */
  private static JsonObject withAnswers(JsonObject params, Continuation continuation) {
    JsonObject answers = continuation.answers();
    for (String key : answers.names()) {
      if (answers.get(key).filter(answer -> answer.kind() == Json.Kind.NULL).isPresent()) {
        answers = answers.without(key); // "Could not answer" has no form here (4-T23).
      }
    }
    JsonObject full = answers.isEmpty() ? params : params.with("inputResponses", answers);
    Optional<String> state = continuation.handle();
    return state.isPresent() ? full.with("requestState", state.get()) : full;
  }

  private Outcome outcome(Message.Reply reply, Exchange exchange) {
    return switch (reply) {
      case Message.Failure failure -> ModernErrors.outcome(failure.error(), exchange);
      case Message.Result result -> {
        Optional<Outcome> valid = ModernResults.outcome(result.result(), exchange);
        if (valid.isEmpty()) {
          wire.count(Fault.INVALID_RESULT);
        }
        yield valid
            .map(outcome -> published(outcome, exchange))
            .orElse(new Outcome.Failed(RpcError.internal("The server's answer was not valid")));
      }
    };
  }

  private Outcome published(Outcome outcome, Exchange exchange) {
    return Method.TOOLS_LIST.is(exchange.method())
            && outcome instanceof Outcome.Complete(JsonObject result)
        ? new Outcome.Complete(annotations.check(result))
        : outcome;
  }

  @Override
  public boolean alive() {
    return wire.alive();
  }

  @Override
  public boolean busy() {
    return wire.calls().size() > 0;
  }

  @Override
  public int calls() {
    return wire.calls().size();
  }

  @Override
  public boolean answers(Duration limit) {
    return silence.breaks(limit);
  }

  @Override
  public String where() {
    return wire.where();
  }

  @Override
  public ProtocolVersion version() {
    return version;
  }

  @Override
  public String era() {
    return "modern";
  }

  @Override
  public void close() {
    wire.close();
  }
}
