package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.gateway.telemetry.Spans;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Method;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Optional;

/**
 * Begins spans: of kind SERVER for what clients ask for, of kind CLIENT for what goes on to a
 * server. Thread-safe.
 */
final class OtelSpans implements Spans {
  private static final int LONGEST_URI = 256;

  /** The head of the request that this thread carries out, where it says something of a trace. */
  private static final ScopedValue<HttpFields> HEAD = ScopedValue.newInstance();

  private final Tracer tracer;

  OtelSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public void within(HttpHead head, Runnable work) {
    HttpFields fields = head.fields();
    if (fields.first(Incoming.TRACEPARENT).isEmpty() && fields.first(Incoming.BAGGAGE).isEmpty()) {
      work.run();
    } else {
      ScopedValue.where(HEAD, fields).run(work);
    }
  }

  @Override
  public Span ofClient(Exchange exchange) {
    Incoming from =
        Incoming.of(exchange.params(), HEAD.isBound() ? HEAD.get() : HttpFields.empty());
    SpanBuilder builder = begun(exchange, SpanKind.SERVER, from.parent());
    if (from.link().isValid()) {
      builder.addLink(from.link());
    }
    io.opentelemetry.api.trace.Span span = builder.startSpan();
    if (span.isRecording()) {
      span.setAttribute(Words.ROUTE, exchange.origin().route());
      span.setAttribute(Words.TRANSPORT, Words.TCP);
      span.setAttribute(Words.PROTOCOL, Words.HTTP);
      exchange
          .origin()
          .session()
          .ifPresent(session -> span.setAttribute(Words.SESSION, session.name()));
      resource(exchange).ifPresent(uri -> span.setAttribute(Words.RESOURCE, uri));
    }
    return new OtelSpan(span, SpanKind.SERVER, from.baggage());
  }

  @Override
  public Span toServer(Exchange exchange, Peer server) {
    Optional<OtelSpan> within =
        exchange.origin().witness() instanceof OtelSpan outer
            ? Optional.of(outer)
            : Optional.empty();
    io.opentelemetry.api.trace.Span span =
        begun(exchange, SpanKind.CLIENT, within.map(OtelSpan::context).orElseGet(Context::root))
            .startSpan();
    if (span.isRecording()) {
      span.setAttribute(Words.SERVER, server.name());
      span.setAttribute(Words.TRANSPORT, server.host().isEmpty() ? Words.PIPE : Words.TCP);
      if (!server.host().isEmpty()) {
        span.setAttribute(Words.PROTOCOL, Words.HTTP);
        span.setAttribute(Words.ADDRESS, server.host());
        span.setAttribute(Words.PORT, (long) server.port());
      }
      resource(exchange).ifPresent(uri -> span.setAttribute(Words.RESOURCE, uri));
    }
    String baggage = server.baggage() ? within.map(OtelSpan::baggage).orElse("") : "";
    return new OtelSpan(span, SpanKind.CLIENT, baggage);
  }

  /** It has its whole name at its end, when it is known whether there is such a tool. */
  private SpanBuilder begun(Exchange exchange, SpanKind kind, Context parent) {
    return tracer
        .spanBuilder(Method.of(exchange.method()).map(Method::text).orElse("other"))
        .setSpanKind(kind)
        .setParent(parent);
  }

  /** Without what may be secret in it: a user before the host, a query, a fragment. */
  private static Optional<String> resource(Exchange exchange) {
    if (!Method.RESOURCES_READ.is(exchange.method())) {
      return Optional.empty();
    }
    return exchange
        .params()
        .get("uri")
        .filter(uri -> uri.length() <= 8 * LONGEST_URI)
        .flatMap(uri -> uri.asString())
        .map(uri -> uri.replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//"))
        .map(uri -> uri.length() <= LONGEST_URI ? uri : uri.substring(0, LONGEST_URI));
  }
}
