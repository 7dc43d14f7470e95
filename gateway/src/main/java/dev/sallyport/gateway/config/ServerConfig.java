package dev.sallyport.gateway.config;

import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.upstream.UpstreamOptions;
import java.util.Optional;

/**
 * One MCP server that is offered.
 *
 * @param name as in the file: letters, digits, _ and -, or whatever a client's block calls it;
 *     shown to people, never part of a path
 * @param prefix what its tools are told apart by, {@code [a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?}; no
 *     other enabled server has the same, and it is fit to name a folder
 * @param definition where its name stands
 * @param options era, time limit and sharing as configured; without a sandbox and without anybody
 *     who is told, which are for whoever starts it
 * @param passBaggage whether it is told the {@code baggage} of callers, where there are traces
 */
public record ServerConfig(
    String name,
    String prefix,
    Place definition,
    Backend backend,
    UpstreamOptions options,
    ToolRules tools,
    boolean passBaggage) {
  /** One that is told no baggage. */
  public ServerConfig(
      String name,
      String prefix,
      Place definition,
      Backend backend,
      UpstreamOptions options,
      ToolRules tools) {
    this(name, prefix, definition, backend, options, tools, false);
  }

  /** Whether a server can be called so under {@code servers}. */
  public static boolean isName(String text) {
    return text.matches(ServersReader.FIT);
  }

  /** The prefix that a server of that name has when nobody chose one; empty when it makes none. */
  public static Optional<String> prefixOf(String name) {
    return ServersReader.prefix(name);
  }
}
