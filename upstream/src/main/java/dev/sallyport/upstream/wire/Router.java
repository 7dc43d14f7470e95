package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Routes what one server says: answers and progress to their calls, the rest to whoever speaks the
 * server's era. Expects the server to lie: what is no message, answers nothing or belongs to nobody
 * is counted and dropped. Never blocks.
 */
public final class Router {
  private final CallTable calls;
  private final Faults faults;
  private final Supplier<Wire.Inbound> inbound;
  private final Runnable echoed;

  /**
   * @param inbound who takes the rest at the moment
   * @param echoed runs when the server turns out to be none: it sends our own requests back
   */
  public Router(CallTable calls, Faults faults, Supplier<Wire.Inbound> inbound, Runnable echoed) {
    this.calls = calls;
    this.faults = faults;
    this.inbound = inbound;
    this.echoed = echoed;
  }

  /**
   * @param carrier the call on whose own stream it came; empty where all share one
   * @return whether there was any use in it
   */
  public boolean take(Envelope.Reading reading, Optional<Call> carrier) {
    return switch (reading) {
      case Envelope.Reading.Single single -> {
        route(single.message(), carrier);
        yield true;
      }
      // 2025-03-26 allows arrays; nobody else should send them, and they do no harm.
      case Envelope.Reading.Batch batch ->
          batch.elements().stream().filter(each -> take(each, carrier)).count() > 0;
      case Envelope.Reading.Broken broken -> {
        faults.count(Fault.NOT_A_MESSAGE);
        // A malformed answer still ends the call it names, rather than let it wait for another. The
        // id of a malformed request is the server's own, whatever call of ours has the same.
        Optional<Call> call =
            broken.hadMethod()
                ? Optional.empty()
                : broken.id().flatMap(id -> named(id, carrier)).or(() -> carrier);
        call.ifPresent(
            named -> answer(named, RpcError.internal("The server's answer was malformed")));
        yield call.isPresent();
      }
    };
  }

  /**
   * Ends the one call that waits, if there is just one: what was lost is most likely its answer.
   *
   * @param why for the caller
   */
  public void lostAnswer(String why) {
    calls.onlyUnanswered().ifPresent(call -> answer(call, RpcError.internal(why)));
  }

  private void route(Message message, Optional<Call> carrier) {
    switch (message) {
      case Message.Request request -> {
        if (Method.DISCOVER.is(request.method()) || Method.INITIALIZE.is(request.method())) {
          faults.count(Fault.ECHO);
          echoed.run();
        } else {
          inbound.get().onRequest(request, carrier);
        }
      }
      case Message.Notification notification -> {
        if (Method.PROGRESS.is(notification.method())) {
          progress(notification, carrier);
        } else {
          inbound.get().onNotification(notification, carrier);
        }
      }
      case Message.Result result -> answer(named(result.id(), carrier), result);
      // An error whose id was lost is about what it came in answer to (JR-04).
      case Message.Failure failure ->
          answer(failure.id().isPresent() ? named(failure.id().get(), carrier) : carrier, failure);
    }
  }

  private void answer(Optional<Call> call, Message.Reply reply) {
    if (!call.map(waiting -> waiting.put(new Mail.Answered(reply))).orElse(false)) {
      faults.count(Fault.UNKNOWN_ANSWER);
    }
  }

  private static void answer(Call call, RpcError error) {
    call.put(new Mail.Answered(new Message.Failure(Optional.of(call.id()), error)));
  }

  private void progress(Message.Notification notification, Optional<Call> carrier) {
    Optional<Call> call =
        notification
            .params()
            .get("progressToken")
            .filter(RpcId::isId)
            .map(RpcId::new)
            .flatMap(id -> named(id, carrier))
            .filter(Call::wantsProgress);
    if (call.isEmpty()) {
      faults.count(Fault.UNKNOWN_PROGRESS);
    } else if (!call.get().put(new Mail.Notified(notification))) {
      faults.count(Fault.NOTIFICATION_DROPPED);
    }
  }

  /** What comes on a call's own stream is about that call, and never another caller's. */
  private Optional<Call> named(RpcId id, Optional<Call> carrier) {
    if (id.token().kind() == Json.Kind.STRING) {
      faults.count(Fault.ID_AS_STRING);
    }
    return calls.find(id).filter(call -> carrier.isEmpty() || carrier.get() == call);
  }
}
