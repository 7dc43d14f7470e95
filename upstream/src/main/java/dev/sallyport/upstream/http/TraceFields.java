package dev.sallyport.upstream.http;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.OutboundRequest;
import dev.sallyport.upstream.wire.Call;
import java.util.Map;

/**
 * Headers that say whose work a request is, as far as there is room for them: they are a favour,
 * and must not make a head that is refused. The body says it too.
 */
final class TraceFields {
  /** Bytes of a head's fields; servers differ in what they do with one that is too long. */
  private static final int MOST_BYTES = 8 * 1024;

  private TraceFields() {}

  static OutboundRequest on(OutboundRequest request, Call call) {
    if (call.fields().isEmpty()) {
      return request;
    }
    HttpFields fields = request.fields();
    for (Map.Entry<String, String> each : call.fields().entrySet()) {
      HttpFields more = fields.with(each.getKey(), each.getValue());
      fields = length(more) <= MOST_BYTES ? more : fields;
    }
    return new OutboundRequest(request.method(), request.url(), fields, request.body());
  }

  private static int length(HttpFields fields) {
    int[] sum = new int[1];
    fields.forEach((name, value) -> sum[0] += name.length() + value.length() + 4);
    return sum[0];
  }
}
