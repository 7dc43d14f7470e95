package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Tasks;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Adds to a handler's result what this version wants and the handler left out. */
final class Results {
  private static final String COMPLETE = "complete";
  private static final String TASK = "task";

  /** 4-T12: discover is one of them. */
  private static final Set<Method> CACHEABLE =
      EnumSet.of(
          Method.DISCOVER,
          Method.TOOLS_LIST,
          Method.PROMPTS_LIST,
          Method.RESOURCES_LIST,
          Method.RESOURCE_TEMPLATES_LIST,
          Method.RESOURCES_READ);

  private Results() {}

  /**
   * A result with its type and its caching hints (JR-08, CA-01). Empty when its type is one this
   * client does not know (JR-09, 4-T44).
   */
  static Optional<JsonObject> complete(String method, JsonObject result, ClientContext client) {
    Optional<Json> type = result.get("resultType");
    JsonObject typed = type.isPresent() ? result : result.with("resultType", COMPLETE);
    String name = typed.string("resultType").orElse("");
    if (!name.equals(COMPLETE)) {
      return name.equals(TASK) && Tasks.areTakenBy(client) ? Optional.of(typed) : Optional.empty();
    }
    boolean cacheable = Method.of(method).filter(CACHEABLE::contains).isPresent();
    return Optional.of(cacheable ? withHints(typed) : typed);
  }

  /** Questions instead of a result; such a result has no caching hints (CA-03). */
  static JsonObject inputRequired(
      JsonObject rest, JsonObject inputRequests, Optional<String> requestState) {
    JsonObject result =
        rest.without("ttlMs", "cacheScope", "inputRequests", "requestState")
            .with("resultType", "input_required");
    if (!inputRequests.isEmpty()) {
      result = result.with("inputRequests", inputRequests);
    }
    return requestState.isPresent() ? result.with("requestState", requestState.get()) : result;
  }

  /** What this endpoint serves, whatever the handler thinks (4-T04). */
  static JsonObject discovered(JsonObject result, List<ProtocolVersion> served) {
    List<Json> versions = served.stream().map(version -> Json.of(version.text())).toList();
    JsonObject named = result.with("supportedVersions", Json.arrayOf(versions));
    return named.object("capabilities").isPresent()
        ? named
        : named.with("capabilities", JsonObject.EMPTY);
  }

  /** A hint that says nothing sound is replaced by the one that is always right. */
  private static JsonObject withHints(JsonObject result) {
    JsonObject hinted = result;
    if (result.integer("ttlMs").orElse(-1) < 0) {
      hinted = hinted.with("ttlMs", Json.of(0));
    }
    String scope = result.string("cacheScope").orElse("");
    if (!scope.equals("public") && !scope.equals("private")) {
      hinted = hinted.with("cacheScope", "private");
    }
    return hinted;
  }
}
