package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Admission;
import dev.sallyport.downstream.Answers;
import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.Rounds;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.HttpAnswer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Streamable HTTP for the versions with a handshake (mcp-reference A.5): POST carries one message
 * or a batch, GET opens or resumes a stream, DELETE ends the session. Everything but the handshake
 * belongs to a session, and a session belongs to a caller. Thread-safe.
 */
public final class LegacyEndpoint implements AutoCloseable {
  private static final String SESSION_ID = "Mcp-Session-Id";
  private static final String VERSION = "MCP-Protocol-Version";
  private static final Duration SWEEP = Duration.ofSeconds(5);

  private final List<ProtocolVersion> served;
  private final SessionLimits limits;
  private final Handshake handshake;
  private final Admission requests;
  private final Clock clock;
  private final ReplayBudget replay;
  private final Sessions sessions;
  private final Optional<SseEndpoint> sse;
  private final Rounds sweeps;
  private final Cancellation closing = new Cancellation();

  /**
   * @param requests to be entered for the time a request is carried out, not for answers to
   *     questions or for streams
   */
  public LegacyEndpoint(
      EndpointOptions options,
      Handler handler,
      CallerCheck callers,
      Admission requests,
      Clock clock,
      SecureRandom random) {
    this.served = overHttp();
    this.limits = options.sessions();
    this.handshake = new Handshake(options.route(), this.served, handler, limits, random);
    this.requests = requests;
    this.clock = clock;
    this.replay = new ReplayBudget(limits.replayTotal());
    this.sessions = new Sessions(limits, clock, random);
    this.sse =
        options
            .sse()
            .map(paths -> new SseEndpoint(options, paths, handler, sessions, requests, random));
    this.sweeps =
        Rounds.start("legacy-sessions", SWEEP, () -> sessions.sweep(callers::mayComeBack));
  }

  /** Newest first. The first version had another transport. */
  private static List<ProtocolVersion> overHttp() {
    return ProtocolVersion.newestFirst(ProtocolVersion.Era.LEGACY).stream()
        .filter(version -> version.atLeast(ProtocolVersion.V2025_03_26))
        .toList();
  }

  public void post(ClientCall call, Reading reading) {
    if (!isVersionServed(call)) {
      malformed(call, id(reading), "Unsupported " + VERSION); // VN-15
      return;
    }
    switch (reading) {
      case Reading.Broken(var id, var error, _) ->
          call.malformed(new Message.Failure(id, error)); // JR-15
      case Reading.Batch(var elements) ->
          inSession(call, Optional.empty(), session -> batch(call, session, elements));
      case Reading.Single(Message.Request request) -> {
        if (Method.INITIALIZE.is(request.method())) {
          initialize(call, request);
        } else {
          inSession(call, Optional.of(request.id()), session -> request(call, session, request));
        }
      }
      case Reading.Single(Message.Notification notification) ->
          inSession(
              call,
              Optional.empty(),
              session -> {
                session.notice(notification);
                call.accepted(); // LH-07
              });
      case Reading.Single(Message.Reply reply) ->
          inSession(
              call,
              Optional.empty(),
              session -> {
                session.answer(reply);
                call.accepted(); // LH-07
              });
    }
  }

  /** The older transport beside this one, where it is offered. Its sessions are among these. */
  public Optional<SseEndpoint> sse() {
    return sse;
  }

  // ---- the handshake

  private void initialize(ClientCall call, Message.Request request) {
    if (call.header(SESSION_ID).isPresent()) {
      malformed(call, Optional.of(request.id()), "A new session begins without " + SESSION_ID);
      return;
    }
    Optional<Refusal> full = sessions.full(call.caller());
    if (full.isPresent()) {
      call.refuse(full.get(), Optional.of(request.id()));
      return;
    }
    admitted(call, Optional.of(request.id()), () -> open(call, request));
  }

  /** It may have to wait for a server that is still starting, but not for a caller who left. */
  private void open(ClientCall call, Message.Request request) {
    Cancellation unwanted = new Cancellation();
    try (var _ = closing.onCancel(unwanted::cancel);
        var _ = call.disconnected().onCancel(unwanted::cancel);
        var _ = call.withdrawn().onCancel(unwanted::cancel)) {
      open(call, request, unwanted);
    }
  }

