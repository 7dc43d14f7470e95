package dev.sallyport.gateway;

import dev.sallyport.transport.http.HttpHead;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Scheme, host and port of the gateway as a client sees them: what its resources begin with.
 * Without a public URL the host is what the client dialled, one of those that the endpoint answers
 * to, and the port is always the one that is listened on. If it were the client's, whoever got a
 * token for another port of this machine could show it here and say it had dialled that (security
 * T01). Fields that proxies forward are not read for the same reason: many pass on what the client
 * wrote into them. Thread-safe.
 */
final class OwnOrigin {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final Optional<URI> publicUrl;
  private final AtomicInteger port;

  /**
   * @param publicUrl under which others reach the gateway, if that was told
   * @param port that is asked for; 0 until {@link #listensAt} says which it is
   */
  OwnOrigin(Optional<URI> publicUrl, int port) {
    this.publicUrl = publicUrl;
    this.port = new AtomicInteger(port);
  }

  void listensAt(int bound) {
    port.set(bound);
  }

  /** Without a slash at its end. */
  String of(HttpHead head) {
    return publicUrl.map(URI::toString).orElseGet(() -> dialled(head));
  }

  private String dialled(HttpHead head) {
    int own = port.get();
    String name = name(head.fields().first("Host").orElse("localhost"));
    String scheme = head.tls() ? "https://" : "http://";
    return own == (head.tls() ? HTTPS : HTTP) ? scheme + name : scheme + name + ":" + own;
  }

  /** Of a host that may have a port; brackets of IPv6 are part of it. */
  private static String name(String host) {
    int colon = host.lastIndexOf(':');
    return (colon > host.lastIndexOf(']') ? host.substring(0, colon) : host)
        .toLowerCase(Locale.ROOT);
  }
}
