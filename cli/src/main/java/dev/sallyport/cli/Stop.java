package dev.sallyport.cli;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.upstream.UpstreamServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The program's one shutdown hook. On SIGTERM or SIGINT it wakes whoever waits, holds the JVM until
 * everything is closed in good order, and makes that exit code 0 instead of 143 if it had come up;
 * on any other way out it ends the children that were left.
 */
final class Stop implements AutoCloseable {
  /**
   * Longer than what waits for others takes at most, draining apart: files that are looked at 5 s,
   * cancelled requests 6 s, the children 18 s, telemetry 2 s, revoking the key 5 s. An engine that
   * hangs in its own end is not waited for.
   */
  private static final Duration LONGEST = Duration.ofSeconds(40);

  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  private final Cancellation asked = new Cancellation();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread worker = Thread.currentThread();
  private final Screen screen;
  private volatile boolean served;
  private volatile boolean interruptible;
  private volatile Duration draining = Duration.ZERO;
  private volatile String waitsFor = "what was being started to end";

  private Stop(Screen screen) {
    this.screen = screen;
  }

  static Stop install(Screen screen) {
    UpstreamServer.leaveEndToProgram();
    Stop stop = new Stop(screen);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("sallyport-stop").unstarted(stop::shutDown));
    return stop;
  }

  /** Fires when the program is asked to stop: whoever waits for something to start gives up. */
  Cancellation asked() {
    return asked;
  }

  /**
   * All has started: from now on a stop is no failure. What the main thread does is interrupted.
   */
  void nowServing() {
    served = true;
    interruptible = true;
  }

  /** Blocks until the program is asked to stop. */
  void await() throws CliFault {
    awaitOr(new Cancellation());
  }

  /** The same, or until this fires. */
  void awaitOr(Cancellation other) throws CliFault {
    interruptible = false;
    CountDownLatch woken = new CountDownLatch(1);
    try (Cancellation.Registration _ = asked.onCancel(woken::countDown);
        Cancellation.Registration _ = other.onCancel(woken::countDown)) {
      woken.await();
    } catch (InterruptedException e) {
      if (asked.isCancelled()) {
        return; // It was the stop itself.
      }
      Thread.currentThread().interrupt();
      throw new CliFault(CliFault.FAILURE, "interrupted");
    }
  }

  /** What the rest of the stop takes its time for; said to the person who waits for it. */
  void waitsFor(String what) {
    waitsFor = what;
  }

  /** How long draining may take; all else is bounded by itself. */
  void takes(Duration most) {
    draining = most;
  }

  /** Everything is closed; opened first, so closed last. */
  @Override
  public void close() {
    closed.countDown();
  }

  private void shutDown() {
    boolean bySignal = closed.getCount() > 0;
    asked.cancel();
    if (bySignal && interruptible) {
      worker.interrupt();
    }
    try {
      awaitClosed(bySignal);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    UpstreamServer.endAll();
    ErrorLines.OF_PROCESS.flush();
    if (bySignal) {
      Runtime.getRuntime().halt(served && closed.getCount() == 0 ? 0 : CliFault.FAILURE);
    }
  }

  private void awaitClosed(boolean bySignal) throws InterruptedException {
    String said = "";
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < LONGEST.plus(draining).toNanos()) {
      if (closed.await(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      String now = waitsFor;
      if (bySignal && !now.equals(said)) {
        screen.say("  waiting for " + now);
        said = now;
      }
    }
    screen.warn("could not stop in good order");
  }
}
