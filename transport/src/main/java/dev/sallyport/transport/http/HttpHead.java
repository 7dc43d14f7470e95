package dev.sallyport.transport.http;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Everything of a request but its body. It has exactly one {@code Host} field whatever the version
 * of HTTP, and that is the authority the request was made to.
 *
 * @param path as sent, not decoded, from the first slash on; {@code *} for {@code OPTIONS *}
 * @param query what follows the question mark, as sent
 * @param peer the other end of the connection, which can be a proxy
 * @param tls whether the connection to the peer is encrypted
 */
public record HttpHead(
    String method,
    String path,
    Optional<String> query,
    HttpFields fields,
    InetSocketAddress peer,
    boolean tls) {

  /** Without query and field values, which can be secrets. */
  @Override
  public String toString() {
    return method + " " + path + " " + fields;
  }
}
