package dev.sallyport.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long the body of an answer may take: then it is closed under whoever reads it. A request's
 * own limit ends with the head of its answer. Closed when the body has been read.
 */
final class BodyLimit implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean passed;

  private BodyLimit() {}

  static BodyLimit begin(InputStream body, Duration limit) {
    BodyLimit begun = new BodyLimit();
    Thread.ofVirtual().name("sallyport-answer-limit").start(() -> begun.watch(body, limit));
    return begun;
  }

  private void watch(InputStream body, Duration limit) {
    try (body) {
      passed = !over.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (IOException e) {
      // It is closed all the same.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean hasPassed() {
    return passed;
  }

  @Override
  public void close() {
    over.countDown();
  }
}
