package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.transport.http.HttpFields;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where in a trace a request says that it stands: in its {@code _meta}, or else in the head that it
 * came with. What is malformed counts as not said (W3C Trace Context, 3.2 and 3.3).
 *
 * @param parent with the caller's span, or with none
 * @param link the head's own span, where the message named another (conventions for MCP, context
 *     propagation)
 * @param baggage as it came; empty when there is none, or none that may be passed on
 */
record Incoming(Context parent, SpanContext link, String baggage) {
  static final String TRACEPARENT = "traceparent";
  static final String TRACESTATE = "tracestate";
  static final String BAGGAGE = "baggage";

  /** Of a name with its value; more than the longest that the specification asks to pass on. */
  private static final int MOST_TRACESTATE = 512;

  private static final int MOST_BAGGAGE = 8_192;

  static final Incoming NOTHING = new Incoming(Context.root(), SpanContext.getInvalid(), "");

  private static final TextMapGetter<Map<String, String>> GETTER =
      new TextMapGetter<>() {
        @Override
        public String get(@Nullable Map<String, String> carrier, String key) {
          return carrier == null ? "" : carrier.getOrDefault(key, "");
        }
      };

  static Incoming of(JsonObject params, HttpFields head) {
    Optional<JsonObject> meta = params.object(Meta.MEMBER);
    SpanContext ofMessage = meta.map(Incoming::span).orElse(SpanContext.getInvalid());
    SpanContext ofHead = span(head);
    SpanContext parent = ofMessage.isValid() ? ofMessage : ofHead;
    boolean differs =
        ofMessage.isValid()
            && ofHead.isValid()
            && !ofMessage.getSpanId().equals(ofHead.getSpanId());
    return new Incoming(
        parent.isValid() ? Context.root().with(Span.wrap(parent)) : Context.root(),
        differs ? ofHead : SpanContext.getInvalid(),
        meta.flatMap(some -> some.string(BAGGAGE))
            .filter(Incoming::isBaggage)
            .or(() -> Optional.of(String.join(",", head.all(BAGGAGE))).filter(Incoming::isBaggage))
            .orElse(""));
  }

  private static SpanContext span(JsonObject meta) {
    Optional<String> parent = meta.string(TRACEPARENT);
    return parent.isEmpty()
        ? SpanContext.getInvalid()
        : span(parent.get(), meta.string(TRACESTATE).orElse(""));
  }

  private static SpanContext span(HttpFields head) {
    List<String> parents = head.all(TRACEPARENT);
    return parents.size() == 1
        ? span(parents.getFirst(), String.join(",", head.all(TRACESTATE)))
        : SpanContext.getInvalid();
  }

  private static SpanContext span(String traceparent, String tracestate) {
    Map<String, String> carrier = new LinkedHashMap<>();
    carrier.put(TRACEPARENT, traceparent);
    if (tracestate.length() <= MOST_TRACESTATE) {
      carrier.put(TRACESTATE, tracestate);
    }
    Context context =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), carrier, GETTER);
    return Span.fromContext(context).getSpanContext();
  }

  /** What a header can hold: it is passed on in one. */
  private static boolean isBaggage(String text) {
    return !text.isBlank()
        && text.length() <= MOST_BAGGAGE
        && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }
}
