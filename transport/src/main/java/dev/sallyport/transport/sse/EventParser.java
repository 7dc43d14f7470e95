package dev.sallyport.transport.sse;

import java.util.OptionalLong;
import java.util.function.Consumer;

/** Reads a {@code text/event-stream} body piece by piece. Confined to one thread at a time. */
@SuppressWarnings("DoNotCallSuggester")
public final class EventParser {
  /**
   * @param maxBytes the bound on one event, and so on one line
   */
  public EventParser(int maxBytes) {}

  /**
   * Takes the next piece of the body and hands over every event it completes.
   *
   * @throws EventTooLargeException when an event passes the bound; nothing more can be fed then
   */
  public void feed(byte[] bytes, int from, int to, Consumer<ServerEvent> events)
      throws EventTooLargeException {
    throw new UnsupportedOperationException();
  }

  public void feed(byte[] bytes, Consumer<ServerEvent> events) throws EventTooLargeException {
    feed(bytes, 0, bytes.length, events);
  }

  /** The id to send when the stream is taken up again; empty when the server gave none. */
  public String lastEventId() {
    throw new UnsupportedOperationException();
  }

  /** How long the server last asked to wait before coming again. */
  public OptionalLong retryMillis() {
    throw new UnsupportedOperationException();
  }
}
