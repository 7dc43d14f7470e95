package dev.sallyport.gateway.config;

import java.util.List;

/**
 * An MCP endpoint and what it offers.
 *
 * @param path of its URL, {@code /mcp} for example; no other route has it
 * @param name what clients may call it
 * @param servers names of enabled servers, in the order they are listed; at least one
 * @param sse whether HTTP+SSE, the transport of 2024-11-05, is served beside it
 */
public record RouteConfig(String path, String name, List<String> servers, boolean sse) {
  public RouteConfig {
    servers = List.copyOf(servers);
  }
}
