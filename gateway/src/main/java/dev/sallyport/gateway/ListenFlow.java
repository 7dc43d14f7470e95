package dev.sallyport.gateway;

import dev.sallyport.gateway.Limits.Admission;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;

/**
 * One notification stream. Shares the first half of {@link CallFlow}, but may last for days, so it
 * has bounds of its own.
 */
final class ListenFlow implements Handler {
  private final Limits limits;
  private final Route route;

  ListenFlow(Limits limits, Route route) {
    this.limits = limits;
    this.route = route;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    return switch (limits.admitListen(exchange.caller())) {
      case Admission.Turned turned -> new Outcome.Refused(turned.refusal());
      case Admission.Admitted place -> {
        try (place) {
          yield route.upstream().handle(exchange);
        }
      }
    };
  }
}
