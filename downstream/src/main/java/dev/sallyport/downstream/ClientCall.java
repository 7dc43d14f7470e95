package dev.sallyport.downstream;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.EventStream;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One HTTP request of a known caller, to be answered exactly once. It adds to whatever is answered
 * the fields that let a page of an allowed origin read it (4-T17). Confined to the request's
 * thread, but for {@link #isStillKnown} and the two cancellations.
 */
public final class ClientCall {
  private final HttpCall call;
  private final HttpFields crossOrigin;
  private final BooleanSupplier stillKnown;
  private final AcceptedTypes accepted;

  ClientCall(HttpCall call, HttpFields crossOrigin, BooleanSupplier stillKnown) {
    this.call = call;
    this.crossOrigin = crossOrigin;
    this.stillKnown = stillKnown;
    this.accepted = AcceptedTypes.of(call.head().fields());
  }

  public HttpHead head() {
    return call.head();
  }

  /** A field that means something only when it is given once; the first one. */
  public Optional<String> header(String name) {
    return call.head().fields().first(name);
  }

  /** What the client reads. */
  public AcceptedTypes accepts() {
    return accepted;
  }

  /**
   * Whether the credential this request came with is still good for the same caller. Asked before
   * every delivery on a stream that outlives its request (4-T32, 4-T56). May block.
   */
  public boolean isStillKnown() {
    return stillKnown.getAsBoolean();
  }

  /** Fires when the client leaves before the answer is complete. */
  public Cancellation disconnected() {
    return call.disconnected();
  }

  /** Fires when the listener drains: a stream without an end of its own should end now (SB-06). */
  public Cancellation draining() {
    return call.draining();
  }

  public void answer(HttpAnswer answer) {
    call.answer(CrossOrigin.add(answer, crossOrigin));
  }

  public void accepted() {
    answer(Answers.accepted());
  }

  public void reply(int status, Message.Reply reply) {
    answer(Answers.reply(status, reply));
  }

  public void refuse(Refusal refusal, Optional<RpcId> id) {
    answer(Answers.refusal(refusal, id));
  }

  /** Answers 200 with an event stream. */
  public EventStream stream(HttpFields extra) {
    return call.stream(extra.with(crossOrigin));
  }
}
