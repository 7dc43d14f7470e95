package dev.sallyport.upstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;

/**
 * How many gateways a request has left for a URL, so that gateways that have each other among their
 * servers do not pass one on for ever (mcp-reference 2.7.16). The number is in the request's {@code
 * _meta}, which every gateway and bridge passes on, and no header, which the ones on pipes would
 * lose. Whoever makes a number up harms nobody but himself: each gateway counts on from it.
 */
public final class Hops {
  static final String MEMBER = "dev.sallyport/hops";

  /**
   * More in a row than anybody has: one's own machine, a team's, a company's, another company's.
   */
  static final int MOST = 5;

  private static final Outcome TOO_MANY =
      new Outcome.Failed(
          RpcError.internal(
              "too many gateways on the way: one of them may lead back to another of them"));

  /** What most requests leave with. */
  private static final Json FIRST = JsonObject.of(MEMBER, Json.of(1)).toJson();

  private Hops() {}

  /**
   * Parameters of something that is asked because of a request: it has come as far as that.
   *
   * @param request the parameters of that request
   */
  public static JsonObject carried(JsonObject request, JsonObject params) {
    Optional<Json> hops = request.object(Meta.MEMBER).flatMap(meta -> meta.get(MEMBER));
    return hops.isEmpty()
        ? params
        : params.with(Meta.MEMBER, meta(params).with(MEMBER, hops.get()));
  }

  /** A request as it leaves for a URL; empty when it has come too far. */
  static Optional<Exchange> onward(Exchange exchange) {
    JsonObject params = exchange.params();
    if (!params.has(Meta.MEMBER)) {
      return Optional.of(exchange.withParams(params.with(Meta.MEMBER, FIRST)));
    }
    JsonObject meta = meta(params);
    long hops = Math.max(0, meta.integer(MEMBER).orElse(0));
    return hops >= MOST
        ? Optional.empty()
        : Optional.of(
            exchange.withParams(params.with(Meta.MEMBER, meta.with(MEMBER, Json.of(hops + 1)))));
  }

  /** The answer to one that has come too far. */
  static Outcome tooMany() {
    return TOO_MANY;
  }

  private static JsonObject meta(JsonObject params) {
    return params.object(Meta.MEMBER).orElse(JsonObject.EMPTY);
  }
}
