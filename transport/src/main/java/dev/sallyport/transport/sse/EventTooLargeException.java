package dev.sallyport.transport.sse;

import java.io.IOException;

/** A server sent a line or an event beyond the bound; the stream cannot be read any further. */
public final class EventTooLargeException extends IOException {
  EventTooLargeException(int bound) {
    super("an event is larger than " + bound + " bytes");
  }
}
