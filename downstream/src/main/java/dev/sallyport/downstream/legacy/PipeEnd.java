package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.RpcError;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a {@link LegacyPipe} needs of the transport under it: a way to the client, and threads for
 * what the client asks for. Thread-safe.
 */
public interface PipeEnd extends Sink {
  /**
   * Sends one message or a batch of replies. May block while the client is slow.
   *
   * @return false when it can never reach the client
   */
  boolean send(byte[] json);

  /**
   * Carries out work on a thread of its own. It is prepared at once, on this thread, when there is
   * a place for it.
   *
   * @param broken runs when the work broke off by a fault of ours: the client still gets an answer
   * @return why there is no place, if there is none
   */
  Optional<RpcError> start(Supplier<Runnable> prepare, Runnable broken);

  /** Told once the handshake has made a session, before the client is. */
  void opened(LegacySession session);
}
