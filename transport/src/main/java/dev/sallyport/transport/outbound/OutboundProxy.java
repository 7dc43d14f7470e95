package dev.sallyport.transport.outbound;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy that makes the connections for us. It is told the name of each host and looks it up
 * itself, so addresses are its affair: which of them may be reached can only be decided there.
 *
 * @param direct hosts that are reached without it
 */
public record OutboundProxy(
    Kind kind, String host, int port, Optional<Login> login, DirectHosts direct) {
  private static final int SOCKS_PORT = 1_080;
  private static final Pattern URL =
      Pattern.compile("(?:([A-Za-z0-9]+)://)?(?:([^@/]*)@)?([^@/?#]+)/?");

  /** How it is asked for a connection. */
  public enum Kind {
    /** RFC 9110, 9.3.6; for http as well as for https. */
    CONNECT,
    /** RFC 1928, 1929. */
    SOCKS5
  }

  /** Who we are to it. */
  public record Login(String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  public OutboundProxy {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("that is no port");
    }
  }

  /**
   * As {@code HTTPS_PROXY} names it: {@code http://[USER:PASSWORD@]HOST[:PORT]}, or the same with
   * {@code socks5}, or without either. Empty when it is neither.
   */
  public static Optional<OutboundProxy> of(String url, DirectHosts direct) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String scheme = Optional.ofNullable(parts.group(1)).orElse("http").toLowerCase(Locale.ROOT);
    Optional<Kind> kind =
        switch (scheme) {
          case "http" -> Optional.of(Kind.CONNECT);
          case "socks5", "socks5h" -> Optional.of(Kind.SOCKS5);
          default -> Optional.empty(); // to a proxy with https as well: nobody has asked for it yet
        };
    Optional<HttpUrl> place = HttpUrl.of("http://" + parts.group(3) + "/");
    if (kind.isEmpty() || place.isEmpty()) {
      return Optional.empty();
    }
    boolean unnamed = !parts.group(3).matches(".*:[0-9]+");
    int port = unnamed && kind.get() == Kind.SOCKS5 ? SOCKS_PORT : place.get().port();
    try {
      Optional<Login> login = Optional.ofNullable(parts.group(2)).flatMap(OutboundProxy::login);
      return Optional.of(new OutboundProxy(kind.get(), place.get().host(), port, login, direct));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<Login> login(String userInfo) {
    String[] parts = userInfo.split(":", 2);
    return userInfo.isEmpty()
        ? Optional.empty()
        : Optional.of(new Login(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1])));
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Whether connections for that URL lead through it. */
  public boolean isFor(HttpUrl url) {
    return !direct.contains(url);
  }

  /** For an operator, without the login. */
  public String where() {
    return host + ":" + port;
  }
}
