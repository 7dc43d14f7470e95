package dev.sallyport.examples.everything;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stands in for work that takes its time. Ends early when the call is cancelled. */
final class Pause {
  private Pause() {}

  static void millis(long time) throws InterruptedException {
    // Nothing ever counts down: the deadline is the point.
    boolean never = new CountDownLatch(1).await(time, TimeUnit.MILLISECONDS);
    if (never) {
      throw new IllegalStateException("the latch opened by itself");
    }
  }
}
