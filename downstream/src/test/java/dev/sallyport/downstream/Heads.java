package dev.sallyport.downstream;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Heads of requests as they reach the endpoint. */
final class Heads {
  private Heads() {}

  /**
   * @param fields names and values by turns
   */
  static HttpHead head(String method, String path, String... fields) {
    HttpFields all = HttpFields.empty();
    for (int i = 0; i < fields.length; i += 2) {
      all = all.with(fields[i], fields[i + 1]);
    }
    return new HttpHead(
        method,
        path,
        Optional.empty(),
        all,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
        false);
  }
}
