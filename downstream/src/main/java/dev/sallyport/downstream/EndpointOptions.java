package dev.sallyport.downstream;

import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.ProtocolVersion.Era;
import java.util.Set;

/**
 * What one MCP endpoint serves, and how much of it.
 *
 * @param route the name sessions and sealed states are bound to; never shown to a client
 * @param path the URL path, for example {@code /mcp}
 * @param eras which eras are served; at least one
 * @param sites the hosts it answers to and the web origins it lets in
 */
public record EndpointOptions(
    String route,
    String path,
    Set<Era> eras,
    Sites sites,
    JsonBounds json,
    CallLimits calls,
    SessionLimits sessions) {
  public EndpointOptions {
    eras = Set.copyOf(eras);
    if (eras.isEmpty()) {
      throw new IllegalArgumentException("an endpoint serves at least one era");
    }
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with /");
    }
  }

  /** Both eras, for this machine only, with every default. */
  public static EndpointOptions of(String route, String path) {
    return new EndpointOptions(
        route,
        path,
        Set.of(Era.values()),
        Sites.LOOPBACK,
        JsonBounds.DEFAULT,
        CallLimits.DEFAULT,
        SessionLimits.DEFAULT);
  }

  public EndpointOptions withEras(Set<Era> other) {
    return new EndpointOptions(route, path, other, sites, json, calls, sessions);
  }

  public EndpointOptions withSites(Sites other) {
    return new EndpointOptions(route, path, eras, other, json, calls, sessions);
  }

  public EndpointOptions withCalls(CallLimits other) {
    return new EndpointOptions(route, path, eras, sites, json, other, sessions);
  }

  public EndpointOptions withSessions(SessionLimits other) {
    return new EndpointOptions(route, path, eras, sites, json, calls, other);
  }
}
