package dev.sallyport.protocol;

/** The way to the client of an exchange, before its outcome. Thread-safe. */
public interface ClientChannel {
  /** Leads nowhere, for what no client asked. */
  ClientChannel NONE = _ -> {};

  /** Takes what is to reach the client; may block while the client is slow. */
  void notify(Message.Notification notification);

  /**
   * Lets go of the client's connection without ending the answer; the client comes back for the
   * rest (LH-09). Does nothing where transport or version know no such thing.
   */
  default void closeStream() {}
}
