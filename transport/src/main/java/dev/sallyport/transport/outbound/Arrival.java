package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpFields;

/** What comes of a request: one head, then bytes, then an end; or a failure instead of the rest. */
public sealed interface Arrival {
  record Head(int status, HttpFields fields) implements Arrival {}

  /**
   * A piece of the body, however it was cut on the way.
   *
   * @param bytes not a copy
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Bytes(byte[] bytes) implements Arrival {
    /** Without the bytes, which belong to a caller. */
    @Override
    public String toString() {
      return "Bytes[" + bytes.length + "]";
    }
  }

  /** The body is complete. */
  record End() implements Arrival {}

  record Failed(OutboundFault fault) implements Arrival {}
}
