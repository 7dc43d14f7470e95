package dev.sallyport.gateway;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.gateway.federation.Member;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import java.util.List;

/**
 * One MCP endpoint and the servers that it offers.
 *
 * @param endpoint its path, and what sessions and sealed texts of it are bound to
 */
public record Route(EndpointOptions endpoint, Servers servers) {

  /** The servers of a route; they stay their owner's to close, after the gateway. */
  public sealed interface Servers {
    /** One, whose names are left as they are. */
    record One(Handler server) implements Servers {}

    /**
     * Several, told apart by prefixes.
     *
     * @param self who the endpoint says it is: an Implementation object
     */
    record Several(List<Member> members, JsonObject self) implements Servers {
      public Several {
        members = List.copyOf(members);
      }
    }
  }

  public static Route of(EndpointOptions endpoint, Handler server) {
    return new Route(endpoint, new Servers.One(server));
  }
}
