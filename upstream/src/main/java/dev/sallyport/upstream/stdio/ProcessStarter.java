package dev.sallyport.upstream.stdio;

import dev.sallyport.upstream.sandbox.Enclosure;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that starts children. It never ends, because on Linux a child that asked for a
 * parent-death signal dies with the thread that started it, not with the process. Thread-safe.
 */
final class ProcessStarter {
  private static final System.Logger LOG = System.getLogger(ProcessStarter.class.getName());
  private static final ProcessStarter ONLY = new ProcessStarter();

  private final BlockingQueue<FutureTask<Process>> orders = new LinkedBlockingQueue<>(256);

  private ProcessStarter() {
    Thread.ofPlatform().name("sallyport-starter").daemon(true).start(this::work);
  }

  /** Enclosed, the thread may have another one do it; it is this one that wakes whoever waits. */
  static Process start(ProcessBuilder builder, Enclosure enclosure)
      throws IOException, InterruptedException {
    FutureTask<Process> order = new FutureTask<>(() -> enclosure.start(builder));
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

  /** Nobody waits any more for a process that was started all the same. */
  private static void end(FutureTask<Process> order) {
    try {
      order.get().destroyForcibly();
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
