package dev.sallyport.gateway;

import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.McpEndpoint;
import dev.sallyport.downstream.Seal;
import dev.sallyport.gateway.federation.Federation;
import dev.sallyport.protocol.Handler;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The endpoints of a gateway by their paths, each with a flow of its own. Thread-safe. */
final class Routes implements HttpHandler, AutoCloseable {
  private final List<Served> served;
  private final Map<String, McpEndpoint> byPath;

  /** A route that is served. */
  private record Served(McpEndpoint endpoint, Optional<Federation> federation) {}

  private Routes(List<Served> served, Map<String, McpEndpoint> byPath) {
    this.served = List.copyOf(served);
    this.byPath = Map.copyOf(byPath);
  }

  /**
   * @param routes at least one, with paths that differ
   * @param limits of each caller, whichever routes it comes by
   */
  static Routes open(
      List<Route> routes,
      CallerCheck callers,
      Limits limits,
      Seal seal,
      Clock clock,
      SecureRandom random) {
    List<Served> served = new ArrayList<>();
    Map<String, McpEndpoint> byPath = new HashMap<>();
    for (Route route : routes) {
      Optional<Federation> federation = federation(route.servers(), seal);
      EndpointOptions options =
          federation.isPresent()
              ? route.endpoint().withToolGroups(Federation.groups())
              : route.endpoint();
      Handler servers =
          switch (route.servers()) {
            case Route.Servers.One(Handler server) -> server;
            case Route.Servers.Several _ -> federation.orElseThrow();
          };
      CallFlow flow = new CallFlow(limits, new TaskIds(servers, seal, options.route()));
      McpEndpoint endpoint = new McpEndpoint(options, callers, flow, clock, random);
      served.add(new Served(endpoint, federation));
      options.paths().forEach(path -> byPath.put(path, endpoint));
    }
    return new Routes(served, byPath);
  }

  private static Optional<Federation> federation(Route.Servers servers, Seal seal) {
    return switch (servers) {
      case Route.Servers.One _ -> Optional.empty();
      case Route.Servers.Several(var members, var self) ->
          Optional.of(new Federation(members, self, seal));
    };
  }

  /** What is nobody's is refused as any of them refuses it. */
  private McpEndpoint at(HttpHead head) {
    return byPath.getOrDefault(head.path(), served.getFirst().endpoint());
  }

  @Override
  public Optional<HttpAnswer> screen(HttpHead head) {
    return at(head).screen(head);
  }

  @Override
  public void serve(HttpCall call) {
    at(call.head()).serve(call);
  }

  @Override
  public void close() {
    for (Served each : served) {
      each.federation().ifPresent(Federation::close); // its streams end in good order
      each.endpoint().close();
    }
  }
}
