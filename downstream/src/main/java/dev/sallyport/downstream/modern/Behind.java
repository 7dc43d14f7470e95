package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * What is behind the endpoint: the handler, whose exceptions reach nobody but the log, and who can
 * be asked by ourselves what a client's request needs. Thread-safe.
 */
final class Behind {
  private static final System.Logger LOG = System.getLogger("dev.sallyport.downstream");

  private final Handler handler;

  Behind(Handler handler) {
    this.handler = handler;
  }

  Outcome carryOut(Exchange exchange) {
    try {
      return handler.handle(exchange);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "The handler broke on " + shown(exchange.method()), e);
      return new Outcome.Failed(RpcError.internal("Internal error"));
    }
  }

  /**
   * Asks on behalf of a caller: what it may not see, we do not see for it.
   *
   * @param unwanted fires when the client's own request needs no answer any more
   */
  Outcome ask(
      Method method,
      JsonObject params,
      Origin origin,
      ClientContext client,
      Cancellation unwanted) {
    return carryOut(
        new Exchange(
            method.text(),
            params,
            Optional.empty(),
            origin.ours(),
            client,
            Optional.empty(),
            ClientChannel.NONE,
            unwanted));
  }

  /** For the operator: the handler did what no handler may. */
  Outcome.Failed broken(String method, String what) {
    LOG.log(Level.ERROR, "The handler " + what + " (" + shown(method) + ")");
    return new Outcome.Failed(RpcError.internal("Internal error"));
  }

  /** Only names we know are fit for a log. */
  private static String shown(String method) {
    return Method.of(method).map(Method::text).orElse("a method of an extension");
  }
}
