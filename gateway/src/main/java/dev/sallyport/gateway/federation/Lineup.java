package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Outcome;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an endpoint offers at a moment.
 *
 * @param alone the one server, when there is one
 * @param upstreams by prefix, when there are several; never changed
 * @param self who an endpoint of several says it is: an Implementation object
 */
record Lineup(Optional<Handler> alone, NavigableMap<String, Upstream> upstreams, JsonObject self) {
  static final Lineup NOTHING = new Lineup(Optional.empty(), new TreeMap<>(), JsonObject.EMPTY);

  /** Of servers that stay, what is known stays too. */
  Lineup changed(Crew crew, Upstream.Patience patience) {
    return switch (crew) {
      case Crew.One one -> new Lineup(Optional.of(sole(one)), new TreeMap<>(), JsonObject.EMPTY);
      case Crew.Several(var members, var self) -> {
        NavigableMap<String, Upstream> changed = new TreeMap<>();
        for (Member member : members) {
          changed.put(
              member.prefix(),
              find(member.prefix())
                  .filter(before -> before.serves(member))
                  .map(before -> before.with(member))
                  .orElseGet(() -> new Upstream(member, patience, System::nanoTime)));
        }
        yield new Lineup(Optional.empty(), changed, self);
      }
    };
  }

  private static Handler sole(Crew.One one) {
    return new BoundedHints(OfferedTools.of(one.server(), one.rules()), one.isolation());
  }

  Optional<Upstream> find(String prefix) {
    return Optional.ofNullable(upstreams.get(prefix));
  }

  /** Whoever answered, the client speaks to this endpoint (2.1 row 15). */
  Outcome signed(Outcome outcome) {
    return outcome instanceof Outcome.Complete(JsonObject result)
        ? new Outcome.Complete(Meta.withServerInfo(result, self))
        : outcome;
  }
}
