package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Mail;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.Wire;
import java.util.Optional;

/** Where a legacy server's messages go that answer nothing. On the reading thread; never blocks. */
final class LegacyInbound implements Wire.Inbound {
  private final Wire wire;
  private final ServerRequests requests;
  private final LegacyListens listens;
  private final Parks parks;
  private final boolean shared;

  LegacyInbound(
      Wire wire, ServerRequests requests, LegacyListens listens, Parks parks, boolean shared) {
    this.wire = wire;
    this.requests = requests;
    this.listens = listens;
    this.parks = parks;
    this.shared = shared;
  }

  @Override
  public void onRequest(Message.Request request, Optional<Call> carrier) {
    requests.take(request, carrier);
  }

  @Override
  public void onNotification(Message.Notification notification, Optional<Call> carrier) {
    Optional<Method> method = Method.of(notification.method());
    if (method.isEmpty()) {
      // A server's own. What is about no call goes no further: the filter of a subscription has no
      // word for it (2.1 row 6).
      about(carrier).ifPresent(call -> put(call, notification));
      return;
    }
    switch (method.get()) {
      case LOG_MESSAGE -> log(notification, carrier);
      case ELICITATION_COMPLETE -> about(carrier).ifPresent(call -> put(call, notification));
      case CANCELLED -> requests.withdraw(notification);
      case TOOLS_CHANGED, PROMPTS_CHANGED, RESOURCES_CHANGED, RESOURCE_UPDATED ->
          listens.changed(notification);
      default -> wire.count(Fault.NOT_A_MESSAGE);
    }
  }

  /**
   * On a call's own stream it is about that call. Elsewhere a log message names no request, so it
   * is for the only one there is, or for nobody (4-T48). It may be about a call that is over
   * already, so where callers share a server it is for nobody.
   */
  private void log(Message.Notification notification, Optional<Call> carrier) {
    Optional<Call> only = about(carrier);
    if (only.isPresent()) {
      put(only.get(), notification);
    } else {
      wire.count(Fault.LOG_UNATTRIBUTED);
      wire.tell(new Remark.Unattributed(notification.params().toJson().text()));
    }
  }

  private Optional<Call> about(Optional<Call> carrier) {
    return shared || carrier.isPresent() ? carrier : wire.calls().only(any -> true);
  }

  private void put(Call call, Message.Notification notification) {
    if (!call.put(new Mail.Notified(notification))) {
      wire.count(Fault.NOTIFICATION_DROPPED);
    }
  }

  /** Whoever is subscribed subscribes again, and hears of everything (2.5). */
  @Override
  public void onGap() {
    listens.end();
  }

  @Override
  public void onEnd() {
    listens.end();
    parks.lose(requests.inProgress());
  }
}
