package dev.sallyport.gateway;

import dev.sallyport.transport.http.HttpHead;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Scheme, host and port of the gateway as a client sees them: what its resources begin with.
 * Without a public URL they are what a listed proxy says that it was reached by, and nobody else is
 * believed. Without a proxy the host is what the client dialled, one of those that the endpoint
 * answers to, and the port is always the one that is listened on. If it were the client's, whoever
 * got a token for another port of this machine could show it here and say it had dialled that
 * (security T01). Thread-safe.
 */
final class OwnOrigin {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9_.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

  private final Optional<URI> publicUrl;
  private final List<Cidr> proxies;
  private final AtomicInteger port;

  /**
   * @param publicUrl under which others reach the gateway, if that was told
   * @param proxies that may say it
   * @param port that is asked for; 0 until {@link #listensAt} says which it is
   */
  OwnOrigin(Optional<URI> publicUrl, List<Cidr> proxies, int port) {
    this.publicUrl = publicUrl;
    this.proxies = List.copyOf(proxies);
    this.port = new AtomicInteger(port);
  }

  void listensAt(int bound) {
    port.set(bound);
  }

  /** Without a slash at its end. */
  String of(HttpHead head) {
    return publicUrl
        .map(URI::toString)
        .orElseGet(() -> isProxy(head.peer().getAddress()) ? forwarded(head) : dialled(head));
  }

  private boolean isProxy(InetAddress peer) {
    return proxies.stream().anyMatch(range -> range.contains(peer));
  }

  private static String forwarded(HttpHead head) {
    String scheme =
        last(head, "X-Forwarded-Proto")
            .map(text -> text.toLowerCase(Locale.ROOT))
            .filter(text -> text.equals("https") || text.equals("http"))
            .orElse(head.tls() ? "https" : "http");
    String host =
        last(head, "X-Forwarded-Host")
            .filter(text -> HOST.matcher(text).matches())
            .or(() -> head.fields().first("Host"))
            .orElse("localhost")
            .toLowerCase(Locale.ROOT);
    String usual = scheme.equals("https") ? ":" + HTTPS : ":" + HTTP;
    return scheme
        + "://"
        + (host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host);
  }

  /** What the nearest proxy put there; whatever stands before may have come from anywhere. */
  private static Optional<String> last(HttpHead head, String field) {
    List<String> all = head.fields().all(field);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    String value = all.getLast();
    return Optional.of(value.substring(value.lastIndexOf(',') + 1).strip());
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
