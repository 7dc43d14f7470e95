package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.wire.Breakdown;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.Silence;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.ToolAnnotations;
import dev.sallyport.upstream.wire.UpstreamErrors;
import dev.sallyport.upstream.wire.Watch.Turn;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A legacy server after the handshake. A call runs in {@link #follow}: it ends with an answer, or
 * is parked with questions and goes on there when the answers come. Thread-safe.
 */
public final class LegacyConversation implements Conversation {
  private final Wire wire;
  private final Silence silence;
  private final LegacyOptions options;
  private final Parks parks;
  private final ServerRequests requests;
  private final LegacyListens listens;
  private final Handshake handshake;
  private final LogSetting log;
  private final ToolAnnotations annotations;
  private final TaskTools taskTools;

  private LegacyConversation(Wire wire, ClientProfile profile, LegacyOptions options, Parks parks)
      throws StartException {
    this.wire = wire;
    this.options = options;
    this.parks = parks;
    annotations = new ToolAnnotations(wire, false);
    taskTools = new TaskTools(wire);
    silence = new Silence(wire, Method.PING, JsonObject.EMPTY, options.watch().quiet());
    requests = new ServerRequests(wire, profile, options.shared());
    listens = new LegacyListens(wire, options);
    wire.start(new LegacyInbound(wire, requests, listens, parks, options.shared()));
    handshake = Handshake.with(wire, profile, options.clientInfo(), options.handshake());
    log =
        new LogSetting(
            wire, handshake.offers("logging") && (!options.shared() || wire.hasStreamPerCall()));
  }

  /**
   * Greets a fresh child.
   *
   * @param profile what it is told its client can do
   * @throws StartException when there is no conversation to be had; the child is ended then
   */
  public static LegacyConversation greet(
      Wire wire, ClientProfile profile, LegacyOptions options, Parks parks) throws StartException {
    return new LegacyConversation(wire, profile, options, parks);
  }

  @Override
  public Carried carryOut(Exchange exchange) {
    Optional<Method> method = Method.of(exchange.method());
    if (method.isEmpty()) {
      // Not of this protocol, so the server's own: it knows best. But for tasks, which it was not
      // told of (2.6).
      return exchange.method().startsWith("tasks/") ? done(notFound()) : begin(exchange);
    }
    return switch (method.get()) {
      case DISCOVER -> done(new Outcome.Complete(handshake.toDiscoverResult()));
      case TOOLS_CALL, PROMPTS_GET, RESOURCES_READ -> beginOrGoOn(exchange);
      case TOOLS_LIST, PROMPTS_LIST, RESOURCES_LIST, RESOURCE_TEMPLATES_LIST, COMPLETE ->
          begin(exchange);
      // Legacy methods have no place in the canonical form, however well the server knows them.
      default -> done(notFound());
    };
  }

  private static Carried done(Outcome outcome) {
    return new Carried.Done(outcome);
  }

  @Override
  public Listening listen(Exchange exchange) {
    return listens.listen(exchange, handshake);
  }

  @Override
  public boolean has(ListChange list) {
    return handshake.offers(list.capability());
  }

  private static Outcome notFound() {
    return new Outcome.Failed(RpcError.methodNotFound());
  }

  private Carried beginOrGoOn(Exchange exchange) {
    Optional<Continuation> continuation = exchange.continuation();
    Optional<String> handle = continuation.flatMap(Continuation::handle);
    if (continuation.isEmpty() || handle.isEmpty()) {
      return begin(exchange); // Answers without a handle answer nothing of ours.
    }
    JsonObject answers = continuation.get().answers();
    OptionalInt pages = LegacyErrors.pages(handle.get());
    if (pages.isPresent()) {
      return LegacyErrors.agreed(answers, pages.getAsInt())
          ? begin(exchange)
          : done(
              LegacyErrors.failed(
                  exchange, "The user did not open the page the server asked for."));
    }
    return switch (parks.claim(handle.get(), exchange)) {
      case Parks.Claim.Found found ->
          found.parked().child().goOn(found.parked().call(), continuation.get(), exchange);
      case Parks.Claim.Unknown unknown ->
          done(new Outcome.Failed(RpcError.invalidParams("requestState is not valid here")));
      case Parks.Claim.Used used ->
          done(new Outcome.Failed(RpcError.invalidParams("requestState was used already")));
      case Parks.Claim.Lost lost ->
          done(
              LegacyErrors.failed(
                  exchange,
                  "The operation that waited for this answer is gone. It may have had partial"
                      + " effects."));
    };
  }

  private Carried begin(Exchange exchange) {
    if (exchange.cancellation().isCancelled()) {
      return done(new Outcome.Cancelled());
    }
    log.prepareFor(exchange);
    Optional<Call> begun = wire.calls().begin();
    if (begun.isEmpty()) {
      return done(UpstreamErrors.tooBusy());
    }
    LegacyCall call = new LegacyCall(begun.get(), exchange);
    requests.began(call);
    call.call().carries(exchange, version());
    return orLeave(
        call,
        () -> {
          wire.send(call.call(), request(call, exchange), Map.of());
          return follow(call, exchange);
        });
  }

  private Message.Request request(LegacyCall call, Exchange exchange) {
    JsonObject params = handshake.adapt(exchange);
    if (exchange.progressToken().isPresent()) {
      params = Meta.withProgressToken(params, call.call().progressToken());
    }
    return new Message.Request(call.call().id(), exchange.method(), params);
  }

  /**
   * What breaks off on our side leaves no call behind, which would keep its child busy for ever.
   */
  private Carried orLeave(LegacyCall call, Supplier<Carried> work) {
    boolean done = false;
    try {
      Carried carried = work.get();
      done = true;
      return carried;
    } finally {
      if (!done) {
        giveUp(call, "it broke off");
      }
    }
  }

  /** Brings answers to a parked call and goes on waiting for it. */
  private Carried goOn(LegacyCall call, Continuation given, Exchange exchange) {
    call.call().resume();
    return orLeave(
        call,
        () -> {
          call.questions().answer(given).forEach(wire::send);
          if (!call.questions().toQuestions().isEmpty()) {
            call.nudge(); // Some are missing, or new: the next round (MR-10).
          }
          return follow(call, exchange);
        });
  }

  private Carried follow(LegacyCall call, Exchange exchange) {
    long since = System.nanoTime();
    long end = options.watch().end();
    Turn turn = options.watch().await(exchange, call.call(), end);
    while (turn instanceof Turn.Asked) {
      turn = gather(call, exchange);
      if (turn instanceof Turn.TimedOut) {
        Optional<Outcome> parked = park(call, exchange);
        if (parked.isPresent()) {
          return done(parked.get());
        }
        turn = options.watch().await(exchange, call.call(), end);
      }
    }
    return conclude(turn, since, call, exchange);
  }

  /** Servers ask several things at once: one round is kinder to the user than three (2.2.3). */
  private Turn gather(LegacyCall call, Exchange exchange) {
    long end = System.nanoTime() + options.window().toNanos();
    Turn turn = new Turn.Asked();
    while (turn instanceof Turn.Asked && end - System.nanoTime() > 0) {
      turn = options.watch().awaitUntil(end, exchange, call.call());
    }
    return turn instanceof Turn.Asked ? new Turn.TimedOut() : turn;
  }

  /** Empty when there is nothing to ask after all. */
  private Optional<Outcome> park(LegacyCall call, Exchange exchange) {
    List<Question> questions = call.questions().toQuestions();
    if (questions.isEmpty()) {
      return Optional.empty();
    }
    call.call().park();
    Optional<String> handle = parks.park(new Parks.Parked(this, call));
    if (handle.isEmpty()) {
      // Too many wait for their users already: this one goes on without (2.2.9).
      call.call().resume();
      call.questions().dismiss().forEach(wire::send);
      return Optional.empty();
    }
    if (!wire.alive()) {
      parks.lose(List.of(call));
    }
    // Whoever can still cancel this exchange will not come with answers then (2.2.8).
    exchange.cancellation().onCancel(() -> parks.giveUp(handle.get()));
    return Optional.of(
        new Outcome.InputRequired(questions, handle, JsonObject.EMPTY, call.questions()));
  }

  private Carried conclude(Turn turn, long since, LegacyCall call, Exchange exchange) {
    return switch (turn) {
      case Turn.Answered answered -> {
        close(call);
        yield done(outcome(answered.reply(), call, exchange));
      }
      case Turn.Broken broken -> {
        close(call);
        if (broken.breakdown().kind() == Breakdown.Kind.UNKNOWN_HERE) {
          if (silence.stillSpeaks()) {
            yield done(UpstreamErrors.of(broken.breakdown()));
          }
          wire.giveUp(); // It may know neither the session nor the era any more.
        }
        yield UpstreamErrors.carried(broken, exchange);
      }
      case Turn.Cancelled cancelled -> {
        giveUp(call, "the client cancelled");
        yield done(new Outcome.Cancelled());
      }
      case Turn.TimedOut timedOut -> {
        giveUp(call, "it took too long");
        silence.after(call.call(), since);
        yield done(UpstreamErrors.timedOut());
      }
      case Turn.Asked asked -> throw new IllegalStateException("a question concludes nothing");
    };
  }

  private void close(LegacyCall call) {
    call.call().close();
    requests.ended(call);
  }

  /** Nobody answered in time: the server learns that, and what it asked was not answered. */
  void abandon(LegacyCall call) {
    giveUp(call, "no answer came");
  }

  /** The call first, then its questions, so that the server need not go on after them (2.2.8). */
  private void giveUp(LegacyCall call, String reason) {
    wire.cancel(call.call(), reason);
    call.questions().dismiss().forEach(wire::send);
    close(call);
  }

  private Outcome outcome(Message.Reply reply, LegacyCall call, Exchange exchange) {
    Optional<LegacyCall.Refusals> cause = call.refused().filter(refused -> refused.caused(reply));
    // A client of this era can read what its server says of that; the code is one of the next.
    if (cause.isPresent() && exchange.client().version().era() == ProtocolVersion.Era.MODERN) {
      return new Outcome.Failed(RpcError.missingCapability(cause.get().required()));
    }
    return switch (reply) {
      case Message.Result result ->
          new Outcome.Complete(
              Method.TOOLS_LIST.is(exchange.method())
                  ? annotations.check(taskTools.check(result.result()))
                  : result.result());
      case Message.Failure failure -> LegacyErrors.outcome(failure.error(), exchange);
    };
  }

  @Override
  public boolean alive() {
    return wire.alive();
  }

  @Override
  public boolean busy() {
    return wire.calls().size() > 0 || listens.live() > 0;
  }

  @Override
  public int calls() {
    return wire.calls().size() + listens.live();
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
    return handshake.version();
  }

  @Override
  public String era() {
    return "legacy";
  }

  @Override
  public void close() {
    wire.close();
  }
}
