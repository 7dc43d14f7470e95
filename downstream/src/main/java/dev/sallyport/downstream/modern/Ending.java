package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.util.Optional;

/** How a modern request ended, for a transport to say. */
public sealed interface Ending {

  /** What to send; nothing when nobody waits any more (CN-02). */
  Optional<Message.Reply> message();

  /**
   * A result or an error.
   *
   * @param status what HTTP says when nothing was sent before (mcp-reference A.3.1)
   */
  record Replied(int status, Message.Reply reply) implements Ending {
    @Override
    public Optional<Message.Reply> message() {
      return Optional.of(reply);
    }
  }

  /** A refusal, whose challenge and time to come back HTTP can tell. */
  record Refused(RpcId id, Refusal refusal) implements Ending {
    @Override
    public Optional<Message.Reply> message() {
      return Optional.of(new Message.Failure(Optional.of(id), refusal.error()));
    }
  }

  /** The client left; not a byte more goes to it (SH-16). */
  record Nothing() implements Ending {
    @Override
    public Optional<Message.Reply> message() {
      return Optional.empty();
    }
  }

  /** The message itself was at fault (4-T09). */
  static Ending malformed(RpcId id, RpcError error) {
    return failed(400, id, error);
  }

  /** The message was fine, and what it asked for failed. */
  static Ending failed(RpcId id, RpcError error) {
    return failed(ErrorCodes.status(error), id, error);
  }

  private static Ending failed(int status, RpcId id, RpcError error) {
    return new Replied(status, new Message.Failure(Optional.of(id), error));
  }
}