  private void open(ClientCall call, Message.Request request, Cancellation unwanted) {
    switch (HttpSession.open(
        handshake, request, call.identity(), unwanted, limits, replay, clock)) {
      case HttpSession.Opening.Turned(Ending.Replied(var reply)) -> call.reply(200, reply);
      case HttpSession.Opening.Turned(Ending.Refused(var id, var refusal)) ->
          call.refused(refusal, Optional.of(id));
      case HttpSession.Opening.Turned(Ending.Silent _) -> call.accepted();
      case HttpSession.Opening.Opened(var session, var reply) -> {
        switch (sessions.add(session)) {
          case Sessions.Entry.Full(var refusal) -> call.refuse(refusal, Optional.of(request.id()));
          case Sessions.Entry.Added(var id) ->
              call.answer(Answers.reply(200, reply).with(SESSION_ID, id));
        }
      }
    }
  }

  // ---- in a session

  private void request(ClientCall call, HttpSession session, Message.Request request) {
    admitted(call, Optional.of(request.id()), () -> session.request(request, call));
  }

  private void batch(ClientCall call, HttpSession session, List<Reading> elements) {
    Optional<RpcError> fault = Batch.fault(elements, session.version(), limits.batch());
    if (fault.isPresent()) {
      call.malformed(new Message.Failure(Optional.empty(), fault.get()));
    } else if (Batch.wantsNoAnswer(elements)) {
      session.batch(elements);
      call.accepted();
    } else {
      admitted(call, Optional.empty(), () -> session.batch(elements, call));
    }
  }

  public void get(ClientCall call) {
    if (!isVersionServed(call)) {
      malformed(call, Optional.empty(), "Unsupported " + VERSION);
      return;
    }
    inSession(call, Optional.empty(), session -> stream(call, session));
  }

  private static void stream(ClientCall call, HttpSession session) {
    List<String> lastEventId = call.head().fields().all("Last-Event-ID");
    if (lastEventId.size() > 1) {
      malformed(call, Optional.empty(), "Last-Event-ID is given once");
    } else if (lastEventId.isEmpty() || lastEventId.getFirst().isEmpty()) {
      if (!session.listen(call)) {
        call.refuse(
            Refusal.of(Reason.TOO_MANY_REQUESTS, "This session has too many streams"),
            Optional.empty());
      }
    } else if (!session.resume(lastEventId.getFirst(), call)) {
      malformed(call, Optional.empty(), "There is nothing to resume after this Last-Event-ID");
    }
  }

  public void delete(ClientCall call) {
    if (!isVersionServed(call)) {
      malformed(call, Optional.empty(), "Unsupported " + VERSION);
      return;
    }
    inSession(
        call,
        Optional.empty(),
        session -> {
          sessions.end(session);
          call.answer(HttpAnswer.empty(204)); // LH-06
        });
  }

  /** Whether a session id is one of this caller's live sessions. */
  public boolean knows(String sessionId, Caller caller) {
    return sessions.peek(sessionId, caller, HttpSession.class).isPresent();
  }

  // ---- the gates

  private void inSession(ClientCall call, Optional<RpcId> id, Consumer<HttpSession> then) {
    List<String> given = call.head().fields().all(SESSION_ID);
    if (given.size() != 1) {
      malformed(call, id, "Send initialize first, and then its " + SESSION_ID); // LH-04
      return;
    }
    sessions
        .find(given.getFirst(), call.caller(), HttpSession.class)
        .ifPresentOrElse(
            then,
            () ->
                call.refuse(
                    Refusal.of(Reason.NOT_FOUND, "There is no such session; send initialize"),
                    id)); // LH-05
  }

  private void admitted(ClientCall call, Optional<RpcId> id, Runnable work) {
    switch (requests.enterSoon(call.caller())) {
      case Admission.Entry.Full(var refusal) -> call.refuse(refusal, id);
      case Admission.Entry.Place place -> {
        try (place) {
          work.run();
        }
      }
    }
  }

  /** Without the field a session speaks what was agreed (VN-14). */
  private boolean isVersionServed(ClientCall call) {
    List<String> given = call.head().fields().all(VERSION);
    return given.isEmpty()
        || (given.size() == 1
            && ProtocolVersion.of(given.getFirst()).filter(served::contains).isPresent());
  }

  static void malformed(ClientCall call, Optional<RpcId> id, String why) {
    call.refuse(Refusal.of(Reason.MALFORMED, RpcError.invalidRequest(why), why), id);
  }

  static Optional<RpcId> id(Reading reading) {
    return switch (reading) {
      case Reading.Single(Message.Request request) -> Optional.of(request.id());
      case Reading.Broken(var id, _, _) -> id;
      case Reading.Single _, Reading.Batch _ -> Optional.empty();
    };
  }

  // ---- its life

  /** Ends every session and cancels what is being carried out. */
  @Override
  public void close() {
    sweeps.close();
    closing.cancel();
    sessions.close();
  }
}
