package dev.sallyport.gateway.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one series of durations is about; each of them from a set with a bound.
 *
 * @param tool empty for what is no call of a tool
 * @param error empty for what did not fail
 */
record Labels(String method, String tool, String version, String error, String route)
    implements Comparable<Labels> {
  /** For what has no name of its own here. */
  static final String OTHER = "other";

  static final String NONE = "";

  /** For what there is no room for. */
  static final Labels ALL_OTHER = new Labels(OTHER, OTHER, OTHER, OTHER, OTHER);

  Map<String, String> toMap() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("mcp_method_name", method);
    all.put("gen_ai_tool_name", tool);
    all.put("mcp_protocol_version", version);
    all.put("error_type", error);
    all.put("sallyport_route", route);
    return all;
  }

  /** Written out: what a record brings is linked by the first call, which has to wait for it. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Labels that
        && method.equals(that.method)
        && tool.equals(that.tool)
        && version.equals(that.version)
        && error.equals(that.error)
        && route.equals(that.route);
  }

  @Override
  public int hashCode() {
    int hash = method.hashCode();
    hash = 31 * hash + tool.hashCode();
    hash = 31 * hash + version.hashCode();
    hash = 31 * hash + error.hashCode();
    return 31 * hash + route.hashCode();
  }

  /** Any order that stays. */
  @Override
  public int compareTo(Labels other) {
    return toMap().toString().compareTo(other.toMap().toString());
  }
}
