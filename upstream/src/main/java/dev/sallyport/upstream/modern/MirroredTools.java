package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.ParameterHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which arguments of a server's tools are repeated in headers (CH-08), as its lists last said. A
 * tool that was never listed goes without; the server then says that headers are missing, and its
 * list is read (CH-10, CH-11). Thread-safe.
 */
final class MirroredTools {
  private static final int MOST_TOOLS = 10_000;

  private final Map<String, ParameterHeaders> tools = new ConcurrentHashMap<>();

  /** Learns from a result of {@code tools/list}. */
  void saw(JsonObject result) {
    for (Json element : result.array("tools").orElse(List.of())) {
      Optional<String> name = element.asObject().flatMap(tool -> tool.string("name"));
      name.ifPresent(tool -> remember(tool, headers(element)));
    }
  }

  private static ParameterHeaders headers(Json listed) {
    return ParameterHeaders.ofTool(listed) instanceof ParameterHeaders.Reading.Valid(var headers)
        ? headers
        : ParameterHeaders.NONE;
  }

  /** Only what mirrors something is kept. */
  private void remember(String tool, ParameterHeaders headers) {
    if (headers.isEmpty()) {
      tools.remove(tool);
    } else if (tools.size() < MOST_TOOLS || tools.containsKey(tool)) {
      tools.put(tool, headers);
    }
  }

  /** The headers of a call with these parameters. */
  Map<String, String> of(JsonObject params) {
    if (tools.isEmpty()) {
      return Map.of();
    }
    return params
        .string("name")
        .flatMap(name -> Optional.ofNullable(tools.get(name)))
        .map(headers -> headers.of(params.object("arguments").orElse(JsonObject.EMPTY)))
        .orElse(Map.of());
  }
}
