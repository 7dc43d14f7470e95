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
import dev.sallyport.protocol.Tasks;
import dev.sallyport.upstream.wire.Breakdown;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Silence;
import dev.sallyport.upstream.wire.ToolAnnotations;
import dev.sallyport.upstream.wire.UpstreamErrors;
import dev.sallyport.upstream.wire.Watch.Turn;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries one exchange over to a modern server: writes what the server wants to know of a request,
 * waits, and judges what comes. Thread-safe.
 */
final class Relay {
  private static final int MOST_PAGES = 100;

  /**
   * Begins a handle that is the server's own state; the rest of it goes back as it came (CM-02).
   */
  private static final String SERVERS_OWN = "s";

  private static final List<String> RELAYED =
      List.of(Tasks.EXTENSION, "io.modelcontextprotocol/ui");

  private final Wire wire;
  private final Silence silence;
  private final ProtocolVersion version;
  private final ModernOptions options;
  private final ToolAnnotations annotations;
  private final MirroredTools mirrored = new MirroredTools();

  Relay(Wire wire, Silence silence, ProtocolVersion version, ModernOptions options) {
    this.wire = wire;
    this.silence = silence;
    this.version = version;
    this.options = options;
    annotations = new ToolAnnotations(wire, wire.hasStreamPerCall());
  }

  private static Carried done(Outcome outcome) {
    return new Carried.Done(outcome);
  }

  /** Once more when headers were wrong: that was our fault, and the server did nothing (CH-10). */
  Carried carryOut(Exchange exchange) {
    Attempt first = attempt(exchange);
    if (!first.headersWereWrong()) {
      return first.carried();
    }
    readTools(exchange);
    Attempt second = attempt(exchange);
    return second.headersWereWrong()
        ? done(new Outcome.Failed(RpcError.internal("upstream refused our headers")))
        : second.carried();
  }

  /**
   * @param headersWereWrong whether the server found that headers do not say what the body says
   */
  private record Attempt(Carried carried, boolean headersWereWrong) {
    static Attempt of(Carried carried) {
      return new Attempt(carried, false);
    }
  }

  private Attempt attempt(Exchange exchange) {
    if (exchange.cancellation().isCancelled()) {
      return Attempt.of(done(new Outcome.Cancelled()));
    }
    Optional<RpcError> declined = exchange.continuation().flatMap(Continuation::fault);
    if (declined.isPresent()) {
      return Attempt.of(done(new Outcome.Failed(declined.get())));
    }
    Optional<Call> begun = wire.calls().begin(); // a new id for every round (CM-04)
    if (begun.isEmpty()) {
      return Attempt.of(done(UpstreamErrors.tooBusy()));
    }
    try (Call call = begun.get()) {
      if (exchange.client().logLevel().isPresent()) {
        call.wantLogs();
      }
      Optional<Json> token = exchange.progressToken().map(given -> call.progressToken());
      call.carries(exchange, version);
      long since = System.nanoTime();
      JsonObject params = request(exchange, token);
      wire.send(
          call,
          new Message.Request(call.id(), exchange.method(), params),
          wire.hasStreamPerCall() && Method.TOOLS_CALL.is(exchange.method())
              ? mirrored.of(params)
              : Map.of());
      Turn turn = options.watch().await(exchange, call, options.watch().end());
      return concluded(turn, since, call, exchange);
    }
  }

  private Attempt concluded(Turn turn, long since, Call call, Exchange exchange) {
    return switch (turn) {
      case Turn.Answered(Message.Failure failure)
          when failure.error().code() == RpcError.HEADER_MISMATCH
              && wire.hasStreamPerCall()
              && Method.TOOLS_CALL.is(exchange.method()) ->
          new Attempt(done(outcome(failure, exchange)), true);
      case Turn.Answered(Message.Failure failure)
          when failure.error().code() == RpcError.UNSUPPORTED_VERSION -> {
        wire.giveUp(); // It was changed while it served; the next conversation asks (CH-15).
        yield Attempt.of(new Carried.Again(outcome(failure, exchange)));
      }
      case Turn.Answered answered -> Attempt.of(done(outcome(answered.reply(), exchange)));
      case Turn.Broken broken -> {
        if (broken.breakdown().kind() == Breakdown.Kind.UNKNOWN_HERE) {
          if (silence.stillSpeaks()) {
            yield Attempt.of(done(UpstreamErrors.of(broken.breakdown())));
          }
          wire.giveUp(); // Another release, or another era, by now: it is probed anew (CH-19).
        }
        yield Attempt.of(UpstreamErrors.carried(broken, exchange));
      }
      case Turn.Cancelled cancelled -> {
        wire.cancel(call, "the client cancelled");
        yield Attempt.of(done(new Outcome.Cancelled()));
      }
      case Turn.TimedOut timedOut -> {
        wire.cancel(call, "it took too long");
        silence.after(call, since);
        yield Attempt.of(done(UpstreamErrors.timedOut()));
      }
      case Turn.Asked asked -> throw new IllegalStateException("modern servers ask otherwise");
    };
  }

