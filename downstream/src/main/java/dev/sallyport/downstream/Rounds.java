package dev.sallyport.downstream;

import dev.sallyport.protocol.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does something again and again until it is closed, on a thread of its own. A round that fails is
 * logged and the next one comes all the same: what is swept here must not be left open for good.
 */
public final class Rounds implements AutoCloseable {
  private static final Log LOG = Log.of(Rounds.class);

  private final String name;
  private final Duration every;
  private final Runnable round;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Rounds(String name, Duration every, Runnable round) {
    this.name = name;
    this.every = every;
    this.round = round;
  }

  public static Rounds start(String name, Duration every, Runnable round) {
    Rounds rounds = new Rounds(name, every, round);
    Thread.ofVirtual().name(name).start(rounds::run);
    return rounds;
  }

  /** Runs one step of a round, whose failure must not keep the others from being taken. */
  public static void step(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a step of a round failed", e);
    }
  }

  private void run() {
    try {
      while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          round.run();
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, "a round of " + name + " failed", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** There is no further round; one that is under way goes on to its end. */
  @Override
  public void close() {
    closed.countDown();
  }
}
