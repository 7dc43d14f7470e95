package dev.sallyport.gateway;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.gateway.federation.Crew;
import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.protocol.Handler;
import dev.sallyport.upstream.Isolation;

/**
 * One MCP endpoint and what it offers.
 *
 * @param endpoint its path, and what sessions and sealed texts of it are bound to
 * @param crew the servers; they stay their owner's to close, after the gateway
 * @param scopes what tokens need
 */
public record Route(EndpointOptions endpoint, Crew crew, RouteScopes scopes) {
  /** One server, whose names are left as they are, and for which tokens need no scope. */
  public static Route of(EndpointOptions endpoint, Handler server, Isolation isolation) {
    return new Route(endpoint, new Crew.One(server, isolation, ToolRules.ALL), RouteScopes.NONE);
  }

  /** The same for a server that each caller has a process or session of. */
  public static Route of(EndpointOptions endpoint, Handler server) {
    return of(endpoint, server, Isolation.CALLER);
  }
}
