package dev.sallyport.transport.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The event loops of a listener. They take a while to make, so a program that has other things to
 * wait for begins them first. Thread-safe.
 */
public final class HttpEngine implements AutoCloseable {
  private final CompletableFuture<Vertx> starting;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final int loops;

  private HttpEngine(int loops) {
    this.loops = loops;
    starting =
        CompletableFuture.supplyAsync(
            () -> start(loops),
            task -> Thread.ofPlatform().name("sallyport-http-start").daemon(true).start(task));
  }

  /** Begins to make them, on a thread of its own. */
  public static HttpEngine begin() {
    return begin(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  static HttpEngine begin(int loops) {
    return new HttpEngine(loops);
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

  int loops() {
    return loops;
  }

  /** Whoever takes them closes them. Blocks until they are there. */
  Vertx take() {
    if (!taken.compareAndSet(false, true)) {
      throw new IllegalStateException("an engine serves one listener");
    }
    return starting.join();
  }

  /** Ends them, unless a listener has taken them. */
  @Override
  public void close() {
    if (taken.compareAndSet(false, true)) {
      HttpListener.settle("stop", starting.join().close(), HttpListener.PROMPT);
    }
  }
}
