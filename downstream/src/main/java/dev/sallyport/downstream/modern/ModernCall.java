package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.util.Optional;

/**
 * One sound modern request, ready to be carried out once, on the calling thread. Notifications and
 * the ending go to whoever runs it.
 */
public final class ModernCall {
  private final ModernProtocol protocol;
  private final Message.Request request;
  private final Optional<Continuation> continuation;
  private final int round;
  private final Origin origin;
  private final ClientContext client;
  private final Meta meta;
  private final Mirror mirror;

  /** Fires when the client left, or we stop. */
  private final Cancellation ended = new Cancellation();

  ModernCall(
      ModernProtocol protocol,
      Message.Request request,
      Optional<Continuation> continuation,
      int round,
      Origin origin,
      ClientContext client,
      Meta meta,
      Mirror mirror) {
    this.protocol = protocol;
    this.request = request;
    this.continuation = continuation;
    this.round = round;
    this.origin = origin;
    this.client = client;
    this.meta = meta;
    this.mirror = mirror;
  }

  public RpcId id() {
    return request.id();
  }

  /** Whether this is a subscription, which lasts until somebody ends it. */
  public boolean isListen() {
    return Method.LISTEN.is(request.method());
  }

  /**
   * Carries the request out.
   *
   * @param channel the way to the client before the ending
   * @param gone fires when nobody waits for the ending any more
   * @param draining fires when a subscription should end by itself (SB-06); calls go on
   */
  public Ending run(ClientChannel channel, Cancellation gone, Cancellation draining) {
    try (var _ = gone.onCancel(ended::cancel);
        var _ = protocol.closing.onCancel(ended::cancel)) {
      Ending ending =
          checkParameters().orElseGet(() -> isListen() ? listen(channel, draining) : call(channel));
      return gone.isCancelled() ? new Ending.Nothing() : ending;
    }
  }

  private Ending call(ClientChannel channel) {
    return switch (carryOut(new RequestNotices(meta, channel))) {
      case Outcome.Complete(var result) -> complete(result);
      case Outcome.InputRequired asked -> ask(asked);
      case Outcome.Failed failed -> failed(failed);
      case Outcome.Refused(var refusal) -> new Ending.Refused(id(), refusal);
      case Outcome.Cancelled _ -> stopped();
    };
  }

  private Ending listen(ClientChannel channel, Cancellation draining) {
    Optional<JsonObject> filter = ListenNotices.filter(request.params());
    if (filter.isEmpty()) {
      return Ending.failed(
          id(), RpcError.invalidParams("Invalid params: notifications must be a filter")); // SB-01
    }
    ListenNotices notices =
        new ListenNotices(
            id(), filter.get(), () -> protocol.toolHeaders.forget(origin.caller()), channel);
    try (var _ = draining.onCancel(ended::cancel)) {
      return switch (carryOut(notices)) {
        // Cancelled, but not by the client: the end is ours, and it has a result (SB-06).
        case Outcome.Cancelled _ -> closed(JsonObject.EMPTY);
        case Outcome.Complete(var result) -> closed(result);
        case Outcome.Failed failed -> failed(failed);
        case Outcome.Refused(var refusal) -> new Ending.Refused(id(), refusal);
        case Outcome.InputRequired _ -> broken("asked the client in a subscription");
      };
    }
  }

  private Outcome carryOut(ClientChannel notices) {
    return protocol.behind.carryOut(
        new Exchange(
            request.method(),
            request.params(),
            continuation,
            origin,
            client,
            meta.progressToken(),
            notices,
            ended));
  }

  private Ending complete(JsonObject result) {
    JsonObject own =
        Method.DISCOVER.is(request.method()) ? Results.discovered(result, protocol.served) : result;
    Optional<JsonObject> typed = Results.complete(request.method(), own, client);
    if (typed.isEmpty()) {
      return broken("returned a result of a type this client does not know"); // 4-T44
    }
    if (Method.DISCOVER.is(request.method())) {
      protocol.identity.learn(origin.caller(), result);
    }
    if (Method.TOOLS_LIST.is(request.method())) {
      protocol.toolHeaders.saw(origin.caller(), request.params(), result);
    }
    return replied(typed.get());
  }

  private Ending closed(JsonObject result) {
    return Results.complete(request.method(), result, client)
        .map(typed -> replied(Meta.withSubscriptionId(typed, id()))) // SB-03
        .orElseGet(() -> broken("ended a subscription with a result of an unknown type"));
  }

  private Ending ask(Outcome.InputRequired asked) {
    if (Method.of(request.method()).filter(Method::mayAsk).isEmpty()) {
      return broken("asked the client where that is not allowed"); // MR-02
    }
    Optional<JsonObject> requests = Questions.toInputRequests(asked.questions(), client);
    if (requests.isEmpty()) {
      return broken("asked what the client did not say it can answer"); // MR-05
    }
    if (round >= ModernProtocol.MOST_ROUNDS) {
      return broken("asked the client again and again");
    }
    StateSeal.Binding binding =
        new StateSeal.Binding(origin.caller(), request.method(), request.params());
    Optional<String> state =
        asked
            .handle()
            .flatMap(
                handle -> protocol.seal.seal(new StateSeal.Opened(handle, round + 1), binding));
    if (state.isEmpty() && asked.handle().isPresent()) {
      return broken("returned a handle that is too long");
    }
    return replied(Results.inputRequired(asked.rest(), requests.get(), state));
  }

  /** HD-10 to HD-14; a list that may be out of date is read anew before a call is refused. */
  private Optional<Ending> checkParameters() {
    Optional<String> tool = request.params().string("name");
    if (!mirror.hasParameters() || !Method.TOOLS_CALL.is(request.method()) || tool.isEmpty()) {
      return Optional.empty();
    }
    ToolHeaders.Lookup lookup = protocol.toolHeaders.of(tool.get(), origin, client, ended);
    if (lookup instanceof ToolHeaders.Lookup.Found found
        && !found.recent()
        && mismatch(found).isPresent()) {
      lookup = protocol.toolHeaders.read(tool.get(), origin, client, ended);
    }
    return switch (lookup) {
      case ToolHeaders.Lookup.Found found ->
          mismatch(found).map(error -> Ending.malformed(id(), error));
      case ToolHeaders.Lookup.Unknown(var why) -> Optional.of(unchecked(why));
    };
  }

  private Optional<RpcError> mismatch(ToolHeaders.Lookup.Found found) {
    JsonObject arguments = request.params().object("arguments").orElse(JsonObject.EMPTY);
    return mirror.checkParameters(found.headers(), arguments);
  }

  /** What kept us from reading the list would have kept the call from being carried out. */
  private Ending unchecked(Outcome why) {
    return switch (why) {
      case Outcome.Failed failed -> failed(failed);
      case Outcome.Refused(var refusal) -> new Ending.Refused(id(), refusal);
      case Outcome.Complete _, Outcome.InputRequired _, Outcome.Cancelled _ -> stopped();
    };
  }

  private Ending replied(JsonObject result) {
    JsonObject named = protocol.identity.addTo(result, origin, client); // JR-22
    return new Ending.Replied(200, new Message.Result(id(), named));
  }

  private Ending failed(Outcome.Failed failed) {
    return Ending.failed(id(), ErrorCodes.translate(failed.error()));
  }

  /** Cancelled, but not by the client. */
  private Ending stopped() {
    return new Ending.Refused(
        id(), Refusal.of(Refusal.Reason.UNAVAILABLE, "The server is stopping"));
  }

  private Ending broken(String what) {
    return failed(protocol.behind.broken(request.method(), what));
  }
}
