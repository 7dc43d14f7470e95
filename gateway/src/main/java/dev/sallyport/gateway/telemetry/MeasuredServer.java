package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import java.util.function.LongSupplier;

/**
 * Takes the time of each exchange that goes on to one server, whoever asked for it, and notes how
 * it ended. Thread-safe.
 */
final class MeasuredServer implements Handler {
  private final Peer peer;
  private final Handler server;
  private final LongSupplier nanos;
  private final Durations durations;
  private final Naming naming;
  private final Spans spans;

  MeasuredServer(
      Peer peer,
      Handler server,
      LongSupplier nanos,
      Durations durations,
      Naming naming,
      Spans spans) {
    this.peer = peer;
    this.server = server;
    this.nanos = nanos;
    this.durations = durations;
    this.naming = naming;
    this.spans = spans;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    long begun = nanos.getAsLong();
    Spans.Span span = spans.toServer(exchange, peer);
    Sending sending = new Sending(span);
    Exchange seen = exchange.withOrigin(exchange.origin().seenBy(sending));
    try {
      Outcome outcome = span.run(server, seen);
      ended(naming.of(exchange, outcome, sending.version(), peer.name()), sending, span, begun);
      return outcome;
    } catch (RuntimeException | Error fault) {
      ended(naming.broken(exchange, sending.version(), peer.name()), sending, span, begun);
      throw fault;
    }
  }

  private void ended(Labels labels, Sending sending, Spans.Span span, long begun) {
    durations.record(labels, nanos.getAsLong() - begun);
    span.end(new Spans.Ended(labels, sending.id()));
  }
}
