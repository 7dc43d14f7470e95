package dev.sallyport.transport.http;

import dev.sallyport.protocol.Cancellation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** One request being served, and the only way to answer it. Thread-safe. */
public final class HttpCall {
  private final HttpHead head;
  private final byte[] body;
  private final Sender sender;
  private final KeepAlive keepAlive;
  private final Cancellation disconnected;
  private final Cancellation draining = new Cancellation();
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicReference<Optional<EventStream>> stream =
      new AtomicReference<>(Optional.empty());

  HttpCall(
      HttpHead head, byte[] body, Sender sender, KeepAlive keepAlive, Cancellation disconnected) {
    this.head = head;
    this.body = body;
    this.sender = sender;
    this.keepAlive = keepAlive;
    this.disconnected = disconnected;
  }

  public HttpHead head() {
    return head;
  }

  /** The whole body, not a copy. */
  public byte[] body() {
    return body;
  }

  /**
   * Cancelled when the peer leaves before the answer is complete: the connection closed (a
   * half-closed one counts), broke, or the HTTP/2 stream was reset (SH-16). Actions run on a thread
   * of their own, never on an event loop.
   */
  public Cancellation disconnected() {
    return disconnected;
  }

  /**
   * Cancelled when the listener starts to drain: an open-ended stream should now send its last
   * event and end. Whole answers that are on their way may take their time. Actions run on a thread
   * of their own.
   */
  public Cancellation draining() {
    return draining;
  }

  /**
   * Sends a whole answer. Blocks until a large one is written or the peer is gone; a small one is
   * handed over.
   *
   * @throws IllegalStateException when the request has been answered
   */
  public void answer(HttpAnswer answer) {
    claim();
    sender.send(answer);
  }

  /**
   * Begins a 200 answer of type {@code text/event-stream} that no proxy may buffer or change
   * (SH-13). The head is sent at once.
   *
   * @param extra further fields
   * @throws IllegalStateException when the request has been answered
   */
  public EventStream stream(HttpFields extra) {
    if (extra.frameAnswer()) {
      throw new IllegalArgumentException("an answer does not say how it is framed");
    }
    claim();
    EventStream events = new EventStream(sender);
    stream.set(Optional.of(events));
    sender.begin(
        200,
        HttpFields.empty()
            .with("Content-Type", "text/event-stream")
            .with("Cache-Control", "no-cache, no-transform")
            .with("X-Accel-Buffering", "no")
            .with(extra),
        keepAlive);
    return events;
  }

  private void claim() {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("the request has been answered");
    }
  }

  /** What the service left undone when it returned. */
  void finish() {
    if (answered.compareAndSet(false, true)) {
      sender.send(HttpAnswer.text(500, "Internal Server Error"));
    } else {
      stream.get().ifPresent(EventStream::end);
    }
  }

  /** The service failed: nobody may take what was sent so far for the whole. */
  void fail() {
    if (answered.compareAndSet(false, true)) {
      sender.send(HttpAnswer.text(500, "Internal Server Error"));
    } else {
      sender.breakOff();
    }
  }
}
