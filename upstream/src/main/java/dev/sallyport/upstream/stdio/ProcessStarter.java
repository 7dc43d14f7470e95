package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Log;
import dev.sallyport.upstream.sandbox.Enclosure;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The one thread that starts children, and tells the watchdog of them. It never ends, because on
 * Linux a child that asked for a parent-death signal dies with the thread that started it, not with
 * the process. Thread-safe.
 */
final class ProcessStarter {
  private static final Log LOG = Log.of(ProcessStarter.class);
  private static final ProcessStarter ONLY = new ProcessStarter();
  private static final int MARK_BYTES = 8;

  private final BlockingQueue<FutureTask<?>> orders = new LinkedBlockingQueue<>(256);
  private final String mark = newMark();
  private final Watchdog watchdog = new Watchdog(ProcessTree.MARK + "=" + mark);

  private ProcessStarter() {
    Thread.ofPlatform().name("sallyport-starter").daemon(true).start(this::work);
  }

  private static String newMark() {
    byte[] mark = new byte[MARK_BYTES];
    new SecureRandom().nextBytes(mark);
    return HexFormat.of().formatHex(mark) + ".";
  }

  /** What the marks of all children of this program begin with. */
  static String mark() {
    return ONLY.mark;
  }

  /**
   * Enclosed, the thread may have another one do it; it is this one that wakes whoever waits.
   *
   * @param leads whether the process will lead a session and group of its own
   */
  static Process start(ProcessBuilder builder, Enclosure enclosure, boolean leads)
      throws IOException, InterruptedException {
    Order order = new Order(() -> ONLY.startNow(builder, enclosure, leads));
    ONLY.orders.put(order);
    try {
      return order.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("the process could not be started", e.getCause());
    } catch (InterruptedException e) {
      order.abandon();
      throw e;
    }
  }

  private Process startNow(ProcessBuilder builder, Enclosure enclosure, boolean leads)
      throws IOException, InterruptedException {
    if (!leads) {
      return enclosure.start(builder);
    }
    watchdog.expect();
    Process process = enclosure.start(builder);
    watchdog.watch(process.pid());
    return process;
  }

  /** Nothing of that child's group is left. */
  static void ended(long leader) {
    Callable<Boolean> forget =
        () -> {
          ONLY.watchdog.forget(leader);
          return true;
        };
    try {
      ONLY.orders.put(new FutureTask<>(forget));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The watchdog then knows one group too many.
    }
  }

  /**
   * A process to be started for somebody who may stop waiting for it: before, while or after it is
   * started. It is ended then, by whoever comes second.
   */
  private static final class Order extends FutureTask<Process> {
    private final AtomicReference<Optional<Process>> started =
        new AtomicReference<>(Optional.empty());
    private volatile boolean abandoned;

    Order(Callable<Process> start) {
      super(start);
    }

    @Override
    protected void set(Process process) {
      started.set(Optional.of(process));
      super.set(process);
      endIfAbandoned();
    }

    void abandon() {
      abandoned = true;
      cancel(false);
      endIfAbandoned();
    }

    private void endIfAbandoned() {
      if (abandoned) {
        started.getAndSet(Optional.empty()).ifPresent(Process::destroyForcibly);
      }
    }
  }

  /** Its own process takes a while to start, so that is done before there is a child to watch. */
  static void begin() {
    if (LiveChildren.areWatched()) {
      ONLY.orders.add(new FutureTask<>(ONLY.watchdog::stand, true));
    }
  }

  private void work() {
    while (true) {
      try {
        orders.take().run();
      } catch (InterruptedException e) {
        // Nobody has this thread to interrupt it; and it must not end.
        LOG.log(System.Logger.Level.DEBUG, "somebody interrupted the thread that starts children");
      }
    }
  }
}
