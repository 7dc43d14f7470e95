package dev.sallyport.upstream.http;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundClient;
import dev.sallyport.transport.outbound.OutboundRequest;

/**
 * Where a server is, and how it is reached.
 *
 * @param client stays open for as long as anything uses the server
 * @param fields sent with each request; the credential, when there is one
 */
public record RemoteServer(OutboundClient client, HttpUrl url, HttpFields fields) {
  private static final HttpFields BOTH_KINDS =
      HttpFields.empty().with("Accept", "application/json, text/event-stream"); // CH-02
  private static final HttpFields POSTED = BOTH_KINDS.with("Content-Type", "application/json");
  private static final HttpFields STREAM =
      HttpFields.empty().with("Accept", "text/event-stream").with("Cache-Control", "no-store");

  OutboundRequest post(HttpFields extra, byte[] message) {
    return postTo(url, extra, message);
  }

  OutboundRequest postTo(HttpUrl other, HttpFields extra, byte[] message) {
    return OutboundRequest.post(other, POSTED.with(fields).with(extra), message);
  }

  OutboundRequest get(HttpFields extra) {
    return OutboundRequest.get(url, STREAM.with(fields).with(extra));
  }

  OutboundRequest delete(HttpFields extra) {
    return OutboundRequest.delete(url, fields.with(extra));
  }
}
