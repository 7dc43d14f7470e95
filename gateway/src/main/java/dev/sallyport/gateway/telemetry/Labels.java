package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Method;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one series of durations is about, and what a span says of an exchange; each of them from a
 * set with a bound. What does not apply is empty.
 *
 * @param method empty for what is no single exchange
 * @param target the tool that was called, or the prompt that was asked for
 * @param version of the protocol
 * @param error why it failed, as {@code error.type} has it
 * @param status the code of the JSON-RPC error that it ended with
 * @param place the route it came by, or the server it went to
 */
public record Labels(
    String method, String target, String version, String error, String status, String place)
    implements Comparable<Labels> {
  /** For what has no name of its own here. */
  public static final String OTHER = "other";

  static final String NONE = "";

  /** For what there is no room for. */
  static final Labels ALL_OTHER = new Labels(OTHER, OTHER, OTHER, OTHER, OTHER, OTHER);

  /** Of something that lasts for longer than an exchange. */
  static Labels ofSession(String version, String place) {
    return new Labels(NONE, NONE, version, NONE, NONE, place);
  }

  Labels withMethod(String other) {
    return new Labels(other, target, version, error, status, place);
  }

  /** The tool, unless something else was asked for. */
  public String tool() {
    return Method.PROMPTS_GET.is(method) ? NONE : target;
  }

  /** The prompt, unless something else was asked for. */
  public String prompt() {
    return Method.PROMPTS_GET.is(method) ? target : NONE;
  }

  /** By the names of the conventions, without the place. */
  Map<String, String> toMap() {
    Map<String, String> all = new LinkedHashMap<>();
    if (!method.isEmpty()) {
      all.put("mcp.method.name", method);
      all.put("gen_ai.tool.name", tool());
      all.put("gen_ai.prompt.name", prompt());
    }
    all.put("mcp.protocol.version", version);
    all.put("error.type", error);
    if (!method.isEmpty()) {
      all.put("rpc.response.status_code", status);
    }
    return all;
  }

  /** Written out: what a record brings is linked by the first call, which has to wait for it. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Labels that
        && method.equals(that.method)
        && target.equals(that.target)
        && version.equals(that.version)
        && error.equals(that.error)
        && status.equals(that.status)
        && place.equals(that.place);
  }

  @Override
  public int hashCode() {
    int hash = method.hashCode();
    hash = 31 * hash + target.hashCode();
    hash = 31 * hash + version.hashCode();
    hash = 31 * hash + error.hashCode();
    hash = 31 * hash + status.hashCode();
    return 31 * hash + place.hashCode();
  }

  /** Any order that stays. */
  @Override
  public int compareTo(Labels other) {
    return (toMap() + place).compareTo(other.toMap() + other.place);
  }
}
