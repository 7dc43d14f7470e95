package dev.sallyport.downstream;

import java.time.Duration;
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
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final Set<ClientCall> open = ConcurrentHashMap.newKeySet();
  private final Set<CountDownLatch> waiting = ConcurrentHashMap.newKeySet();
  private final Rounds rounds = Rounds.start("open-calls", PERIOD, this::verify);

  void serve(ClientCall call, Runnable work) {
    open.add(call);
    try {
      work.run();
    } finally {
      open.remove(call);
      if (open.isEmpty()) {
        waiting.forEach(CountDownLatch::countDown);
      }
    }
  }

  /** Waits until there are none, for so long at most. */
  void awaitNone(Duration limit) throws InterruptedException {
    CountDownLatch none = new CountDownLatch(1);
    waiting.add(none);
    try {
      if (!open.isEmpty()) {
        none.await(limit.toNanos(), TimeUnit.NANOSECONDS);
      }
    } finally {
      waiting.remove(none);
    }
  }

  private void verify() {
    open.forEach(call -> Rounds.step(call::verify));
  }

  @Override
  public void close() {
    rounds.close();
  }
}
