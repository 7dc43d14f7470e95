package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.gateway.telemetry.Labels;
import dev.sallyport.gateway.telemetry.Spans;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.protocol.Witness;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One span at work. It is told of in bounded words alone: no arguments, no results, no messages of
 * errors, no caller. Thread-safe.
 */
final class OtelSpan implements Spans.Span, Witness {
  private static final int LONGEST_ID = 64;

  private final Span span;
  private final SpanKind kind;
  private final Context context;
  private final String baggage;

  /**
   * @param baggage to be passed on; may be empty
   */
  OtelSpan(Span span, SpanKind kind, String baggage) {
    this.span = span;
    this.kind = kind;
    this.context = Context.root().with(span);
    this.baggage = baggage;
  }

  /** For those who begin within it. */
  Context context() {
    return context;
  }

  String baggage() {
    return baggage;
  }

  @Override
  public Outcome run(Handler handler, Exchange exchange) {
    Exchange within =
        kind == SpanKind.CLIENT
            ? exchange.withParams(told(exchange.params()))
            : exchange.withOrigin(exchange.origin().seenBy(this));
    return Log.within(span.getSpanContext().getTraceId(), () -> handler.handle(within));
  }

  /** What the server reads: ours in the place of what the client said (SEP-414). */
  private JsonObject told(JsonObject params) {
    Optional<JsonObject> said = params.object(Meta.MEMBER);
    if (said.isEmpty() && params.has(Meta.MEMBER)) {
      return params; // Of no use to anybody, and not ours to repair.
    }
    JsonObject meta = said.orElse(JsonObject.EMPTY);
    JsonObject told = meta.without(Incoming.TRACEPARENT, Incoming.TRACESTATE, Incoming.BAGGAGE);
    for (Map.Entry<String, String> field : fields().entrySet()) {
      told = told.with(field.getKey(), Json.of(field.getValue()));
    }
    return params.with(Meta.MEMBER, told);
  }

  @Override
  public Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(
            context,
            fields,
            (carrier, key, value) -> {
              if (carrier != null) {
                carrier.put(key, value);
              }
            });
    if (!baggage.isEmpty()) {
      fields.put(Incoming.BAGGAGE, baggage);
    }
    return fields;
  }

  /** Whoever measures the way to a server hears of it, and tells at the end. */
  @Override
  public void sent(RpcId id, ProtocolVersion version) {}

  @Override
  public void end(Spans.Ended ended) {
    if (span.isRecording()) {
      describe(ended.labels());
      ended.id().ifPresent(id -> span.setAttribute(Words.REQUEST_ID, text(id)));
    }
    span.end();
  }

  /** A name that is not known to be one is left out, and so it is no part of the span's. */
  private void describe(Labels labels) {
    span.setAttribute(Words.METHOD, labels.method());
    set(Words.VERSION, labels.version());
    set(Words.STATUS, labels.status());
    boolean named = !labels.target().isEmpty() && !labels.target().equals(Labels.OTHER);
    span.updateName(named ? labels.method() + " " + labels.target() : labels.method());
    if (named) {
      set(Words.TOOL, labels.tool());
      set(Words.PROMPT, labels.prompt());
    }
    if (!labels.tool().isEmpty()) {
      span.setAttribute(Words.OPERATION, Words.EXECUTE_TOOL);
    }
    if (!labels.error().isEmpty()) {
      span.setAttribute(Words.ERROR, labels.error());
      span.setStatus(StatusCode.ERROR);
    }
  }

  private void set(io.opentelemetry.api.common.AttributeKey<String> key, String value) {
    if (!value.isEmpty()) {
      span.setAttribute(key, value);
    }
  }

  private static String text(RpcId id) {
    String text = id.token().asString().orElseGet(id.token()::text);
    return text.length() <= LONGEST_ID ? text : text.substring(0, LONGEST_ID);
  }
}
