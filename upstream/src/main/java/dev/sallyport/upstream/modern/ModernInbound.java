package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Mail;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.Wire;
import java.util.Optional;

/** Where a modern server's messages go that answer nothing. On the reading thread; never blocks. */
final class ModernInbound implements Wire.Inbound {
  private final Wire wire;
  private final boolean shared;

  ModernInbound(Wire wire, boolean shared) {
    this.wire = wire;
    this.shared = shared;
  }

  /** Modern servers ask nothing this way, and may be written no answer (CS-02). */
  @Override
  public void onRequest(Message.Request request, Optional<Call> carrier) {
    wire.count(Fault.REQUEST_REFUSED);
  }

  @Override
  public void onNotification(Message.Notification notification, Optional<Call> carrier) {
    if (Method.LOG_MESSAGE.is(notification.method())) {
      log(notification, carrier);
    } else if (Method.CANCELLED.is(notification.method())) {
      endSubscription(notification);
    } else {
      subscribed(notification, carrier);
    }
  }

  /**
   * Over a pipe a log message names no request; only those that asked can be meant (4-T48). It may
   * be about a call that is over already, so where callers share a server it is for nobody.
   */
  private void log(Message.Notification notification, Optional<Call> carrier) {
    Optional<Call> only =
        shared || carrier.isPresent()
            ? carrier.filter(Call::wantsLogs)
            : wire.calls().only(Call::wantsLogs);
    if (only.isPresent()) {
      if (!only.get().put(new Mail.Notified(notification))) {
        wire.count(Fault.NOTIFICATION_DROPPED);
      }
    } else {
      wire.count(Fault.LOG_UNATTRIBUTED);
      wire.tell(new Remark.Unattributed(notification.params().toJson().text()));
    }
  }

  /** One of the ways in which a server may end a subscription (SB-07, 4-T01). */
  private void endSubscription(Message.Notification notification) {
    notification
        .params()
        .get("requestId")
        .filter(RpcId::isId)
        .map(RpcId::new)
        .flatMap(wire.calls()::subscription)
        .ifPresent(
            call -> call.put(new Mail.Answered(new Message.Result(call.id(), JsonObject.EMPTY))));
  }

  /**
   * Every message of a subscription says which one it belongs to (CS-08); where each has a stream
   * of its own it is that one in any case.
   */
  private void subscribed(Message.Notification notification, Optional<Call> carrier) {
    Optional<Call> call =
        carrier.isPresent()
            ? carrier.filter(one -> one.isSubscription() || isServersOwn(notification))
            : subscription(notification);
    if (call.isEmpty()) {
      wire.count(Fault.UNKNOWN_SUBSCRIPTION);
    } else if (!call.get().put(new Mail.Notified(notification))) {
      wire.count(Fault.NOTIFICATION_DROPPED);
    }
  }

  /** What names no subscription, and is the server's own, is about the only call there is. */
  private Optional<Call> subscription(Message.Notification notification) {
    return Meta.subscriptionId(notification.params())
        .flatMap(wire.calls()::subscription)
        .or(
            () ->
                isServersOwn(notification) && !shared
                    ? wire.calls().only(any -> true)
                    : Optional.empty());
  }

  private static boolean isServersOwn(Message.Notification notification) {
    return Method.of(notification.method()).isEmpty();
  }

  @Override
  public void onGap() {}

  @Override
  public void onEnd() {}
}