  /** All pages together have the time of one question: somebody waits. */
  private void readTools(Exchange exchange) {
    long deadline = System.nanoTime() + options.acknowledgement().toNanos();
    JsonObject params = JsonObject.EMPTY;
    for (int page = 0; page < MOST_PAGES && !exchange.cancellation().isCancelled(); page++) {
      JsonObject asked = Meta.of(version, shown(exchange), Optional.empty()).addTo(params);
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<Message.Reply> reply = wire.ask(Method.TOOLS_LIST, asked, left);
      if (reply.isEmpty() || !(reply.get() instanceof Message.Result list)) {
        return;
      }
      mirrored.saw(list.result());
      Optional<Json> cursor = list.result().get("nextCursor");
      if (cursor.isEmpty()) {
        return;
      }
      params = JsonObject.of("cursor", cursor.get());
    }
  }

  /** The parameters with everything a modern server wants to know of a request (CH-05). */
  JsonObject request(Exchange exchange, Optional<Json> token) {
    JsonObject params = exchange.params();
    if (exchange.continuation().isPresent()) {
      params = withAnswers(params, exchange.continuation().get());
    }
    return Meta.of(version, shown(exchange), token).addTo(params);
  }

  /** Of extensions, those that we know how to relay (4-T46). */
  private static JsonObject ours(JsonObject capabilities) {
    Optional<JsonObject> declared = capabilities.object("extensions");
    if (declared.isEmpty()) {
      return capabilities;
    }
    JsonObject relayed = JsonObject.EMPTY;
    for (String extension : RELAYED) {
      Optional<Json> settings = declared.get().get(extension);
      relayed = settings.isPresent() ? relayed.with(extension, settings.get()) : relayed;
    }
    return relayed.isEmpty()
        ? capabilities.without("extensions")
        : capabilities.with("extensions", relayed);
  }

  ClientContext shown(Exchange exchange) {
    ClientContext client = exchange.client();
    return new ClientContext(
        version,
        ours(client.capabilities()), // the caller's own, and no more (CM-06)
        client.info().or(() -> Optional.of(options.clientInfo())),
        // Over a pipe that callers share nobody could tell whose call a message is about (4-T48).
        options.shared() && !wire.hasStreamPerCall() ? Optional.empty() : client.logLevel());
  }

  /** The server's own state goes back as it came (CM-02); none came, none goes. */
  private static JsonObject withAnswers(JsonObject params, Continuation continuation) {
    JsonObject answers = JsonObject.EMPTY;
    JsonObject given = continuation.answersInFull();
    for (String key : given.names()) {
      Optional<JsonObject> answer = given.object(key);
      if (answer.isPresent()) {
        // Answers of this era are no Results: they have neither member (4-T42).
        answers = answers.with(key, answer.get().without("resultType", "_meta"));
      }
    }
    JsonObject full = answers.isEmpty() ? params : params.with("inputResponses", answers);
    Optional<String> state = continuation.handle().filter(handle -> handle.startsWith(SERVERS_OWN));
    return state.isPresent() ? full.with("requestState", state.get().substring(1)) : full;
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
    if (outcome instanceof Outcome.InputRequired asked) {
      return new Outcome.InputRequired(
          asked.questions(), asked.handle().map(state -> SERVERS_OWN + state), asked.rest());
    }
    if (Method.TOOLS_LIST.is(exchange.method())
        && outcome instanceof Outcome.Complete(JsonObject result)) {
      mirrored.saw(result);
      return new Outcome.Complete(annotations.check(result));
    }
    return outcome;
  }
}
