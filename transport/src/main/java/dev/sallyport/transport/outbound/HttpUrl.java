package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An absolute http or https URL, without user and fragment (RFC 9110, 4.2). A host that looks like
 * a number is an address in its one usual form, since programs disagree about all others.
 *
 * @param secure whether it is https
 * @param host in lower case; an IPv6 address without brackets
 * @param target path and query as they are sent, with a slash at the beginning
 */
public record HttpUrl(boolean secure, String host, int port, String target) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int MOST_CHARACTERS = 8_192;
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,254}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_-]+)*\\.?");
  private static final Pattern NUMBER =
      Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)\\.?", Pattern.CASE_INSENSITIVE);
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile("(?:" + BYTE + "\\.){3}" + BYTE);
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]+"); // and no zone
  private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:([^:\\[\\]@]+)|\\[([0-9A-Fa-f:.]+)])(?::([0-9]{1,5}))?");

  /** RFC 3986, appendix B, without a fragment. */
  private static final Pattern REFERENCE =
      Pattern.compile("(?:([^:/?]+):)?(?://([^/?]*))?([^?]*)(\\?.*)?");

  /**
   * @throws IllegalArgumentException when they make no such URL
   */
  public HttpUrl {
    if (!isHost(host)) {
      throw new IllegalArgumentException("that is no host");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("that is no port");
    }
    if (!TARGET.matcher(target).matches()) {
      throw new IllegalArgumentException("that is no path");
    }
  }

  private static boolean isHost(String host) {
    if (host.indexOf(':') >= 0) {
      return IPV6.matcher(host).matches() && isLiteral(host);
    }
    return NUMBER.matcher(host).matches()
        ? IPV4.matcher(host).matches()
        : NAME.matcher(host).matches();
  }

  private static boolean isLiteral(String address) {
    try {
      InetAddress.ofLiteral(address);
      return true;
    } catch (IllegalArgumentException aName) {
      return false;
    }
  }

  /** Empty when the text is no such URL. */
  public static Optional<HttpUrl> of(String text) {
    if (text.length() > MOST_CHARACTERS || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      return Optional.empty();
    }
    try {
      return of(new URI(text));
    } catch (URISyntaxException | IllegalArgumentException malformed) {
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
    Optional<String> address = Optional.ofNullable(authority.group(2));
    if (address.isPresent() && address.get().indexOf(':') < 0) {
      return Optional.empty();
    }
    String host = address.orElseGet(() -> authority.group(1)).toLowerCase(Locale.ROOT);
    int port =
        Optional.ofNullable(authority.group(3))
            .map(Integer::parseInt)
            .orElse(secure ? HTTPS : HTTP);
    String path = Optional.ofNullable(uri.getRawPath()).filter(p -> !p.isEmpty()).orElse("/");
    String query = Optional.ofNullable(uri.getRawQuery()).map(q -> "?" + q).orElse("");
    return Optional.of(new HttpUrl(secure, host, port, path + query));
  }

  /**
   * Another place that this one names: a path, or a whole URL (RFC 3986, 5.2). A fragment is left
   * out, since it is for whoever reads what is there.
   */
  public Optional<HttpUrl> resolve(String reference) {
    if (reference.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    int fragment = reference.indexOf('#');
    String plain = fragment < 0 ? reference : reference.substring(0, fragment);
    Matcher parts = REFERENCE.matcher(plain);
    if (!parts.matches()) {
      return Optional.empty();
    }
    if (parts.group(1) != null) {
      return of(plain);
    }
    String query = Optional.ofNullable(parts.group(4)).orElse("");
    if (parts.group(2) != null) {
      return of((secure ? "https:" : "http:") + plain);
    }
    String path = parts.group(3);
    if (path.isEmpty()) {
      return of(origin() + (query.isEmpty() ? target : path() + query));
    }
    if (path.split("/", 2)[0].indexOf(':') >= 0) {
      return Optional.empty();
    }
    String whole = path.startsWith("/") ? path : folder() + path;
    return of(origin() + withoutDots(whole) + query);
  }

  private String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private String folder() {
    return path().substring(0, path().lastIndexOf('/') + 1);
  }

  /** RFC 3986, 5.2.4. */
  private static String withoutDots(String path) {
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      boolean last = i == segments.length - 1;
      if (segment.equals("..")) {
        kept.pollLast();
      }
      if (!segment.equals("..") && !segment.equals(".")) {
        kept.addLast(segment);
      } else if (last) {
        kept.addLast("");
      }
    }
    return "/" + String.join("/", kept);
  }

  /** The host as it is written in a URL: an IPv6 address with brackets (RFC 3986, 3.2.2). */
  String written() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  /** Scheme, host and port: what is trusted, and connected to, as one (RFC 6454, 4). */
  public String origin() {
    boolean usual = port == (secure ? HTTPS : HTTP);
    return (secure ? "https://" : "http://") + written() + (usual ? "" : ":" + port);
  }

  /** By its name: what is asked of a resolver may be anywhere. */
  public boolean isLoopback() {
    return host.equals("localhost")
        || (isLiteral(host) && InetAddress.ofLiteral(host).isLoopbackAddress());
  }

  public boolean hasOriginOf(HttpUrl other) {
    return origin().equals(other.origin());
  }

  @Override
  public String toString() {
    return origin() + target;
  }
}
