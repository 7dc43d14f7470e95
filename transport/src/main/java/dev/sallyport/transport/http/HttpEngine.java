package dev.sallyport.transport.http;

import dev.sallyport.protocol.Log;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops that a program's listener and its outbound clients share: what comes in on one
 * loop and goes out on the same saves waking another. They take a while to make, so a program that
 * has other things to wait for begins them first. Thread-safe.
 */
public final class HttpEngine implements AutoCloseable {
  /** For steps that wait for no peer. */
  public static final Duration PROMPT = Duration.ofSeconds(10);

  private static final Log LOG = Log.of(HttpEngine.class);

  private final FutureTask<Vertx> starting;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger anyPorts = new AtomicInteger();
  private final Set<InetSocketAddress> claimed = ConcurrentHashMap.newKeySet();
  private final int loops;

  private HttpEngine(int loops) {
    this.loops = loops;
    starting = new FutureTask<>(() -> start(loops));
    Thread.ofPlatform().name("sallyport-http-start").daemon(true).start(starting);
  }

  /** Begins to make them, on a thread of its own. */
  public static HttpEngine begin() {
    return begin(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  static HttpEngine begin(int loops) {
    return new HttpEngine(loops);
  }

  /** A listener's hold on where it listens. */
  record Claim(int port, Runnable release) {}

  /**
   * What to ask Vert.x for, for one listener: to it, zero is any port for one acceptor, less is any
   * port for all that ask for the same number, and who asks for a port that another listener here
   * has gets a part of that one's connections.
   */
  Claim claim(InetSocketAddress wanted) throws ListenException {
    if (wanted.getPort() == 0) {
      return new Claim(anyPorts.decrementAndGet(), () -> {});
    }
    if (!claimed.add(wanted)) {
      throw new ListenException(
          ListenException.Fault.ADDRESS,
          "cannot listen on "
              + wanted.getAddress().getHostAddress()
              + ":"
              + wanted.getPort()
              + ": the port is already in use");
    }
    return new Claim(wanted.getPort(), () -> claimed.remove(wanted));
  }

  private static Vertx start(int loops) {
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(loops)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  /** How many there are. */
  public int loops() {
    return loops;
  }

  /**
   * The loops themselves, for packages of this module. Blocks until they are there.
   *
   * @throws IllegalStateException when they could not be made, or are closed
   */
  public Vertx vertx() {
    if (closed.get()) {
      throw new IllegalStateException("the engine is closed");
    }
    return made();
  }

  /** Blocks for as long as it takes: there is no use in half an engine. */
  private Vertx made() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return starting.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the event loops could not be made", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends them; whoever uses them has been closed before. Blocks until they are gone. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      settle("stop", made().close(), PROMPT);
    }
  }

  /**
   * Waits on a thread that is no loop, for packages of this module. Nothing when the limit passed,
   * or the thread was stopped.
   */
  public static <T> Optional<AsyncResult<T>> settle(String step, Future<T> future, Duration limit) {
    ArrayBlockingQueue<AsyncResult<T>> result = new ArrayBlockingQueue<>(1);
    future.onComplete(result::add);
    try {
      Optional<AsyncResult<T>> settled =
          Optional.ofNullable(result.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
      if (settled.isEmpty()) {
        LOG.log(Level.DEBUG, "could not {0} within {1}", step, limit);
      }
      return settled;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
