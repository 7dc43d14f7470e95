package dev.sallyport.cli;

import dev.sallyport.gateway.Operations;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.ServerFacts;
import java.util.List;
import java.util.Optional;

/** How all that is served stands, for whoever operates it. Thread-safe. */
final class Standings implements Operations.Standing {
  private final Fleet fleet;
  private final List<String> urls;
  private volatile boolean draining;

  Standings(Fleet fleet, List<String> urls) {
    this.fleet = fleet;
    this.urls = List.copyOf(urls);
  }

  /** From now on no new calls should come. */
  void draining() {
    draining = true;
  }

  /** Once each server was tried, and while one of them at least is there. */
  @Override
  public Optional<String> notReady() {
    if (draining) {
      return Optional.of("stopping");
    }
    List<Standing.State> states =
        fleet.servers().stream().map(server -> server.standing().state()).toList();
    if (states.stream().anyMatch(Standing.State.Starting.class::isInstance)) {
      return Optional.of("servers are starting");
    }
    return states.stream().anyMatch(Standing.State.Up.class::isInstance)
        ? Optional.empty()
        : Optional.of("no server is up");
  }

  @Override
  public List<String> servers() {
    return fleet.servers().stream().map(ConfiguredServer::line).toList();
  }

  @Override
  public JsonObject status() {
    return JsonObject.of("url", Json.of(urls.getFirst()))
        .with("pid", Json.of(ProcessHandle.current().pid()))
        .with(
            "servers",
            Json.arrayOf(
                fleet.servers().stream().map(server -> server.status().toJson()).toList()));
  }

  /** For the line that says that all is ready. */
  Json ready() {
    return Json.arrayOf(fleet.servers().stream().map(Standings::ready).toList());
  }

  private static Json ready(ConfiguredServer server) {
    JsonObject line =
        JsonObject.of("name", Json.of(server.config().name()))
            .with("prefix", server.config().prefix());
    Optional<ServerFacts> facts = server.facts();
    return (facts.isPresent()
            ? line.with("state", "up")
                .with("era", facts.get().era())
                .with("tools", Json.of(facts.get().tools()))
            : line.with("state", "down"))
        .toJson();
  }
}
