package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Rounds;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What a legacy client and we know of each other after the handshake, without any transport: a
 * Streamable HTTP session has one, and so has a pipe. In come the client's messages; out go endings
 * of requests, and through a {@link Sink} whatever comes before them. Every request becomes an
 * exchange in the modern form, carried out on the calling thread. Thread-safe.
 */
public final class LegacySession implements AutoCloseable {
  private static final JsonObject DONE = JsonObject.EMPTY;

  private final Origin origin;
  private final ClientContext client;
  private final JsonObject offer;
  private final Handler handler;
  private final SessionLimits limits;
  private final PendingQuestions questions = new PendingQuestions();
  private final Asking asking;
  private final Changes changes;
  // Bounded by whoever lets requests in: one entry for each that is being carried out.
  private final Map<RpcId, CallInProgress> calls = new ConcurrentHashMap<>();
  private volatile Optional<LogLevel> logLevel = Optional.empty();
  private volatile boolean closed;

  /**
   * @param origin without a request
   * @param client what holds for every request of the session
   * @param offer the server's capabilities, as the client was told
   * @param unsolicited where changes go that belong to no call
   */
  LegacySession(
      Origin origin,
      ClientContext client,
      JsonObject offer,
      Handler handler,
      SessionLimits limits,
      QuestionForms forms,
      Sink unsolicited) {
    this.origin = origin;
    this.client = client;
    this.offer = offer;
    this.handler = handler;
    this.limits = limits;
    this.asking = new Asking(questions, forms, limits.questionTimeout());
    this.changes = new Changes(origin, client, offer, handler, limits.subscriptions(), unsolicited);
  }

  public ProtocolVersion version() {
    return client.version();
  }

  public Caller caller() {
    return origin.caller();
  }

  /** Whether it is over, by {@link #close} or because the server's side of it is lost. */
  boolean isOver() {
    return origin.session().filter(ClientSession::isOver).isPresent();
  }

  /** Has something done when it is over, on a thread of its own. */
  void onEnd(Runnable action) {
    origin
        .session()
        .ifPresent(life -> life.onEnd(() -> Thread.ofVirtual().name("session-end").start(action)));
  }

  /** Whether requests are being carried out. */
  public boolean isBusy() {
    return !calls.isEmpty();
  }

  /** Carries out a request on this thread; what comes before its ending goes to the sink. */
  public Ending handle(Message.Request request, Claims claims, Sink sink) {
    return begin(request, claims, sink).get();
  }

  /**
   * Takes a request in, so that it can be cancelled from now on.
   *
   * @param claims of the credential that it came with, which may be another than the handshake's
   * @return carries it out on the thread that asks for its ending; to be asked exactly once
   */
  public Supplier<Ending> begin(Message.Request request, Claims claims, Sink sink) {
    CallInProgress call = new CallInProgress(request, claims, version(), sink);
    if (calls.putIfAbsent(request.id(), call) != null) {
      return () -> call.failed(RpcError.invalidRequest("A request with this id is in progress"));
    }
    return () -> finish(request, call);
  }

  private Ending finish(Message.Request request, CallInProgress call) {
    try {
      return closed
          ? call.failed(RpcError.internal("The session is over"))
          : carryOut(request, call);
    } finally {
      calls.remove(request.id());
    }
  }

  private Ending carryOut(Message.Request request, CallInProgress call) {
    Optional<Method> method = Method.of(request.method());
    if (method.isEmpty()) {
      return relay(request, call); // whether it exists is the handler's to say
    }
    return switch (method.get()) {
      case PING -> reply(request, DONE); // LH-19
      case SET_LEVEL -> setLevel(request, call);
      case SUBSCRIBE -> subscribe(request, call);
      case UNSUBSCRIBE -> unsubscribe(request, call);
      case INITIALIZE -> call.failed(RpcError.invalidRequest("This session is initialized"));
      case TOOLS_LIST,
          TOOLS_CALL,
          PROMPTS_LIST,
          PROMPTS_GET,
          RESOURCES_LIST,
          RESOURCE_TEMPLATES_LIST,
          RESOURCES_READ,
          COMPLETE ->
          relay(request, call);
      // Of another era, for the other direction, or no request at all (JR-13).
      default -> call.failed(RpcError.methodNotFound());
    };
  }

