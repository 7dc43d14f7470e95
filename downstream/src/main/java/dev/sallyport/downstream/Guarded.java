package dev.sallyport.downstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.lang.System.Logger.Level;

/** A handler whose exceptions reach nobody but the log. Thread-safe when the handler is. */
public final class Guarded implements Handler {
  private static final Log LOG = Log.of(Guarded.class);

  private final Handler handler;

  public Guarded(Handler handler) {
    this.handler = handler;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    try {
      return handler.handle(exchange);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "The handler broke on " + shown(exchange.method()), e);
      return new Outcome.Failed(RpcError.internal("Internal error"));
    }
  }

  /** For the operator: the handler did what no handler may. */
  public Outcome.Failed broken(String method, String what) {
    LOG.log(Level.ERROR, "The handler " + what + " (" + shown(method) + ")");
    return new Outcome.Failed(RpcError.internal("Internal error"));
  }

  /** Only names we know are fit for a log. */
  private static String shown(String method) {
    return Method.of(method).map(Method::text).orElse("a method of an extension");
  }
}
