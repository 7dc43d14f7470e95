package dev.sallyport.downstream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP requests being answered. Now and then each caller is verified anew, so that a call or a
 * stream ends with the credential it came with even when nothing is said on it (4-T32, 4-T56).
 * Bounded by what the listener lets in. Thread-safe.
 */
final class OpenCalls implements AutoCloseable {
  private static final long PERIOD_SECONDS = 2;

  private final Set<ClientCall> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  OpenCalls() {
    Thread.ofVirtual().name("open-calls").start(this::verifyNowAndThen);
  }

  void serve(ClientCall call, Runnable work) {
    open.add(call);
    try {
      work.run();
    } finally {
      open.remove(call);
    }
  }

  private void verifyNowAndThen() {
    try {
      while (!closed.await(PERIOD_SECONDS, TimeUnit.SECONDS)) {
        open.forEach(ClientCall::verify);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
