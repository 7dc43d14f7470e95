package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.ParameterHeaders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one server's lists of tools may say about headers. To publish an annotation that breaks the
 * rules would be our fault (HD-16), and makes clients leave the tool out; but the tool itself is
 * fine where there are no headers, so it goes without (2.1 row 29). Where there are, its server
 * would not take a call of it, and it is left out (CH-09). Thread-safe.
 */
public final class ToolAnnotations {
  private static final int MOST_TOLD = 100;

  private final Wire wire;
  private final boolean leavesOut;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param leavesOut whether a tool whose annotations break the rules is left out of the list
   */
  public ToolAnnotations(Wire wire, boolean leavesOut) {
    this.wire = wire;
    this.leavesOut = leavesOut;
  }

  /** The result of a {@code tools/list} as it can be passed on; almost always as it came. */
  public JsonObject check(JsonObject result) {
    Optional<Json> tools = result.get("tools").filter(ParameterHeaders::mayBeIn);
    Optional<List<Json>> listed = tools.flatMap(Json::asArray);
    if (listed.isEmpty()) {
      return result;
    }
    List<Json> checked =
        listed.get().stream().map(this::checkTool).flatMap(Optional::stream).toList();
    return checked.equals(listed.get()) ? result : result.with("tools", Json.arrayOf(checked));
  }

  private Optional<Json> checkTool(Json listed) {
    if (!(ParameterHeaders.ofTool(listed)
        instanceof ParameterHeaders.Reading.Invalid(String why))) {
      return Optional.of(listed);
    }
    // Only an object with a schema can break a rule.
    JsonObject tool = listed.asObject().orElseThrow();
    tell(tool.string("name").orElse(""), why);
    return leavesOut
        ? Optional.empty()
        : Optional.of(
            tool.with(
                    "inputSchema", ParameterHeaders.strip(tool.object("inputSchema").orElseThrow()))
                .toJson());
  }

  /** Once a tool, since lists are asked for again and again. */
  private void tell(String tool, String why) {
    if (told.size() < MOST_TOLD && told.add(tool)) {
      wire.tell(
          leavesOut
              ? new Remark.ToolLeftOut(tool, why)
              : new Remark.AnnotationsStripped(tool, why));
    }
  }
}
