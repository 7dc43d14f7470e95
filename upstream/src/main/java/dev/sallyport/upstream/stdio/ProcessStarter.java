package dev.sallyport.upstream.stdio;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that starts children, and tells the watchdog of them. It never ends, because on
 * Linux a child that asked for a parent-death signal dies with the thread that started it, not with
 * the process. Thread-safe.
 */
final class ProcessStarter {
  private static final System.Logger LOG = System.getLogger(ProcessStarter.class.getName());
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
   * @param leads whether the process will lead a session and group of its own
   */
  static Process start(ProcessBuilder builder, boolean leads)
      throws IOException, InterruptedException {
    FutureTask<Process> order = new FutureTask<>(() -> ONLY.startNow(builder, leads));
    ONLY.orders.put(order);
    try {
      return order.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("the process could not be started", e.getCause());
    } catch (InterruptedException e) {
      if (!order.cancel(false)) {
        end(order);
      }
      throw e;
    }
  }

  private Process startNow(ProcessBuilder builder, boolean leads) throws IOException {
    if (!leads) {
      return builder.start();
    }
    watchdog.expect();
    Process process = builder.start();
    watchdog.watch(process.pid());
    return process;
  }

  /** Nothing of that child's group is left. Returns at once. */
  static void ended(long leader) {
    Callable<Boolean> forget =
        () -> {
          ONLY.watchdog.forget(leader);
          return true;
        };
    if (!ONLY.orders.offer(new FutureTask<>(forget))) {
      LOG.log(System.Logger.Level.DEBUG, "too much to start to tell the watchdog of an end");
    }
  }

  /** Nobody waits any more for a process that was started all the same. */
  private static void end(FutureTask<Process> order) {
    try {
      Process process = order.get();
      process.destroyForcibly();
      ended(process.pid());
    } catch (ExecutionException | InterruptedException e) {
      Thread.currentThread().interrupt();
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
