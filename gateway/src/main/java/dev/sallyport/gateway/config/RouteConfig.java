package dev.sallyport.gateway.config;

import dev.sallyport.gateway.RouteScopes;
import java.util.List;
import java.util.Locale;

/**
 * An MCP endpoint and what it offers.
 *
 * @param path of its URL, {@code /mcp} for example; no other route has it
 * @param name what clients may call it
 * @param servers names of enabled servers, in the order they are listed; at least one
 * @param prefixes when the names of its servers' tools begin with the server's prefix
 * @param sse whether HTTP+SSE, the transport of 2024-11-05, is served beside it
 * @param scopes what tokens need
 */
public record RouteConfig(
    String path,
    String name,
    List<String> servers,
    Prefixes prefixes,
    boolean sse,
    RouteScopes scopes) {
  public RouteConfig {
    servers = List.copyOf(servers);
  }

  /** The one that there is when the file names none. */
  static RouteConfig standard(List<String> servers) {
    return new RouteConfig(
        "/mcp", "sallyport", servers, Prefixes.WHEN_SEVERAL, false, RouteScopes.NONE);
  }

  /** Whether to tell apart the tools of several servers alone, or those of one as well. */
  public enum Prefixes {
    /** One server alone keeps its names; they change when a second one comes. */
    WHEN_SEVERAL,
    /** The names are the same however many there are. */
    ALWAYS;

    /** As files have it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
