package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.ProtocolVersion;
import java.time.Duration;

/**
 * A server that is ready for exchanges, whatever it speaks and however it is reached. Who shares it
 * is settled before.
 */
public interface Conversation extends AutoCloseable {
  /** Anything but a subscription. */
  Carried carryOut(Exchange exchange);

  /** Runs a {@code subscriptions/listen} for as long as it lasts. */
  Listening listen(Exchange exchange);

  /** Whether it has lists of this kind at all, whatever it says of their changes. */
  boolean has(ListChange list);

  /** False once the server is gone; it never comes back. */
  boolean alive();

  /** Whether anything is in progress: a call, a parked call, a subscription. */
  boolean busy();

  /** How many requests are in progress. */
  int calls();

  /** Asks it whether it is there; false when it says nothing at all until then. */
  boolean answers(Duration limit);

  /** What is at the other end, for people: {@code stdio, pid 4711}. */
  String where();

  ProtocolVersion version();

  /** {@code legacy} or {@code modern}, for people. */
  String era();

  /** Ends the server, or our part of it, and returns when it is gone. */
  @Override
  void close();
}
