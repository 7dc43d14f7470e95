package dev.sallyport.downstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.EventStream;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One HTTP request of a known caller, to be answered exactly once. It adds to whatever is answered
 * the fields that let a page of an allowed origin read it (4-T17), and has no whole answer but a
 * refusal once the caller's credential is withdrawn. Confined to the request's thread, but for
 * {@link #isStillKnown} and the cancellations.
 */
public final class ClientCall {
  private static final Log LOG = Log.of(ClientCall.class);

  private final HttpCall call;
  private final HttpFields crossOrigin;
  private final Identity identity;
  private final CallerCheck callers;
  private final Clock clock;
  private final boolean inTime;
  private final Consumer<Refusal.Reason> turnedAway;
  private final AcceptedTypes accepted;
  private final Cancellation withdrawn = new Cancellation();
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile boolean standing;
  private volatile Refusal unknown =
      Refusal.of(Refusal.Reason.UNAUTHENTICATED, "The credential is not valid any more");

  /**
   * @param turnedAway told why, when the request does not get to whoever carries it out
   */
  ClientCall(
      HttpCall call,
      HttpFields crossOrigin,
      Identity identity,
      CallerCheck callers,
      Clock clock,
      Consumer<Refusal.Reason> turnedAway) {
    this.turnedAway = turnedAway;
    this.call = call;
    this.crossOrigin = crossOrigin;
    this.identity = identity;
    this.callers = callers;
    this.clock = clock;
    this.inTime = !identity.claims().expiredAt(clock.instant());
    this.accepted = AcceptedTypes.of(call.head().fields());
  }

  public HttpHead head() {
    return call.head();
  }

  public Identity identity() {
    return identity;
  }

  public Caller caller() {
    return identity.caller();
  }

  /** What the credential says that the request came with. */
  public Claims claims() {
    return identity.claims();
  }

  /** A field that means something only when it is given once; the first one. */
  public Optional<String> header(String name) {
    return call.head().fields().first(name);
  }

  /** What the client reads. */
  public AcceptedTypes accepts() {
    return accepted;
  }

  // ---- whether anybody may still have the answer

  /**
   * Notes that the answer has no end of its own. It then ends when the credential does, while a
   * call that began in time may finish (4-T32): tokens are often good for less time than calls
   * take.
   */
  public void stands() {
    standing = true;
  }

  /**
   * Whether the credential this request came with is still good for the same caller. Asked before
   * every delivery on a stream that outlives its request (4-T32, 4-T56). May block.
   */
  public boolean isStillKnown() {
    verify();
    return !withdrawn.isCancelled();
  }

  /** Asks who is calling once more. Anything but the same answer as before withdraws the call. */
  void verify() {
    boolean expired = claims().expiredAt(clock.instant());
    try {
      if (expired && standing && inTime) {
        withdrawn.cancel();
      } else if (expired && !standing) {
        if (!callers.mayComeBack(caller())) {
          withdrawn.cancel();
        }
      } else {
        ask();
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a caller could not be verified again", e);
      withdrawn.cancel();
    }
  }

  private void ask() {
    switch (callers.check(head())) {
      case CallerCheck.Verdict.Known(var now) when now.caller().equals(caller()) -> {}
      case CallerCheck.Verdict.Known _ -> withdrawn.cancel();
      case CallerCheck.Verdict.Unknown(var refusal) -> {
        unknown = refusal;
        withdrawn.cancel();
      }
    }
  }

  /** Fires when the credential is found not to be good any more: nothing may be delivered then. */
  public Cancellation withdrawn() {
    return withdrawn;
  }

  /** Fires when the client leaves before the answer is complete. */
  public Cancellation disconnected() {
    return call.disconnected();
  }

  /** Fires when the listener drains: a stream without an end of its own should end now (SB-06). */
  public Cancellation draining() {
    return call.draining();
  }

  // ---- the answer

  public void answer(HttpAnswer answer) {
    answered.set(true);
    HttpAnswer due = withdrawn.isCancelled() ? Answers.refusal(unknown, Optional.empty()) : answer;
    call.answer(CrossOrigin.add(due, crossOrigin));
  }

  public void accepted() {
    answer(Answers.accepted());
  }

  public void reply(int status, Message.Reply reply) {
    answer(Answers.reply(status, reply));
  }

  /** Turns the request away. */
  public void refuse(Refusal refusal, Optional<RpcId> id) {
    turnedAway.accept(refusal.reason());
    refused(refusal, id);
  }

  /** Turns a message away that is none, or that does not fit what it came with. */
  public void malformed(Message.Failure why) {
    isMalformed();
    reply(400, why);
  }

  /** Notes that the request is turned away for what it says, whatever is answered. */
  public void isMalformed() {
    turnedAway.accept(Refusal.Reason.MALFORMED);
  }

  /** Says that whoever should have carried the request out refused to. */
  public void refused(Refusal refusal, Optional<RpcId> id) {
    answer(Answers.refusal(callers.challenged(refusal, head()), id));
  }

  /** Answers 200 with an event stream. */
  public EventStream stream(HttpFields extra) {
    answered.set(true);
    return call.stream(extra.with(crossOrigin));
  }

  /** For a call that nobody answered, because it was withdrawn or its client left. */
  void refuseUnanswered() {
    if (!answered.get() && withdrawn.isCancelled()) {
      refuse(unknown, Optional.empty());
    }
  }
}
