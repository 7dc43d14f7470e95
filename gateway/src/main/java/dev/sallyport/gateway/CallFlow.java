package dev.sallyport.gateway;

import dev.sallyport.gateway.Limits.Admission;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;

/**
 * One request, from the verified caller to the upstream and back. The file to read first.
 *
 * <p>Before it, on every request: {@code McpEndpoint} screens Host and Origin, asks {@code
 * BearerCheck} who calls, reads the envelope and checks the mirrored headers. After it, the
 * endpoint writes the outcome in the client's era. stdio skips what only HTTP has.
 *
 * <p>A continuation (answers to questions) is an exchange like any other and passes every step
 * again. Thread-safe.
 */
final class CallFlow implements Handler {
  private final Limits limits;
  private final Route route;

  CallFlow(Limits limits, Route route) {
    this.limits = limits;
    this.route = route;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    return switch (limits.admitCall(exchange.caller())) {
      case Admission.Turned turned -> new Outcome.Refused(turned.refusal());
      case Admission.Admitted place -> {
        try (place) {
          yield route.upstream().handle(exchange);
        }
      }
    };
  }
}
