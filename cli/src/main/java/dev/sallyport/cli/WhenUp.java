package dev.sallyport.cli;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A server that may still be starting: who calls it early waits until it is there, as long as the
 * start may take, or until the caller leaves. Thread-safe.
 */
final class WhenUp implements Handler {
  private final CompletableFuture<? extends Handler> server;

  WhenUp(CompletableFuture<? extends Handler> server) {
    this.server = server;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    if (!server.isDone() && !await(exchange.cancellation())) {
      return new Outcome.Cancelled();
    }
    return server.isCompletedExceptionally()
        ? new Outcome.Failed(RpcError.internal("upstream unavailable"))
        : server.join().handle(exchange);
  }

  private boolean await(Cancellation cancellation) {
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    try (Cancellation.Registration _ = cancellation.onCancel(() -> left.complete(true))) {
      CompletableFuture.anyOf(server, left).join();
      return !left.isDone();
    } catch (CompletionException notUp) {
      return true;
    }
  }
}
