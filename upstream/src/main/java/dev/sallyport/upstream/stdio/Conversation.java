package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;

/** A child that is ready for exchanges of its one caller, whatever era it speaks. */
public interface Conversation extends AutoCloseable {
  Outcome carryOut(Exchange exchange);

  /** False once the child is gone; it never comes back. */
  boolean alive();

  /** Whether anything is in progress: a call, a parked call, a subscription. */
  boolean busy();

  long pid();

  ProtocolVersion version();

  /** {@code legacy} or {@code modern}, for people. */
  String era();

  /** Ends the child and returns when it is gone. */
  @Override
  void close();
}
