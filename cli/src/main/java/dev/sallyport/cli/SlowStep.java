package dev.sallyport.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Something that may take a while: says what is being waited for, once it takes longer than a
 * moment. Closed when it is over.
 */
final class SlowStep implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);

  private SlowStep() {}

  static SlowStep begin(Screen screen, Duration moment, String waitingFor) {
    SlowStep step = new SlowStep();
    Thread.ofPlatform()
        .daemon(true)
        .name("sallyport-patience")
        .start(() -> step.watch(screen, moment, waitingFor));
    return step;
  }

  private void watch(Screen screen, Duration moment, String waitingFor) {
    try {
      if (!over.await(moment.toNanos(), TimeUnit.NANOSECONDS)) {
        screen.say("  " + waitingFor);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
  }
}
