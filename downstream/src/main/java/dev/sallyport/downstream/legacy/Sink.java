package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Message;

/**
 * Where a session says something to its client: the stream of one call, or the stream for what
 * belongs to no call. Thread-safe.
 */
public interface Sink {
  /**
   * Sends a notification or a request. May block while the client is slow.
   *
   * @return false when it can never reach the client this way
   */
  boolean send(Message message);

  /**
   * Lets go of the connection without ending the stream, where the transport and the version know
   * such a thing (LH-09).
   */
  default void closeStream() {}
}
