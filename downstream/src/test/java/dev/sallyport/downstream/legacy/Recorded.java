package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Message;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client's end of a sink: keeps what was sent. Thread-safe. */
final class Recorded implements Sink {
  private static final int MOST = 10_000;

  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>(MOST);
  private final AtomicInteger closes = new AtomicInteger();
  private volatile boolean deaf;

  /** From now on nothing reaches the client. */
  Recorded deaf() {
    deaf = true;
    return this;
  }

  @Override
  public boolean send(Message message) {
    return !deaf && messages.add(message);
  }

  @Override
  public void closeStream() {
    closes.incrementAndGet();
  }

  int closes() {
    return closes.get();
  }

  /** The next message; waits for it. */
  Message next() {
    try {
      return Optional.ofNullable(messages.poll(10, TimeUnit.SECONDS))
          .orElseThrow(() -> new AssertionError("nothing was sent"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  Message.Request nextRequest() {
    return (Message.Request) next();
  }

  Message.Notification nextNotification() {
    return (Message.Notification) next();
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }
}
