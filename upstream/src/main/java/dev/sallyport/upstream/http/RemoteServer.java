package dev.sallyport.upstream.http;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundClient;
import dev.sallyport.transport.outbound.OutboundRequest;
import java.util.Locale;
import java.util.Set;

/** Where a server is, how it is reached, and how much of what it says is held. Thread-safe. */
public final class RemoteServer {
  private static final HttpFields POSTED =
      HttpFields.empty()
          .with("Accept", "application/json, text/event-stream") // CH-02
          .with("Content-Type", "application/json");
  private static final HttpFields STREAM =
      HttpFields.empty().with("Accept", "text/event-stream").with("Cache-Control", "no-store");

  private final OutboundClient client;
  private final HttpUrl url;
  private final HttpFields fields;

  /** In small letters. */
  private static final Set<String> OURS =
      Set.of(
          "accept",
          "connection",
          "content-length",
          "content-type",
          "host",
          "last-event-id",
          "mcp-method",
          "mcp-name",
          "mcp-protocol-version",
          "mcp-session-id",
          "te",
          "traceparent",
          "tracestate",
          "transfer-encoding",
          "upgrade");

  private final HttpFields posted;
  private final HttpFields stream;
  private final AnswerRoom room = AnswerRoom.ofHeap();

  /**
   * @param client stays open for as long as anything uses the server
   * @param fields sent with each request; the credential, when there is one
   */
  public RemoteServer(OutboundClient client, HttpUrl url, HttpFields fields) {
    this.client = client;
    this.url = url;
    this.fields = fields;
    posted = POSTED.with(fields);
    stream = STREAM.with(fields);
  }

  /** Whether a field is said by the transport itself, so that no operator may say it. */
  public static boolean says(String field) {
    return OURS.contains(field.toLowerCase(Locale.ROOT));
  }

  OutboundClient client() {
    return client;
  }

  AnswerRoom room() {
    return room;
  }

  HttpUrl url() {
    return url;
  }

  /** For people: scheme, host and port. */
  public String where() {
    return url.origin();
  }

  OutboundRequest post(HttpFields extra, byte[] message) {
    return postTo(url, extra, message);
  }

  OutboundRequest postTo(HttpUrl other, HttpFields extra, byte[] message) {
    return OutboundRequest.post(other, posted.with(extra), message);
  }

  OutboundRequest get(HttpFields extra) {
    return OutboundRequest.get(url, stream.with(extra));
  }

  OutboundRequest delete(HttpFields extra) {
    return OutboundRequest.delete(url, fields.with(extra));
  }
}
