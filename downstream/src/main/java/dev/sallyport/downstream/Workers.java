package dev.sallyport.downstream;

import dev.sallyport.protocol.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The threads that carry out the requests of one client over a pipe: one for each, and no more than
 * allowed. Thread-safe.
 */
public final class Workers {
  private static final Log LOG = Log.of(Workers.class);

  private final String name;
  private final Semaphore places;
  private final int most;

  /**
   * @param name of the threads
   */
  public Workers(String name, int most) {
    this.name = name;
    this.places = new Semaphore(most);
    this.most = most;
  }

  /**
   * Carries out work that is prepared at once, on this thread, when there is a place for it.
   *
   * @param broken runs when the work broke off by a fault of ours: the client still gets an answer
   * @return false when there are too many: whoever reads the pipe must not wait for a place,
   *     because an answer or a cancellation that frees one may be the next line
   */
  public boolean start(Supplier<Runnable> prepare, Runnable broken) {
    if (!places.tryAcquire()) {
      return false;
    }
    Runnable work;
    try {
      work = prepare.get();
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A request could not be carried out", e);
                broken.run();
              } finally {
                places.release();
              }
            });
    return true;
  }

  /** Waits until nothing is carried out any more; whether it was so in time. */
  public boolean awaitIdle(Duration limit) {
    try {
      boolean idle = places.tryAcquire(most, limit.toMillis(), TimeUnit.MILLISECONDS);
      if (idle) {
        places.release(most);
      }
      return idle;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
