package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.Guarded;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import java.util.Optional;

/**
 * What is behind the endpoint: the handler, whose exceptions reach nobody but the log, and who can
 * be asked by ourselves what a client's request needs. Thread-safe.
 */
final class Behind {
  private final Guarded handler;

  Behind(Handler handler) {
    this.handler = new Guarded(handler);
  }

  Outcome carryOut(Exchange exchange) {
    return handler.handle(exchange);
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

  Outcome.Failed broken(String method, String what) {
    return handler.broken(method, what);
  }
}
