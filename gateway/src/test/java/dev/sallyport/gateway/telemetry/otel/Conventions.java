package dev.sallyport.gateway.telemetry.otel;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the conventions of OpenTelemetry for MCP name (semantic-conventions-genai,
 * docs/gen-ai/mcp.md, at 0393513c), written down here by hand: the product's own words are held
 * against it.
 */
final class Conventions {
  /** Attributes of spans of both kinds. */
  static final Set<String> SPAN =
      Set.of(
          "mcp.method.name",
          "error.type",
          "gen_ai.prompt.name",
          "gen_ai.tool.name",
          "gen_ai.operation.name",
          "jsonrpc.request.id",
          "mcp.resource.uri",
          "rpc.response.status_code",
          "mcp.protocol.version",
          "network.protocol.name",
          "network.transport",
          "server.address",
          "server.port");

  private static final Set<String> OPERATION =
      Set.of(
          "mcp.method.name",
          "error.type",
          "gen_ai.prompt.name",
          "gen_ai.tool.name",
          "gen_ai.operation.name",
          "rpc.response.status_code",
          "mcp.protocol.version",
          "network.protocol.name",
          "network.transport");
  private static final Set<String> SESSION =
      Set.of("error.type", "mcp.protocol.version", "network.protocol.name", "network.transport");

  /** Attributes of the histograms, by their names. */
  static final Map<String, Set<String>> METRICS =
      Map.of(
          "mcp.server.operation.duration",
          OPERATION,
          "mcp.server.session.duration",
          SESSION,
          "mcp.client.operation.duration",
          with(OPERATION, "server.address", "server.port"),
          "mcp.client.session.duration",
          with(SESSION, "server.address", "server.port"));

  /** Upper bounds, in seconds. */
  static final List<Double> BUCKETS =
      List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0);

  private Conventions() {}

  private static Set<String> with(Set<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
  }
}
