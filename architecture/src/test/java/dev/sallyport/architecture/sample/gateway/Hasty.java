package dev.sallyport.architecture.sample.gateway;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Everything that must not be done in main sources. */
final class Hasty {
  static final ThreadLocal<String> CALLER = new ThreadLocal<>();

  final BlockingQueue<UUID> queue = new LinkedBlockingQueue<>();

  void run(Vertx engine) throws InterruptedException {
    Thread.sleep(Duration.ofMillis(1));
    queue.add(UUID.randomUUID());
    CompletableFuture.completedFuture(engine).thenAccept(ignored -> {}).join();
    new IllegalStateException(Instant.now().toString()).printStackTrace();
  }
}
