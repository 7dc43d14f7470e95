package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer that is a stream of events. Thread-safe: events of several threads are written one
 * after the other. When nothing was sent for a while it writes a comment by itself, so that no
 * proxy takes the connection for dead (SH-14).
 */
public final class EventStream {
  static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);

  private final Sender sender;

  EventStream(Sender sender) {
    this.sender = sender;
  }

  /**
   * One event.
   *
   * @param type what kind of event it is; {@code message} when nothing is said
   * @param data UTF-8 text; a line break in it is sent as a space, which changes nothing in JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // a value on its way out, never compared
  public record Event(
      Optional<String> type, Optional<String> id, OptionalLong retryMillis, byte[] data) {
    public Event {
      if (!isOneLine(type) || !isOneLine(id)) {
        throw new IllegalArgumentException("an event's type and its id are one line each");
      }
      if (retryMillis.isPresent() && retryMillis.getAsLong() < 0) {
        throw new IllegalArgumentException("a retry time is not negative");
      }
    }

    public Event(Optional<String> id, OptionalLong retryMillis, byte[] data) {
      this(Optional.empty(), id, retryMillis, data);
    }

    public static Event of(byte[] data) {
      return new Event(Optional.empty(), OptionalLong.empty(), data);
    }

    public static Event of(String type, byte[] data) {
      return new Event(Optional.of(type), Optional.empty(), OptionalLong.empty(), data);
    }

    private static boolean isOneLine(Optional<String> text) {
      return text.isEmpty() || text.get().chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }

    /** Without the data, which belongs to a caller. */
    @Override
    public String toString() {
      return "Event[" + id.orElse("") + ", " + data.length + " bytes]";
    }

    byte[] framed() {
      ByteArrayOutputStream frame = new ByteArrayOutputStream(data.length + 64);
      type.ifPresent(value -> frame.writeBytes(("event: " + value + "\n").getBytes(UTF_8)));
      id.ifPresent(value -> frame.writeBytes(("id: " + value + "\n").getBytes(UTF_8)));
      retryMillis.ifPresent(value -> frame.writeBytes(("retry: " + value + "\n").getBytes(UTF_8)));
      frame.writeBytes("data: ".getBytes(UTF_8));
      int from = 0;
      for (int i = 0; i < data.length; i++) {
        if (data[i] == '\n' || data[i] == '\r') {
          frame.write(data, from, i - from);
          frame.write(' ');
          from = i + 1;
        }
      }
      frame.write(data, from, data.length - from);
      frame.writeBytes("\n\n".getBytes(UTF_8));
      return frame.toByteArray();
    }
  }

  /**
   * Sends an event; blocks while the peer is slow, and gives the peer up when it takes nothing for
   * as long as the write deadline.
   *
   * @return false once the peer is gone or the stream has ended: the event may not have arrived
   */
  public boolean send(Event event) {
    return sender.write(event.framed());
  }

  /** Ends the answer properly; blocks until that is written or the peer is gone. */
  public void end() {
    sender.end();
  }
}
