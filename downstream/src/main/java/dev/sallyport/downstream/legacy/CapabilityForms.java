package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Tasks;
import java.util.Optional;

/**
 * What a client declared in its handshake, in the modern shape (mcp-reference 2.1 rows 2 and 27),
 * and what a server offers, in the shape of a handshake. What a version does not know is not
 * declared for it, whatever the client wrote (VN-11).
 */
final class CapabilityForms {
  /** Tasks of the two eras are not wire-compatible, so neither side learns of the other's. */
  private static final Json NOTHING_MORE = JsonObject.EMPTY.toJson();

  private CapabilityForms() {}

  static JsonObject ofClient(JsonObject declared, ProtocolVersion version) {
    JsonObject modern = declared.without("tasks", "roots", "sampling", "elicitation", "extensions");
    if (declared.object("roots").isPresent()) {
      modern = modern.with("roots", NOTHING_MORE);
    }
    Optional<JsonObject> sampling = declared.object("sampling");
    if (sampling.isPresent()) {
      modern =
          modern.with(
              "sampling",
              version.atLeast(ProtocolVersion.V2025_11_25) ? sampling.get() : JsonObject.EMPTY);
    }
    Optional<JsonObject> elicitation = declared.object("elicitation");
    if (elicitation.isPresent() && version.atLeast(ProtocolVersion.V2025_06_18)) {
      modern = modern.with("elicitation", modes(elicitation.get(), version));
    }
    Optional<JsonObject> extensions = withoutTasks(declared);
    return extensions.isPresent() ? modern.with("extensions", extensions.get()) : modern;
  }

  /** An empty object has always meant form; the url mode came with 2025-11-25 (4-T41). */
  private static JsonObject modes(JsonObject elicitation, ProtocolVersion version) {
    boolean named = elicitation.has("form") || elicitation.has("url");
    return named && version.atLeast(ProtocolVersion.V2025_11_25)
        ? elicitation
        : JsonObject.of("form", NOTHING_MORE);
  }

  static JsonObject ofServer(JsonObject offered) {
    JsonObject legacy = offered.without("tasks", "extensions");
    Optional<JsonObject> extensions = withoutTasks(offered);
    return extensions.isPresent() ? legacy.with("extensions", extensions.get()) : legacy;
  }

  private static Optional<JsonObject> withoutTasks(JsonObject capabilities) {
    return capabilities
        .object("extensions")
        .map(extensions -> extensions.without(Tasks.EXTENSION))
        .filter(extensions -> !extensions.isEmpty());
  }
}
