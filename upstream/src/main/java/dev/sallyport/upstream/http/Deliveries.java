package dev.sallyport.upstream.http;

import dev.sallyport.protocol.Message;
import dev.sallyport.upstream.wire.Fault;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * What is sent while a server is being read, and so must not wait for the server to take it. So
 * many are on their way at a time; the rest are counted and go. Thread-safe.
 */
final class Deliveries {
  private static final int MOST_AT_ONCE = 64;

  private final HttpTraffic traffic;
  private final Consumer<Message> delivery;
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);

  /**
   * @param delivery sends one and waits until the server has taken it
   */
  Deliveries(HttpTraffic traffic, Consumer<Message> delivery) {
    this.traffic = traffic;
    this.delivery = delivery;
  }

  /** Returns at once. */
  void soon(Message message) {
    if (!free.tryAcquire()) {
      traffic.count(Fault.REQUEST_REFUSED);
      return;
    }
    Thread.ofVirtual()
        .name("sallyport-deliver")
        .start(
            () -> {
              try {
                delivery.accept(message);
              } finally {
                free.release();
              }
            });
  }
}
