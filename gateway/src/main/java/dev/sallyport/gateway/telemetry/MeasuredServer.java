package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Takes the time of each exchange that goes on to one server, whoever asked for it, and notes how
 * it ended. Thread-safe.
 */
final class MeasuredServer implements Telemetry.WatchedServer {
  private final Peer peer;
  private final Handler server;
  private final LongSupplier nanos;
  private final ServerNumbers numbers;
  private final Spans spans;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MeasuredServer(
      Peer peer, Handler server, LongSupplier nanos, ServerNumbers numbers, Spans spans) {
    this.peer = peer;
    this.server = server;
    this.nanos = nanos;
    this.numbers = numbers;
    this.spans = spans;
  }

  static MeasuredServer begin(
      Peer peer, Handler server, LongSupplier nanos, ServerNumbers numbers, Spans spans) {
    numbers.came(peer);
    return new MeasuredServer(peer, server, nanos, numbers, spans);
  }

  @Override
  public Outcome handle(Exchange exchange) {
    long begun = nanos.getAsLong();
    Spans.Span span = spans.toServer(exchange, peer);
    Sending sending = new Sending(span);
    Exchange seen = exchange.withOrigin(exchange.origin().seenBy(sending));
    try {
      Outcome outcome = span.run(server, seen);
      ended(
          numbers.names().of(exchange, outcome, sending.version(), peer.name()),
          sending,
          span,
          begun);
      return outcome;
    } catch (RuntimeException | Error fault) {
      ended(numbers.names().broken(exchange, sending.version(), peer.name()), sending, span, begun);
      throw fault;
    }
  }

  private void ended(Labels labels, Sending sending, Spans.Span span, long begun) {
    numbers.call(labels, nanos.getAsLong() - begun);
    span.end(new Spans.Ended(labels, sending.id()));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      numbers.left(peer);
    }
  }
}
