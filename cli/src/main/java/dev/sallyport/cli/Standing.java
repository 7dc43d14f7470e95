package dev.sallyport.cli;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One of many servers. It is opened beside the others, and again and again until it is there: one
 * that does not come up is told of and stops nobody. Callers wait for its first try alone.
 * Thread-safe.
 */
final class Standing implements Handler, AutoCloseable {
  private static final Log LOG = Log.of(Standing.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final String name;
  private final Ahead.Opening<Opened> opening;
  private final Told told;

  /** Fires when it is known what came of the first try. */
  private final Cancellation tried = new Cancellation();

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread opener;
  private volatile State state = new State.Starting();

  /** How far it is. */
  sealed interface State {
    record Starting() implements State {}

    record Up(Opened server) implements State {}

    /**
     * @param why as for a person
     */
    record Down(List<String> why) implements State {}
  }

  /** Hears how its tries end, on its own thread. */
  interface Told {
    void up(Opened server);

    /**
     * @param again until the next try
     */
    void down(CliFault why, Duration again);
  }

  private Standing(String name, Ahead.Opening<Opened> opening, Told told) {
    this.name = name;
    this.opening = opening;
    this.told = told;
    this.opener =
        Thread.ofPlatform().name("sallyport-start-" + name).daemon(true).unstarted(this::open);
  }

  /**
   * @param name what callers call it
   * @param opening is interrupted when it is no longer wanted
   */
  static Standing begin(String name, Ahead.Opening<Opened> opening, Told told) {
    Standing standing = new Standing(name, opening, told);
    standing.opener.start();
    return standing;
  }

  private void open() {
    try {
      Duration pause = FIRST_PAUSE;
      while (!attempt(pause) && !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        pause = longer(pause);
      }
    } catch (InterruptedException unwanted) {
      Thread.currentThread().interrupt();
    } finally {
      tried.cancel();
    }
  }

  /** Whether that was the last one. */
  private boolean attempt(Duration pause) {
    try {
      Opened server = opening.open();
      state = new State.Up(server);
      tried.cancel();
      told.up(server);
      return true;
    } catch (CliFault fault) {
      return down(fault, pause);
    } catch (RuntimeException unexpected) {
      LOG.log(System.Logger.Level.ERROR, "opening a server broke off", unexpected);
      return down(new CliFault(CliFault.FAILURE, "it cannot be opened; see the log"), pause);
    }
  }

  private boolean down(CliFault fault, Duration pause) {
    if (closing.getCount() == 0) {
      return true;
    }
    state = new State.Down(fault.lines());
    tried.cancel();
    told.down(fault, pause);
    return false;
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  State state() {
    return state;
  }

  /** Waits until the first try is over, whoever waits has left, or the limit. */
  State settled(Cancellation leaving, Duration limit) throws InterruptedException {
    CountDownLatch either = new CountDownLatch(1);
    try (Cancellation.Registration _ = tried.onCancel(either::countDown);
        Cancellation.Registration _ = leaving.onCancel(either::countDown)) {
      either.await(Math.max(limit.toNanos(), 0), TimeUnit.NANOSECONDS);
    }
    return state;
  }

  /** Waits until there are no more tries, because it is up or was closed, or for the limit. */
  void triesAreOver(Duration limit) throws InterruptedException {
    if (limit.isPositive()) {
      opener.join(limit);
    }
  }

  @Override
  public Outcome handle(Exchange exchange) {
    return state instanceof State.Starting ? handleLater(exchange) : handle(exchange, state);
  }

  private Outcome handleLater(Exchange exchange) {
    try {
      State settled = settled(exchange.cancellation(), LONGEST_START);
      return exchange.cancellation().isCancelled()
          ? new Outcome.Cancelled()
          : handle(exchange, settled);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Cancelled();
    }
  }

  private Outcome handle(Exchange exchange, State state) {
    return switch (state) {
      case State.Up(Opened server) -> server.handle(exchange);
      case State.Down _ -> unavailable("does not start");
      case State.Starting _ -> unavailable("is still starting");
    };
  }

  /** Why is for the operator. */
  private Outcome unavailable(String what) {
    return new Outcome.Failed(RpcError.internal("upstream unavailable: " + name + " " + what));
  }

  /** Ends the server, or keeps it from coming up. */
  @Override
  public void close() {
    closing.countDown();
    opener.interrupt();
    boolean interrupted = Thread.interrupted();
    while (opener.isAlive()) {
      try {
        opener.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (state instanceof State.Up(Opened server)) {
      server.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
