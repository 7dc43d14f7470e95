package dev.sallyport.architecture.sample.gateway;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The same needs, met as the house wants it. */
final class Patient {
  final BlockingQueue<Instant> queue = new LinkedBlockingQueue<>(10);

  boolean run(Clock clock) {
    return queue.offer(Instant.now(clock));
  }
}
