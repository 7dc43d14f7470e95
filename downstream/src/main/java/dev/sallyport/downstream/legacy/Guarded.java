package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.lang.System.Logger.Level;

/** A handler whose exceptions reach nobody but the log. */
final class Guarded implements Handler {
  private static final System.Logger LOG = System.getLogger("dev.sallyport.downstream");

  private final Handler handler;

  Guarded(Handler handler) {
    this.handler = handler;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    try {
      return handler.handle(exchange);
    } catch (RuntimeException e) {
      // Only names we know are fit for a log.
      String method =
          Method.of(exchange.method()).map(Method::text).orElse("a method of an extension");
      LOG.log(Level.ERROR, "The handler broke on " + method, e);
      return new Outcome.Failed(RpcError.internal("Internal error"));
    }
  }
}
