package dev.sallyport.transport.http;

import dev.sallyport.protocol.Cancellation;

/** One request being served, and the only way to answer it. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class HttpCall {
  HttpCall() {}

  public HttpHead head() {
    throw new UnsupportedOperationException();
  }

  /** The whole body, not a copy. */
  public byte[] body() {
    throw new UnsupportedOperationException();
  }

  /**
   * Cancelled when the peer leaves before the answer is complete: the connection closed (a
   * half-closed one counts), broke, or the HTTP/2 stream was reset (SH-16). Actions run on a thread
   * of their own, never on an event loop.
   */
  public Cancellation disconnected() {
    throw new UnsupportedOperationException();
  }

  /**
   * Cancelled when the listener starts to drain: an open-ended stream should now send its last
   * event and end. Whole answers that are on their way may take their time.
   */
  public Cancellation draining() {
    throw new UnsupportedOperationException();
  }

  /** Sends a whole answer; blocks until it is written or the peer is gone. */
  public void answer(HttpAnswer answer) {
    throw new UnsupportedOperationException();
  }

  /**
   * Begins a 200 answer of type {@code text/event-stream} that no proxy may buffer or change
   * (SH-13). The head is sent at once.
   *
   * @param extra further fields
   */
  public EventStream stream(HttpFields extra) {
    throw new UnsupportedOperationException();
  }
}
