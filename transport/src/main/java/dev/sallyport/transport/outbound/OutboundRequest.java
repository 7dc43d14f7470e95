package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpFields;
import java.util.List;
import java.util.Set;

/**
 * What is sent. Its fields are all that is said besides Host and what frames the body.
 *
 * @param method {@code GET}, {@code POST} or {@code DELETE}
 * @param body not a copy; none when empty
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record OutboundRequest(String method, HttpUrl url, HttpFields fields, byte[] body) {
  private static final byte[] NONE = {};
  private static final Set<String> METHODS = Set.of("GET", "POST", "DELETE");
  private static final List<String> TRANSPORT =
      List.of("Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE");

  /**
   * @throws IllegalArgumentException when a field says what is for the transport to say
   */
  public OutboundRequest {
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException("there is no such method");
    }
    for (String name : TRANSPORT) {
      if (fields.first(name).isPresent()) {
        throw new IllegalArgumentException(name + " is for the transport to say");
      }
    }
  }

  public static OutboundRequest get(HttpUrl url, HttpFields fields) {
    return new OutboundRequest("GET", url, fields, NONE);
  }

  public static OutboundRequest post(HttpUrl url, HttpFields fields, byte[] body) {
    return new OutboundRequest("POST", url, fields, body);
  }

  public static OutboundRequest delete(HttpUrl url, HttpFields fields) {
    return new OutboundRequest("DELETE", url, fields, NONE);
  }

  /** Without the body, which belongs to a caller, and without the values of the fields. */
  @Override
  public String toString() {
    return method + " " + url + " " + fields;
  }
}
