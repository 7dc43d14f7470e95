package dev.sallyport.cli;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;

/**
 * A server that may still be starting: who calls it early waits until it is there, for as long as
 * the start takes, or until the caller leaves.
 */
record WhenUp(Ahead<? extends Handler> server) implements Handler {
  @Override
  public Outcome handle(Exchange exchange) {
    return handle(exchange, server.state());
  }

  private Outcome handle(Exchange exchange, Ahead.State<? extends Handler> state) {
    return switch (state) {
      case Ahead.State.Open(var up) -> up.handle(exchange);
      case Ahead.State.Failed<?> _ ->
          new Outcome.Failed(RpcError.internal("upstream unavailable: it does not start"));
      case Ahead.State.Opening<?> _ -> handleLater(exchange);
    };
  }

  private Outcome handleLater(Exchange exchange) {
    try {
      Ahead.State<? extends Handler> settled = server.await(exchange.cancellation());
      return exchange.cancellation().isCancelled()
          ? new Outcome.Cancelled()
          : handle(exchange, settled);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Cancelled();
    }
  }
}
