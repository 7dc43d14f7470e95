package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What several servers offer together (mcp-reference 2.7.10, 2.7.11). A server that is not there
 * yet may have anything, so then everything is offered: what nobody has is an empty list later. A
 * client waits for none of them longer than for a server that is slow.
 */
final class Offer {
  private static final Duration SHORTLY = Duration.ofSeconds(3);
  private static final List<String> FEATURES =
      List.of("completions", "logging", "prompts", "resources", "tools");

  /** Extensions that are relayed knowingly. */
  private static final Set<String> EXTENSIONS =
      Set.of(Tasks.EXTENSION, "io.modelcontextprotocol/ui");

  /** What servers say is for models to read, so there is an end to it. */
  private static final int LONGEST_INSTRUCTIONS = 32_768;

  private static final int LONGEST_OF_ONE = 8_192;

  private Offer() {}

  /**
   * @param self who we are: an Implementation object
   */
  static Outcome discovered(Exchange exchange, Collection<Upstream> upstreams, JsonObject self) {
    FanOut fan = new FanOut(SHORTLY, exchange.cancellation(), _ -> {});
    for (Upstream upstream : upstreams) {
      fan.ask(
          upstream,
          (one, unwanted) -> one.ask(Method.DISCOVER, JsonObject.EMPTY, exchange, unwanted));
    }
    List<FanOut.Said> all = fan.await();
    if (exchange.cancellation().isCancelled()) {
      return new Outcome.Cancelled();
    }
    return new Outcome.Complete(together(all, self));
  }

  private static JsonObject together(List<FanOut.Said> all, JsonObject self) {
    List<JsonObject> offers = new ArrayList<>();
    StringBuilder instructions = new StringBuilder();
    boolean complete = true;
    for (FanOut.Said said : all) {
      if (said.outcome().orElse(new Outcome.Cancelled())
          instanceof Outcome.Complete(JsonObject result)) {
        offers.add(result.object("capabilities").orElse(JsonObject.EMPTY));
        result.string("instructions").ifPresent(text -> add(instructions, said.upstream(), text));
      } else {
        complete = false;
      }
    }
    JsonObject result =
        Meta.withServerInfo(
            JsonObject.of("capabilities", union(offers, !complete).toJson())
                .with("ttlMs", Json.of(0))
                .with("cacheScope", "private"),
            self);
    return instructions.isEmpty() ? result : result.with("instructions", instructions.toString());
  }

  private static void add(StringBuilder all, Upstream upstream, String text) {
    String some = text.length() > LONGEST_OF_ONE ? text.substring(0, LONGEST_OF_ONE) + "…" : text;
    String part = "# " + upstream.prefix() + "\n\n" + some.strip() + "\n";
    String space = all.isEmpty() ? "" : "\n";
    if (!text.isBlank() && all.length() + part.length() < LONGEST_INSTRUCTIONS) {
      all.append(space).append(part);
    }
  }

  private static JsonObject union(List<JsonObject> offers, boolean everything) {
    JsonObject union = JsonObject.EMPTY;
    for (String feature : FEATURES) {
      if (everything || offers.stream().anyMatch(offer -> offer.has(feature))) {
        union = union.with(feature, ours(feature, offers, everything));
      }
    }
    JsonObject extensions = JsonObject.EMPTY;
    for (JsonObject offer : offers) {
      JsonObject some = offer.object("extensions").orElse(JsonObject.EMPTY);
      for (String name : some.names()) {
        if (EXTENSIONS.contains(name) && !extensions.has(name)) {
          extensions = extensions.with(name, some.get(name).orElseThrow());
        }
      }
    }
    return extensions.isEmpty() ? union : union.with("extensions", extensions);
  }

  /** Lists can always change here: servers come and go (2.7.9). */
  private static JsonObject ours(String feature, List<JsonObject> offers, boolean everything) {
    return switch (feature) {
      case "tools", "prompts" -> JsonObject.of("listChanged", Json.TRUE);
      case "resources" ->
          JsonObject.of("listChanged", Json.TRUE)
              .with(
                  "subscribe",
                  Json.of(everything || offers.stream().anyMatch(Offer::takesSubscriptions)));
      default -> JsonObject.EMPTY;
    };
  }

  private static boolean takesSubscriptions(JsonObject offer) {
    return offer
        .object("resources")
        .flatMap(resources -> resources.get("subscribe"))
        .flatMap(Json::asBoolean)
        .orElse(false);
  }
}
