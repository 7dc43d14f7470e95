package dev.sallyport.cli;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.Sites;
import dev.sallyport.downstream.SsePaths;
import dev.sallyport.gateway.Route;
import dev.sallyport.gateway.config.RouteConfig;
import dev.sallyport.gateway.config.ServerConfig;
import dev.sallyport.gateway.federation.Crew;
import dev.sallyport.gateway.federation.Member;
import dev.sallyport.gateway.federation.OfferedTools;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The servers of a configuration by their names, each standing on its own. Thread-safe. */
final class Fleet implements AutoCloseable {
  private final Map<String, ConfiguredServer> servers;

  private Fleet(Map<String, ConfiguredServer> servers) {
    this.servers = servers;
  }

  /** Begins to open all of them; returns at once. */
  static Fleet begin(
      List<ServerConfig> configs,
      Sallyport.Surroundings surroundings,
      HttpEngine engine,
      boolean verbose)
      throws CliFault {
    Map<String, ConfiguredServer> servers = new LinkedHashMap<>();
    boolean begun = false;
    try {
      for (ServerConfig config : configs) {
        servers.put(config.name(), ConfiguredServer.begin(config, surroundings, engine, verbose));
      }
      begun = true;
      return new Fleet(servers);
    } finally {
      if (!begun) {
        closeAll(servers);
      }
    }
  }

  List<ConfiguredServer> servers() {
    return List.copyOf(servers.values());
  }

  /** What the routes offer. One server alone keeps its names, unless it is told apart by wish. */
  List<Route> routes(List<RouteConfig> configs, Sites sites) {
    List<Route> routes = new ArrayList<>();
    for (RouteConfig config : configs) {
      EndpointOptions plain = EndpointOptions.of(config.path(), config.path()).withSites(sites);
      routes.add(
          new Route(config.sse() ? plain.withSse(SsePaths.DEFAULT) : plain, offered(config)));
    }
    return routes;
  }

  private Crew offered(RouteConfig route) {
    List<ConfiguredServer> some =
        route.servers().stream()
            .flatMap(name -> Optional.ofNullable(servers.get(name)).stream())
            .toList();
    if (some.size() == 1) {
      return new Crew.One(handler(some.getFirst()));
    }
    return new Crew.Several(
        some.stream().map(server -> new Member(server.config().prefix(), handler(server))).toList(),
        JsonObject.of("name", Json.of(route.name()), "version", Json.of(VersionCommand.number())));
  }

  private static Handler handler(ConfiguredServer server) {
    return OfferedTools.of(server, server.config().tools());
  }

  /** Waits until the first try of each is over; whether nobody left before. */
  boolean settled(Cancellation leaving) throws InterruptedException {
    for (ConfiguredServer server : servers.values()) {
      server.standing().settled(leaving);
    }
    return !leaving.isCancelled();
  }

  /** How their processes end from now on is our doing. */
  void nowStopping() {
    servers.values().forEach(ConfiguredServer::nowStopping);
  }

  /** All at once: each may take its time. */
  @Override
  public void close() {
    closeAll(servers);
  }

  private static void closeAll(Map<String, ConfiguredServer> servers) {
    List<Thread> closing =
        servers.values().stream()
            .map(
                server ->
                    Thread.ofPlatform()
                        .name("sallyport-close-" + server.config().name())
                        .start(server::close))
            .toList();
    boolean interrupted = false;
    for (Thread each : closing) {
      while (each.isAlive()) {
        try {
          each.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
