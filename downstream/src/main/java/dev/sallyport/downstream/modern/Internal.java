package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import java.util.Optional;

/** Exchanges that we make ourselves to learn what a client's request needs. */
final class Internal {
  private Internal() {}

  /** Asks on behalf of a caller: what it may not see, we do not see for it. */
  static Exchange exchange(Method method, JsonObject params, Caller caller, ClientContext client) {
    return new Exchange(
        method.text(),
        params,
        Optional.empty(),
        caller,
        client,
        Optional.empty(),
        nobodyToTell -> {},
        new Cancellation());
  }
}
