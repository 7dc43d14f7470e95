package dev.sallyport.gateway;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;

/**
 * An MCP endpoint and what stands behind it.
 *
 * @param name names the route in bindings and records
 * @param path the endpoint's path, {@code /mcp} for example
 * @param upstream carries out what the flows let through
 */
record Route(String name, String path, Handler upstream) {

  /**
   * The way in for every exchange on this route: notification streams take {@link ListenFlow}, all
   * else {@link CallFlow}.
   */
  Handler flows(Limits limits) {
    Handler calls = new CallFlow(limits, this);
    Handler listens = new ListenFlow(limits, this);
    return exchange -> enter(exchange, calls, listens);
  }

  private static Outcome enter(Exchange exchange, Handler calls, Handler listens) {
    return Method.LISTEN.is(exchange.method()) ? listens.handle(exchange) : calls.handle(exchange);
  }
}
