package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Wire;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a legacy server asks of its client. A ping is answered here (CS-17); a question goes to a
 * call in progress. Over a pipe a question does not say which call it belongs to: the only member
 * that could is {@code progressToken}, and that is the server's own. With one call there is no
 * doubt. With several any may carry it (2.2.1): all calls of a child have the same caller, and the
 * answer finds its way by the server's own id. Refusing instead would fail every tool that asks
 * while its user's agent does two things at once; but whoever shows the question is told that it
 * may be another call's (CM-07). Thread-safe; runs on the reading thread and never blocks it.
 */
final class ServerRequests {
  private static final long MOST_BYTES = 32 << 20;
  // Servers ask for roots as soon as they have been greeted, for no request (2.1 row 26), and not
  // all of them outlive an error then. None is an answer that every server has to expect, and goes
  // on from with the folders it was configured with; the client's own are on another machine, and
  // in the middle of a call it is still asked.
  private static final JsonObject NO_ROOTS = JsonObject.of("roots", Json.arrayOf(List.of()));

  private static final RpcError NOBODY =
      RpcError.of(
          RpcError.METHOD_NOT_FOUND,
          "Several clients share this server, so it cannot ask any of them");

  private final Wire wire;
  private final ClientProfile profile;
  private final boolean shared;
  private final Set<LegacyCall> calls = ConcurrentHashMap.newKeySet();

  /**
   * @param shared whether calls of several callers may be in progress: none is ever asked then
   */
  ServerRequests(Wire wire, ClientProfile profile, boolean shared) {
    this.wire = wire;
    this.profile = profile;
    this.shared = shared;
  }

  void began(LegacyCall call) {
    calls.add(call);
  }

  /** What the call had not been answered may be another's question. */
  void ended(LegacyCall call) {
    calls.remove(call);
    call.questions().end().forEach(question -> assign(question, candidates(), true));
  }

  /**
   * @param carrier the call on whose own stream it came, and so the one that it belongs to
   */
  void take(Message.Request request, Optional<Call> carrier) {
    if (Method.PING.is(request.method())) {
      wire.reply(new Message.Result(request.id(), JsonObject.EMPTY));
      return;
    }
    Optional<LegacyCall> owner =
        carrier.flatMap(call -> calls.stream().filter(each -> each.call() == call).findFirst());
    if (shared && owner.isEmpty()) {
      // Whose call it belongs to cannot be known, and it may be one that is over (2.2.1 c). The
      // callers can be asked, so none of them is told that it lacks something.
      refuse(request, NOBODY);
      return;
    }
    switch (profile.fit(request)) {
      case Question.Fit.Fits fits -> {
        List<LegacyCall> candidates = owner.map(List::of).orElseGet(this::candidates);
        assign(request, candidates, owner.isEmpty() && candidates.size() > 1);
      }
      case Question.Fit.Undeclared(JsonObject required) -> {
        RpcError error = profile.refusal(required);
        owner
            .map(List::of)
            .orElseGet(this::candidates)
            .forEach(call -> call.refuse(new LegacyCall.Refusals(required, error)));
        refuse(request, error);
      }
      case Question.Fit.Unknown unknown -> refuse(request, RpcError.methodNotFound());
    }
  }

  /** The calls in progress, parked ones among them. */
  Set<LegacyCall> inProgress() {
    return Set.copyOf(calls);
  }

  /** The server no longer wants an answer to its question (3.5). */
  void withdraw(Message.Notification cancelled) {
    Optional<RpcId> id = cancelled.params().get("requestId").filter(RpcId::isId).map(RpcId::new);
    if (id.isPresent()) {
      calls.forEach(call -> call.questions().withdraw(id.get()));
    }
  }

  private void assign(Message.Request question, List<LegacyCall> candidates, boolean inferred) {
    long open = calls.stream().mapToLong(call -> call.questions().held()).sum();
    if (open + question.params().held() > MOST_BYTES) {
      refuse(question, RpcError.internal("Too much is being asked at once"));
      return;
    }
    for (LegacyCall call : candidates) {
      if (call.questions().add(question, inferred)) {
        call.nudge();
        return;
      }
    }
    // Nobody is there to be asked, so nobody is (T48, CM-12).
    if (Method.ROOTS_LIST.is(question.method())) {
      wire.reply(new Message.Result(question.id(), NO_ROOTS));
    } else {
      refuse(question, RpcError.invalidParams("No request in progress can carry this question"));
    }
  }

  /** The likeliest first: somebody waits for it, and it began last. */
  private List<LegacyCall> candidates() {
    return calls.stream()
        .filter(LegacyCall::mayAsk)
        .sorted(
            Comparator.comparing((LegacyCall call) -> call.call().isParked())
                .thenComparingLong(call -> -call.call().number()))
        .toList();
  }

  private void refuse(Message.Request request, RpcError error) {
    wire.count(Fault.REQUEST_REFUSED);
    wire.reply(new Message.Failure(Optional.of(request.id()), error));
  }
}
