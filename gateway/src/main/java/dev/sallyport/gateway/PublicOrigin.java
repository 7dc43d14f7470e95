package dev.sallyport.gateway;

import dev.sallyport.transport.http.HttpHead;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Scheme, host and port under which a client reaches us: as the operator told it; else as a listed
 * proxy says that it was reached; else as the client itself dialled, by a name that the endpoint
 * answers to. Nobody but a listed proxy is believed. Immutable.
 *
 * @param told by the operator
 * @param proxies that may say it
 */
record PublicOrigin(Optional<URI> told, List<Cidr> proxies) {
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9_.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

  PublicOrigin {
    proxies = List.copyOf(proxies);
  }

  /** Without a slash at the end. */
  String of(HttpHead head) {
    if (told.isPresent()) {
      return told.get().toString();
    }
    boolean proxied = isProxy(head.peer().getAddress());
    String scheme =
        (proxied ? last(head, "X-Forwarded-Proto") : Optional.<String>empty())
            .map(text -> text.toLowerCase(Locale.ROOT))
            .filter(text -> text.equals("https") || text.equals("http"))
            .orElse(head.tls() ? "https" : "http");
    String host =
        (proxied ? last(head, "X-Forwarded-Host") : Optional.<String>empty())
            .filter(text -> HOST.matcher(text).matches())
            .or(() -> head.fields().first("Host"))
            .orElse("localhost");
    return scheme + "://" + withoutUsualPort(scheme, host.toLowerCase(Locale.ROOT));
  }

  private boolean isProxy(InetAddress peer) {
    return proxies.stream().anyMatch(range -> range.contains(peer));
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

  private static String withoutUsualPort(String scheme, String host) {
    String usual = scheme.equals("https") ? ":443" : ":80";
    return host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host;
  }
}
