package dev.sallyport.gateway.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen. Names are not looked up here.
 *
 * @param host a name or an address, IPv6 without brackets; empty is every address
 * @param port 0 for any free one
 */
public record HostPort(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(|[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\\[[0-9A-Fa-f:.]+])?:([0-9]{1,5})");

  public HostPort {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /** Empty when the text is neither {@code HOST:PORT} nor {@code :PORT}. */
  public static Optional<HostPort> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(2)) > 65_535) {
      return Optional.empty();
    }
    String host = text.substring(0, form.start(2) - 1);
    boolean brackets = host.startsWith("[");
    return Optional.of(
        new HostPort(
            brackets ? host.substring(1, host.length() - 1) : host,
            Integer.parseInt(form.group(2))));
  }

  /** As {@code --listen} takes it. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
