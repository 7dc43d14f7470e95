package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Optional;

/**
 * One server with only those of its tools that the operator offers, under the operator's names for
 * them. A tool that is not offered is answered like one that does not exist. Thread-safe.
 */
record OfferedTools(Handler server, ToolRules rules) implements Handler {
  private static final Outcome UNKNOWN = new Outcome.Failed(RpcError.invalidParams("Unknown tool"));

  /** The server itself when all of its tools are offered as they are. */
  static Handler of(Handler server, ToolRules rules) {
    return rules.equals(ToolRules.ALL) ? server : new OfferedTools(server, rules);
  }

  @Override
  public Outcome handle(Exchange exchange) {
    if (Method.TOOLS_LIST.is(exchange.method())) {
      Outcome outcome = server.handle(exchange);
      return outcome instanceof Outcome.Complete(JsonObject result)
          ? new Outcome.Complete(offered(result))
          : outcome;
    }
    return Method.TOOLS_CALL.is(exchange.method()) ? call(exchange) : server.handle(exchange);
  }

  private JsonObject offered(JsonObject result) {
    Optional<List<Json>> tools = result.array("tools");
    return tools.isEmpty()
        ? result
        : result.with(
            "tools",
            Json.arrayOf(tools.get().stream().flatMap(tool -> offered(tool).stream()).toList()));
  }

  private Optional<Json> offered(Json element) {
    Optional<JsonObject> tool = element.asObject();
    Optional<String> name = tool.flatMap(one -> one.string("name"));
    return name.flatMap(rules::offered)
        .map(shown -> shown.equals(name.get()) ? element : tool.get().with("name", shown).toJson());
  }

  private Outcome call(Exchange exchange) {
    return exchange
        .params()
        .string("name")
        .flatMap(rules::original)
        .map(tool -> server.handle(exchange.withParams(exchange.params().with("name", tool))))
        .orElse(UNKNOWN);
  }
}
