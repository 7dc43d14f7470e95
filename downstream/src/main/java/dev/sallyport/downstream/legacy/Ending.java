package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcId;

/** How a client's request ended. */
public sealed interface Ending {
  /** With a result or an error. */
  record Replied(Message.Reply reply) implements Ending {}

  /** The flow refused it; over HTTP that has a status of its own while nothing was sent yet. */
  record Refused(RpcId id, Refusal refusal) implements Ending {}

  /** The client cancelled it and gets no answer (CN-02). */
  record Silent() implements Ending {}
}
