package dev.sallyport.gateway.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A server that exchanges go on to.
 *
 * @param name as in the configuration
 * @param host of its URL; empty when it is run here
 * @param port of its URL
 * @param baggage whether it is told the baggage of callers
 */
public record Peer(String name, String host, int port, boolean baggage) {
  /** One at a URL, that is told no baggage. */
  public Peer(String name, String host, int port) {
    this(name, host, port, false);
  }

  /** One that is run here, at the other end of a pipe. */
  public static Peer here(String name) {
    return new Peer(name, "", 0);
  }

  public Peer withBaggage(boolean told) {
    return new Peer(name, host, port, told);
  }

  /** What the conventions want said of where it is, and its name. */
  Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("sallyport.server", name);
    labels.put("network.transport", host.isEmpty() ? "pipe" : "tcp");
    if (!host.isEmpty()) {
      labels.put("network.protocol.name", "http");
      labels.put("server.address", host);
      labels.put("server.port", Integer.toString(port));
    }
    return labels;
  }
}
