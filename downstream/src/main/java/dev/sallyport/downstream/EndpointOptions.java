package dev.sallyport.downstream;

import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.ProtocolVersion.Era;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one MCP endpoint serves, and how much of it.
 *
 * @param route the name sessions and sealed states are bound to; never shown to a client
 * @param path the URL path, for example {@code /mcp}
 * @param eras which eras are served; at least one
 * @param sites the hosts it answers to and the web origins it lets in
 * @param toolGroups which tools need not wait for each other's server
 * @param sse where HTTP+SSE, the transport of 2024-11-05, is served beside it, if at all (SH-24)
 */
public record EndpointOptions(
    String route,
    String path,
    Set<Era> eras,
    Sites sites,
    JsonBounds json,
    CallLimits calls,
    SessionLimits sessions,
    ToolGroups toolGroups,
    Optional<SsePaths> sse) {
  public EndpointOptions {
    eras = Set.copyOf(eras);
    if (eras.isEmpty()) {
      throw new IllegalArgumentException("an endpoint serves at least one era");
    }
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with /");
    }
    if (sse.isPresent() && !eras.contains(Era.LEGACY)) {
      throw new IllegalArgumentException("HTTP+SSE is for versions with a handshake");
    }
    if (sse.filter(paths -> paths.stream().equals(path) || paths.messages().equals(path))
        .isPresent()) {
      throw new IllegalArgumentException("HTTP+SSE has paths of its own");
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
        SessionLimits.DEFAULT,
        ToolGroups.ONE,
        Optional.empty());
  }

  /** Every path that leads to it. */
  public List<String> paths() {
    return Stream.concat(
            Stream.of(path),
            sse.stream().flatMap(paths -> Stream.of(paths.stream(), paths.messages())))
        .toList();
  }

  public EndpointOptions withEras(Set<Era> other) {
    return new EndpointOptions(route, path, other, sites, json, calls, sessions, toolGroups, sse);
  }

  public EndpointOptions withSites(Sites other) {
    return new EndpointOptions(route, path, eras, other, json, calls, sessions, toolGroups, sse);
  }

  public EndpointOptions withCalls(CallLimits other) {
    return new EndpointOptions(route, path, eras, sites, json, other, sessions, toolGroups, sse);
  }

  public EndpointOptions withSessions(SessionLimits other) {
    return new EndpointOptions(route, path, eras, sites, json, calls, other, toolGroups, sse);
  }

  public EndpointOptions withToolGroups(ToolGroups other) {
    return new EndpointOptions(route, path, eras, sites, json, calls, sessions, other, sse);
  }

  public EndpointOptions withSse(SsePaths paths) {
    return new EndpointOptions(
        route, path, eras, sites, json, calls, sessions, toolGroups, Optional.of(paths));
  }
}
