package dev.sallyport.downstream;

import dev.sallyport.protocol.Memo;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The hosts an endpoint answers to and the web origins it lets in: what keeps a page in somebody's
 * browser from reaching it by way of DNS rebinding (SH-02, SH-05).
 *
 * @param loopback whether the listener is bound to this machine: it then also answers to {@code
 *     localhost}, {@code 127.0.0.1} and {@code [::1]}, at whatever port a tunnel shows it
 * @param hosts public names, with a port ({@code mcp.example:8443}) or for every port
 * @param origins web origins, exactly as a browser sends them ({@code https://app.example})
 */
public record Sites(boolean loopback, Set<String> hosts, Set<String> origins) {
  public static final Sites LOOPBACK = new Sites(true, Set.of(), Set.of());

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final Memo<String, Optional<Authority>> AUTHORITY = new Memo<>(Sites::authority);

  public Sites {
    hosts = lowerCase(hosts);
    origins = lowerCase(origins);
  }

  /** Whether a {@code Host} value names this endpoint. */
  public boolean answersTo(String host) {
    return AUTHORITY
        .of(host)
        .map(
            known ->
                (loopback && LOOPBACK_NAMES.contains(known.name()))
                    || hosts.contains(known.name())
                    || hosts.contains(known.name() + ":" + known.port()))
        .orElse(false);
  }

  /**
   * Whether a page of an origin may call. A page that this very address served may, when the
   * address is a loopback one; {@code null}, the origin of a sandboxed page, never (4-T17).
   *
   * @param host the {@code Host} of the same request, already known to be ours
   */
  public boolean letsIn(String origin, String host) {
    if (origins.contains(origin.toLowerCase(Locale.ROOT))) {
      return true;
    }
    if (!loopback || !(origin.startsWith("http://") || origin.startsWith("https://"))) {
      return false;
    }
    int defaultPort = origin.startsWith("https:") ? 443 : 80;
    Optional<Authority> from = authority(origin.substring(origin.indexOf("//") + 2));
    Optional<Authority> to = authority(host);
    return from.isPresent()
        && to.isPresent()
        && LOOPBACK_NAMES.contains(from.get().name())
        && from.get().portOr(defaultPort) == to.get().portOr(defaultPort);
  }

  /**
   * A host and its port.
   *
   * @param port -1 when none was given
   */
  private record Authority(String name, int port) {
    int portOr(int other) {
      return port < 0 ? other : port;
    }
  }

  private static Optional<Authority> authority(String text) {
    try {
      URI uri = new URI("http://" + text);
      boolean bare =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawPath().isEmpty()
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      return bare
          ? Optional.of(new Authority(uri.getHost().toLowerCase(Locale.ROOT), uri.getPort()))
          : Optional.empty();
    } catch (URISyntaxException notAHost) {
      return Optional.empty();
    }
  }

  private static Set<String> lowerCase(Set<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
