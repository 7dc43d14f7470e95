package dev.sallyport.gateway;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which scopes a token needs for what on a route. A key needs none: whoever made it decided.
 * Immutable.
 *
 * @param always for every request; also what a client is told to ask for first (RS-13)
 * @param tools for calls of tools besides; every rule counts whose pattern the tool's name fits
 */
public record RouteScopes(Set<String> always, List<OfTools> tools) {
  public static final RouteScopes NONE = new RouteScopes(Set.of(), List.of());

  public RouteScopes {
    always = Set.copyOf(always);
    tools = List.copyOf(tools);
  }

  /**
   * @param pattern a tool's name as callers use it, in which {@code *} is any run of characters
   */
  public record OfTools(String pattern, Set<String> scopes) {
    public OfTools {
      scopes = Set.copyOf(scopes);
    }
  }

  /** Empty when the credential of this request has every scope that is needed for it. */
  Optional<Refusal> decide(Exchange exchange) {
    if (always.isEmpty() && tools.isEmpty()) {
      return Optional.empty();
    }
    Set<String> needed = needed(exchange);
    return exchange.origin().claims().scopes().lacking(needed).isEmpty()
        ? Optional.empty()
        : Optional.of(Refusal.insufficientScope(needed));
  }

  /** All at once, so that nobody has to ask twice for one operation (RS-10, 4-T33). */
  private Set<String> needed(Exchange exchange) {
    Optional<String> tool =
        Method.TOOLS_CALL.is(exchange.method())
            ? exchange.params().string("name")
            : Optional.empty();
    if (tool.isEmpty() || tools.isEmpty()) {
      return always;
    }
    Set<String> needed = new TreeSet<>(always);
    tools.stream()
        .filter(rule -> NamePattern.fits(rule.pattern(), tool.get()))
        .forEach(rule -> needed.addAll(rule.scopes()));
    return needed;
  }
}
