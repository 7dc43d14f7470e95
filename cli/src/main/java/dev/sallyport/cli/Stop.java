package dev.sallyport.cli;

import dev.sallyport.upstream.ChildServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The program's one shutdown hook. On SIGTERM or SIGINT it wakes whoever waits, holds the JVM until
 * everything is closed in good order, and makes that exit code 0 instead of 143; on any other way
 * out it ends the children that were left.
 */
final class Stop implements AutoCloseable {
  /** Longer than draining and ending the children take together. */
  private static final Duration LONGEST = Duration.ofSeconds(40);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread worker = Thread.currentThread();
  private final AtomicBoolean waiting = new AtomicBoolean();

  private Stop() {}

  static Stop install() {
    ChildServer.leaveEndToProgram();
    Stop stop = new Stop();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("sallyport-stop").unstarted(stop::shutDown));
    return stop;
  }

  /** Blocks until the program is asked to stop. */
  void await() throws CliFault {
    waiting.set(true);
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFault(CliFault.FAILURE, "interrupted");
    }
  }

  /** Everything is closed; opened first, so closed last. */
  @Override
  public void close() {
    closed.countDown();
  }

  private void shutDown() {
    boolean bySignal = closed.getCount() > 0;
    asked.countDown();
    if (bySignal && !waiting.get()) {
      // Something is still starting, and may wait long for it.
      worker.interrupt();
    }
    try {
      if (!closed.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("sallyport: could not stop in good order");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ChildServer.endAll();
    if (bySignal) {
      Runtime.getRuntime().halt(closed.getCount() == 0 ? 0 : CliFault.FAILURE);
    }
  }
}
