package dev.sallyport.downstream.stdio;

import dev.sallyport.downstream.legacy.LegacyPipe;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.stdio.LineWriter;
import java.util.Optional;

/** What goes out on the pipe: messages, each on a line of its own (SS-01, SS-02). Thread-safe. */
final class Output {
  private final LineWriter lines;

  Output(LineWriter lines) {
    this.lines = lines;
  }

  /** Whether the message is on its way; blocks while the client does not read. */
  boolean send(Message message) {
    return lines.write(message.toBytes());
  }

  boolean send(byte[] json) {
    return lines.write(json);
  }

  void fail(Optional<RpcId> id, RpcError error) {
    send(new Message.Failure(id, error));
  }

  /** For what we broke ourselves. */
  void broken(Optional<RpcId> id) {
    fail(id, RpcError.internal("Internal error"));
  }

  void busy(Optional<RpcId> id) {
    fail(id, LegacyPipe.BUSY);
  }
}
