package dev.sallyport.transport.outbound;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An absolute http or https URL, without user and fragment (RFC 9110, 4.2).
 *
 * @param secure whether it is https
 * @param host in lower case; an IPv6 address without brackets
 * @param target path and query as they are sent, with a slash at the beginning
 */
public record HttpUrl(boolean secure, String host, int port, String target) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int MOST_CHARACTERS = 8_192;
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:(?<name>[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9._])?)|\\[(?<ipv6>[0-9A-Fa-f:.]+)])"
              + "(?::(?<port>[0-9]{1,5}))?");

  /** Empty when the text is no such URL. */
  public static Optional<HttpUrl> of(String text) {
    if (text.length() > MOST_CHARACTERS || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      return Optional.empty();
    }
    try {
      return of(new URI(text));
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<HttpUrl> of(URI uri) {
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    // Not the library's host: it knows none with an underscore, as many a container has.
    Matcher authority = AUTHORITY.matcher(Optional.ofNullable(uri.getRawAuthority()).orElse(""));
    if (!(secure || scheme.equals("http"))
        || !authority.matches()
        || uri.getRawFragment() != null) {
      return Optional.empty();
    }
    int port =
        Optional.ofNullable(authority.group("port"))
            .map(Integer::parseInt)
            .orElse(secure ? HTTPS : HTTP);
    String host =
        Optional.ofNullable(authority.group("name")).orElseGet(() -> authority.group("ipv6"));
    String path = Optional.ofNullable(uri.getRawPath()).filter(p -> !p.isEmpty()).orElse("/");
    String query = Optional.ofNullable(uri.getRawQuery()).map(q -> "?" + q).orElse("");
    return port < 1 || port > 65_535
        ? Optional.empty()
        : Optional.of(new HttpUrl(secure, host.toLowerCase(Locale.ROOT), port, path + query));
  }

  /** Another place that this one names: a path, or a whole URL (RFC 3986, 5). */
  public Optional<HttpUrl> resolve(String reference) {
    try {
      return of(new URI(toString()).resolve(reference).toString());
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** Scheme, host and port: what is trusted, and connected to, as one (RFC 6454, 4). */
  public String origin() {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    boolean usual = port == (secure ? HTTPS : HTTP);
    return (secure ? "https://" : "http://") + name + (usual ? "" : ":" + port);
  }

  /** By its name: what is asked of a resolver may be anywhere. */
  public boolean isLoopback() {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  public boolean hasOriginOf(HttpUrl other) {
    return origin().equals(other.origin());
  }

  @Override
  public String toString() {
    return origin() + target;
  }
}
