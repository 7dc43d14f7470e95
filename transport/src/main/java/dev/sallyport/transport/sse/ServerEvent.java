package dev.sallyport.transport.sse;

/**
 * One event as a server sent it.
 *
 * @param type {@code message} unless the server named another
 * @param data the data lines, joined by line feeds; the bytes as they came
 * @param lastEventId the id that was in force when the event was complete; empty when none was
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ServerEvent(String type, byte[] data, String lastEventId) {
  /** The type of an event that names none. */
  public static final String MESSAGE = "message";

  /** Without the data, which belongs to a caller. */
  @Override
  public String toString() {
    return "ServerEvent[" + type + ", " + data.length + " bytes]";
  }
}
