package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Takes the time of each exchange that a client asked for, a subscription's whole life among them,
 * and notes how it ended. What we ask ourselves on a client's behalf is not its request, and does
 * not count. Thread-safe.
 */
final class MeasuredFlow implements Handler {
  private final Handler flow;
  private final LongSupplier nanos;
  private final ClientNumbers numbers;
  private final Spans spans;

  MeasuredFlow(Handler flow, LongSupplier nanos, ClientNumbers numbers, Spans spans) {
    this.flow = flow;
    this.nanos = nanos;
    this.numbers = numbers;
    this.spans = spans;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    if (exchange.origin().request().isEmpty()) {
      return flow.handle(exchange);
    }
    Spans.Span span = spans.ofClient(exchange);
    long begun = nanos.getAsLong();
    numbers.inProgress().increment();
    try {
      Outcome outcome = span.run(flow, exchange);
      if (outcome instanceof Outcome.Refused(Refusal refusal)) {
        numbers.refusals().count(refusal.reason());
      }
      ended(
          exchange,
          span,
          numbers.naming().of(exchange, outcome, version(exchange), route(exchange)),
          begun);
      opened(exchange, outcome, begun);
      return outcome;
    } catch (RuntimeException | Error fault) {
      ended(
          exchange,
          span,
          numbers.naming().broken(exchange, version(exchange), route(exchange)),
          begun);
      throw fault;
    } finally {
      numbers.inProgress().decrement();
    }
  }

  private void ended(Exchange exchange, Spans.Span span, Labels labels, long begun) {
    Labels named = isHandshake(exchange) ? labels.withMethod(Method.INITIALIZE.text()) : labels;
    numbers.requests().record(named, nanos.getAsLong() - begun);
    span.end(new Spans.Ended(named, exchange.origin().request()));
  }

  /** A session is as old as its handshake, and ends when either side says so. */
  private void opened(Exchange exchange, Outcome outcome, long begun) {
    Optional<ClientSession> session = exchange.origin().session();
    if (isHandshake(exchange) && outcome instanceof Outcome.Complete) {
      Labels labels = Labels.ofSession(version(exchange), route(exchange));
      session.ifPresent(
          life -> life.onEnd(() -> numbers.sessions().record(labels, nanos.getAsLong() - begun)));
    }
  }

  /** A client with a handshake cannot discover; what its {@code initialize} became is no method. */
  private static boolean isHandshake(Exchange exchange) {
    return Method.DISCOVER.is(exchange.method()) && exchange.origin().session().isPresent();
  }

  private static String version(Exchange exchange) {
    return exchange.client().version().text();
  }

  private static String route(Exchange exchange) {
    return exchange.origin().route();
  }
}
