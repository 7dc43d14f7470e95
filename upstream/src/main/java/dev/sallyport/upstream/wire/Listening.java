package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Outcome;

/** How a subscription on one server came to an end. */
public sealed interface Listening {
  /** What the client is told if that is the end for it too. */
  Outcome outcome();

  /** The server, the client or we ended it: for good. */
  record Over(Outcome outcome) implements Listening {}

  /**
   * The server is gone; the next one can go on (CS-07). A type and not an error, which a server
   * could send in the same words.
   */
  record Lost(Outcome outcome) implements Listening {}
}
