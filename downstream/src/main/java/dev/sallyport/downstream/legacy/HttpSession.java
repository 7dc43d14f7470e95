package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.downstream.legacy.SessionStreams.Attached;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A session of Streamable HTTP: what was agreed with the client, and the streams we talk to it on.
 * Belongs to the caller who opened it (LH-21). Thread-safe.
 */
final class HttpSession implements LiveSession {
  private final LegacySession session;
  private final SessionStreams streams;
  private final Carrier carrier;
  private final boolean resumes;
  private final Clock clock;
  private volatile Instant lastUsed;

  private HttpSession(LegacySession session, SessionStreams streams, Clock clock) {
    this.session = session;
    this.streams = streams;
    this.resumes = session.version().atLeast(ProtocolVersion.V2025_11_25);
    this.carrier = new Carrier(streams, resumes);
    this.clock = clock;
    this.lastUsed = clock.instant();
  }

  /** What a handshake came to. */
  sealed interface Opening {
    record Opened(HttpSession session, Message.Result reply) implements Opening {}

    record Turned(Ending ending) implements Opening {}
  }

  static Opening open(
      Handshake handshake,
      Message.Request initialize,
      Identity who,
      Cancellation unwanted,
      SessionLimits limits,
      ReplayBudget budget,
      Clock clock) {
    SessionStreams streams = new SessionStreams(limits, budget.of(who.caller()), clock);
    Sink unsolicited =
        message ->
            message instanceof Message.Notification notification
                && NotificationForms.nameOfChange(notification)
                    .map(name -> streams.tell(name, notification.toBytes()))
                    .orElse(false);
    return switch (handshake.open(initialize, who, unsolicited, unwanted)) {
      case Handshake.Opening.Opened(var session, var reply) ->
          new Opening.Opened(new HttpSession(session, streams, clock), reply);
      case Handshake.Opening.Turned(var ending) -> new Opening.Turned(ending);
    };
  }

  @Override
  public Caller caller() {
    return session.caller();
  }

  ProtocolVersion version() {
    return session.version();
  }

  @Override
  public boolean isOver() {
    return session.isOver();
  }

  @Override
  public void onEnd(Runnable action) {
    session.onEnd(action);
  }

  // ---- what the client does

  void request(Message.Request request, ClientCall call) {
    PostStream stream = new PostStream(call, streams, carrier, resumes);
    Ending ending = session.handle(request, call.claims(), stream);
    touch();
    stream.end(ending);
  }

  void batch(List<Reading> elements, ClientCall call) {
    PostStream stream = new PostStream(call, streams, carrier, resumes);
    List<Message.Reply> replies = new Batch(session, call.claims(), stream).run(elements);
    touch();
    stream.end(replies);
  }

  /** For a batch that wants no answer. */
  void batch(List<Reading> elements) {
    new Batch(session, Claims.NONE, _ -> false).run(elements);
  }

  void notice(Message.Notification notification) {
    session.notice(notification);
  }

  void answer(Message.Reply reply) {
    session.answer(reply);
  }

  /**
   * Carries a standing stream for as long as the client stays.
   *
   * @return false when there are too many
   */
  boolean listen(ClientCall call) {
    Optional<Attached> standing = streams.openStanding();
    if (standing.isEmpty()) {
      return false;
    }
    session.canTellChanges();
    call.stands();
    untilDrained(standing.get(), call, () -> carrier.carryNew(standing.get(), call));
    return true;
  }

  /**
   * Carries on with a stream that broke (LH-16).
   *
   * @return false when there is nothing to go on with
   */
  boolean resume(String lastEventId, ClientCall call) {
    Optional<Attached> resumed = streams.resume(lastEventId);
    if (resumed.isEmpty()) {
      return false;
    }
    if (resumed.get().log().standing) {
      call.stands();
    }
    untilDrained(resumed.get(), call, () -> carrier.carryOn(resumed.get(), call));
    return true;
  }

  /** A standing stream has no end of its own, so a listener that stops ends it. */
  private void untilDrained(Attached carried, ClientCall call, Runnable carry) {
    try (Cancellation.Registration _ =
        call.draining()
            .onCancel(
                () -> {
                  if (carried.log().standing) {
                    streams.end(carried.log());
                  }
                })) {
      carry.run();
    }
    touch();
  }

  // ---- its life

  @Override
  public void touch() {
    lastUsed = clock.instant();
  }

  @Override
  public Instant lastUsed() {
    return lastUsed;
  }

  @Override
  public boolean isIdleSince(Instant then) {
    return !lastUsed.isAfter(then) && !session.isBusy() && !streams.isConnected();
  }

  @Override
  public void forgetStale(Instant now) {
    streams.forgetStale(now);
  }

  @Override
  public void close() {
    session.close();
    streams.close();
  }
}
