package dev.sallyport.transport.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a request that is served takes up of the {@link Load}, until the thread that serves it and
 * its answer are both over: in this order or the other. Thread-safe.
 */
final class Seat {
  private final Load load;
  private final long bodyBytes;
  private final AtomicInteger holders = new AtomicInteger(2);

  Seat(Load load, long bodyBytes) {
    this.load = load;
    this.bodyBytes = bodyBytes;
  }

  /** Once by each of the two. */
  void leave() {
    if (holders.decrementAndGet() == 0) {
      load.removeRequest(bodyBytes);
    }
  }
}
