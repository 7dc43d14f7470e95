package dev.sallyport.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where to listen, as {@code --listen} says it: {@code HOST:PORT}, {@code [::1]:PORT}, or {@code
 * :PORT} for every address.
 *
 * @param host as given
 * @param address what the host is, resolved once, so that what is judged is what is bound
 * @param port 0 for any free one
 */
record ListenAddress(String host, InetAddress address, int port) {
  static final String CHOOSE_ANOTHER = "choose another with  --listen 127.0.0.1:0  (any free port)";

  static ListenAddress parse(String text) throws CliFault {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (colon < 0 || !isPort(port)) {
      throw new CliFault(
          CliFault.USAGE,
          "--listen " + text + " is not HOST:PORT",
          "for example:  --listen 127.0.0.1:8080");
    }
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    try {
      InetAddress address = InetAddress.getByName(bare.isEmpty() ? "0.0.0.0" : bare);
      return new ListenAddress(bare, address, Integer.parseInt(port));
    } catch (UnknownHostException e) {
      throw new CliFault(CliFault.USAGE, "--listen " + text + ": there is no host " + bare);
    }
  }

  private static boolean isPort(String text) {
    return !text.isEmpty()
        && text.length() <= 5
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(text) <= 65_535;
  }

  /**
   * A port that is taken is found out before a server is started for nothing. Whatever else may be
   * wrong with the address, the listener says better.
   */
  void requireFree() throws CliFault {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Address already in use")) {
        throw new CliFault(
            CliFault.FAILURE,
            "cannot listen on "
                + address.getHostAddress()
                + ":"
                + port
                + ": the port is already in use",
            CHOOSE_ANOTHER);
      }
    }
  }
}
