package dev.sallyport.gateway.federation;

import dev.sallyport.gateway.NamePattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tools of a server are offered, and what they are called. Rules look at the name that the
 * server gives a tool; a pattern is a name in which {@code *} stands for any run of characters.
 * What is denied is not offered whatever allows it.
 *
 * @param allow patterns; empty allows everything
 * @param deny patterns
 * @param rename new names by the server's own; no two are the same
 */
public record ToolRules(List<String> allow, List<String> deny, Map<String, String> rename) {
  /** Every tool, under its own name. */
  public static final ToolRules ALL = new ToolRules(List.of(), List.of(), Map.of());

  public ToolRules {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    rename = Map.copyOf(rename);
    if (rename.values().stream().distinct().count() < rename.size()) {
      throw new IllegalArgumentException("two tools cannot have one name");
    }
  }

  /**
   * What a tool of the server is called here; empty when it is not offered. A tool whose own name
   * another one was given is not offered either: there would be two.
   */
  public Optional<String> offered(String tool) {
    boolean taken = rename.containsValue(tool) && !rename.containsKey(tool);
    return isOpen(tool) && !taken ? Optional.of(rename.getOrDefault(tool, tool)) : Optional.empty();
  }

  /** Which tool of the server is meant by a name that it is called here; empty when none is. */
  public Optional<String> original(String name) {
    String tool =
        rename.entrySet().stream()
            .filter(entry -> entry.getValue().equals(name))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(name);
    return offered(tool).filter(name::equals).map(same -> tool);
  }

  private boolean isOpen(String tool) {
    return (allow.isEmpty() || isAnyOf(allow, tool)) && !isAnyOf(deny, tool);
  }

  private static boolean isAnyOf(List<String> patterns, String tool) {
    return patterns.stream().anyMatch(pattern -> NamePattern.fits(pattern, tool));
  }
}
