package dev.sallyport.transport.http;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer that is a stream of events, all of the default type. Thread-safe: events of several
 * threads are written one after the other. When nothing was sent for a while it writes a comment by
 * itself, so that no proxy takes the connection for dead (SH-14).
 */
@SuppressWarnings("DoNotCallSuggester")
public final class EventStream {
  EventStream() {}

  /**
   * One event.
   *
   * @param data UTF-8 text; a line break in it is sent as a space, which changes nothing in JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // a value on its way out, never compared
  public record Event(Optional<String> id, OptionalLong retryMillis, byte[] data) {
    public static Event of(byte[] data) {
      return new Event(Optional.empty(), OptionalLong.empty(), data);
    }
  }

  /**
   * Sends an event; blocks while the peer is slow, and gives the peer up when it takes nothing for
   * as long as the write deadline.
   *
   * @return false once the peer is gone or the stream has ended: the event may not have arrived
   */
  public boolean send(Event event) {
    throw new UnsupportedOperationException();
  }

  /** Ends the answer properly; blocks until that is written or the peer is gone. */
  public void end() {
    throw new UnsupportedOperationException();
  }
}