  private Ending relay(Message.Request request, CallInProgress call) {
    return call.run(handler, exchange(request, call), asking, limits.questionRounds());
  }

  private Exchange exchange(Message.Request request, CallInProgress call) {
    Optional<LogLevel> level = logLevel;
    return new Exchange(
        request.method(),
        Meta.stripped(request.params()), // VN-18
        Optional.empty(),
        origin.with(call.claims()).requested(request.id()),
        new ClientContext(client.version(), client.capabilities(), client.info(), level),
        Meta.progressToken(request.params()),
        call.channel(level),
        call.cancellation());
  }

  // ---- what is answered here

  private static Ending reply(Message.Request request, JsonObject result) {
    return new Ending.Replied(new Message.Result(request.id(), result));
  }

  /** LH-20: kept here and told the handler with each exchange (row 8). */
  private Ending setLevel(Message.Request request, CallInProgress call) {
    if (!offer.has("logging")) {
      return call.failed(RpcError.methodNotFound()); // JR-14
    }
    Optional<LogLevel> level = request.params().string("level").flatMap(LogLevel::of);
    if (level.isEmpty()) {
      return call.failed(RpcError.invalidParams("level must be a log level"));
    }
    logLevel = level;
    return reply(request, DONE);
  }

  private Ending subscribe(Message.Request request, CallInProgress call) {
    Optional<RpcError> fault = subscribable(request);
    if (fault.isEmpty()) {
      fault = changes.subscribe(request.params().string("uri").orElseThrow(), call.cancellation());
    }
    return fault.isPresent() ? call.failed(fault.get()) : reply(request, DONE);
  }

  private Ending unsubscribe(Message.Request request, CallInProgress call) {
    Optional<RpcError> fault = subscribable(request);
    if (fault.isPresent()) {
      return call.failed(fault.get());
    }
    changes.unsubscribe(request.params().string("uri").orElseThrow());
    return reply(request, DONE);
  }

  private Optional<RpcError> subscribable(Message.Request request) {
    boolean offered =
        offer
            .object("resources")
            .flatMap(resources -> resources.get("subscribe"))
            .flatMap(Json::asBoolean)
            .orElse(false);
    if (!offered) {
      return Optional.of(RpcError.methodNotFound()); // JR-14
    }
    return request.params().string("uri").isPresent()
        ? Optional.empty()
        : Optional.of(RpcError.invalidParams("uri must be a string"));
  }

  // ---- what needs no answer

  /** Takes a notification. One that is unknown or malformed is ignored (JR-06, CN-03). */
  public void notice(Message.Notification notification) {
    if (Method.INITIALIZED.is(notification.method())) {
      changes.initialized();
    } else if (Method.CANCELLED.is(notification.method())) {
      cancelled(notification.params());
    }
    // Changed roots are nobody's business between requests (row 26), and we ask for no progress.
  }

  /** Only what this session itself has in progress can be meant (security T50). */
  private void cancelled(JsonObject params) {
    Optional<RpcId> id = params.get("requestId").filter(RpcId::isId).map(RpcId::new);
    CallInProgress call = id.isPresent() ? calls.get(id.get()) : null;
    if (call != null) {
      call.cancel();
    }
  }

  /** Takes the client's answer to a question of ours; one nobody waits for is ignored. */
  public void answer(Message.Reply reply) {
    questions.answer(reply);
  }

  /** Changes that belong to no call can be delivered from now on. */
  public void canTellChanges() {
    changes.deliverable();
  }

  /** Cancels what is being carried out and drops every subscription. */
  @Override
  public void close() {
    closed = true;
    changes.close();
    calls.values().forEach(call -> Rounds.step(call::end));
    origin.session().ifPresent(ClientSession::end);
  }
}
