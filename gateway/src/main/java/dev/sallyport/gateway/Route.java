package dev.sallyport.gateway;

import dev.sallyport.protocol.Handler;

/**
 * An MCP endpoint and what stands behind it.
 *
 * @param name names the route in bindings and records
 * @param path the endpoint's path, {@code /mcp} for example
 * @param upstream carries out what the flow lets through
 */
record Route(String name, String path, Handler upstream) {}
