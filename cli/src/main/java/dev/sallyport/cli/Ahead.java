package dev.sallyport.cli;

import dev.sallyport.protocol.Cancellation;
import java.util.concurrent.CountDownLatch;

/**
 * Something that is opened on a platform thread of its own while other things come up, and closed
 * with this. Thread-safe.
 */
final class Ahead<T> implements AutoCloseable {
  private final Closing<T> closing;
  private final Thread opener;

  /** Fires once, whatever came of it. */
  private final Cancellation settled = new Cancellation();

  private volatile State<T> state = new State.Opening<>();

  /** How far it is. */
  sealed interface State<T> {
    record Opening<T>() implements State<T> {}

    record Open<T>(T value) implements State<T> {}

    record Failed<T>(Exception why) implements State<T> {}
  }

  /** How to open it; is interrupted when it is no longer wanted. */
  interface Opening<T> {
    T open() throws CliFault;
  }

  interface Closing<T> {
    void close(T opened) throws CliFault;
  }

  private Ahead(String name, Opening<T> opening, Closing<T> closing) {
    this.closing = closing;
    opener =
        Thread.ofPlatform()
            .name("sallyport-start-" + name)
            .daemon(true)
            .unstarted(() -> open(opening));
  }

  static <T> Ahead<T> begin(String name, Opening<T> opening, Closing<T> closing) {
    Ahead<T> ahead = new Ahead<>(name, opening, closing);
    ahead.opener.start();
    return ahead;
  }

  private void open(Opening<T> opening) {
    try {
      state = new State.Open<>(opening.open());
    } catch (CliFault | RuntimeException e) {
      state = new State.Failed<>(e);
    } finally {
      if (state
          instanceof State.Opening) { // by what nothing here declares: nobody may wait for ever
        state = new State.Failed<>(new IllegalStateException("broke off"));
      }
      settled.cancel();
    }
  }

  /** How far it is now. */
  State<T> state() {
    return state;
  }

  /** Blocks until it is settled, or whoever waits has left. */
  State<T> await(Cancellation leaving) throws InterruptedException {
    CountDownLatch either = new CountDownLatch(1);
    try (Cancellation.Registration _ = settled.onCancel(either::countDown);
        Cancellation.Registration _ = leaving.onCancel(either::countDown)) {
      either.await();
    }
    return state;
  }

  /**
   * Blocks until it is there. An interrupt is passed on to whoever opens it, who says how it ended.
   *
   * @throws CliFault why it could not be opened
   */
  T get() throws CliFault {
    return switch (settle()) {
      case State.Open<T>(T value) -> value;
      case State.Failed<T>(CliFault fault) -> throw fault;
      case State.Failed<T>(Exception why) -> throw new IllegalStateException("not opened", why);
      case State.Opening<T> _ -> throw new IllegalStateException("it is neither open nor not");
    };
  }

  private State<T> settle() {
    boolean interrupted = false;
    while (state instanceof State.Opening) {
      try {
        await(new Cancellation());
      } catch (InterruptedException e) {
        interrupted = true;
        opener.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return state;
  }

  /** Closes it, or keeps it from being opened. */
  @Override
  public void close() throws CliFault {
    if (state instanceof State.Opening) {
      opener.interrupt();
    }
    if (settle() instanceof State.Open<T>(T value)) {
      closing.close(value);
    }
  }
}
