package dev.sallyport.cli;

import dev.sallyport.gateway.Operations;
import dev.sallyport.gateway.telemetry.ServerReading;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.ServerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/** How all that is served stands, for whoever operates it. Thread-safe. */
final class Standings implements Operations.Standing {
  private final Fleet fleet;
  private final List<String> urls;
  private volatile boolean started;
  private volatile boolean draining;

  Standings(Fleet fleet, List<String> urls) {
    this.fleet = fleet;
    this.urls = List.copyOf(urls);
  }

  /** Each server was tried once. Those that come later keep nobody from being served. */
  void started() {
    started = true;
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
        fleet.places().stream().map(place -> place.serving().standing().state()).toList();
    if (!started) {
      return Optional.of("servers are starting");
    }
    return states.stream().anyMatch(Standing.State.Up.class::isInstance)
        ? Optional.empty()
        : Optional.of("no server is up");
  }

  @Override
  public List<String> servers() {
    return ofEach(Place::line);
  }

  /**
   * Every program on this machine can ask, what the servers start among them: so neither callers
   * nor what the servers said are in it.
   */
  @Override
  public JsonObject outline() {
    return JsonObject.of("url", Json.of(urls.getFirst()))
        .with(
            "servers",
            Json.arrayOf(ofEach(place -> StatusReport.outline(place.status()).toJson())));
  }

  /** All there is to say, for whoever may read our data. */
  JsonObject status() {
    return JsonObject.of("url", Json.of(urls.getFirst()))
        .with("pid", Json.of(ProcessHandle.current().pid()))
        .with("servers", Json.arrayOf(ofEach(place -> place.status().toJson())));
  }

  /** One that does not answer takes its time, so all are asked at once. */
  private <T> List<T> ofEach(Function<Place, T> look) {
    List<FutureTask<T>> looks = new ArrayList<>();
    for (Place place : fleet.places()) {
      FutureTask<T> one = new FutureTask<>(() -> look.apply(place));
      Thread.ofVirtual().name("sallyport-standing").start(one);
      looks.add(one);
    }
    List<T> all = new ArrayList<>();
    try {
      for (FutureTask<T> one : looks) {
        all.add(one.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a server could not be looked at", e.getCause());
    }
    return all;
  }

  @Override
  public List<ServerReading> readings() {
    return fleet.places().stream().map(place -> place.serving().reading()).toList();
  }

  /** How many came up, and which did not, for people. */
  String count() {
    List<String> down =
        fleet.servers().stream()
            .filter(server -> server.facts().isEmpty())
            .map(server -> server.config().name())
            .toList();
    int all = fleet.servers().size();
    return (all - down.size())
        + " of "
        + all
        + " servers"
        + (down.isEmpty() ? "" : "; not up: " + String.join(", ", down));
  }

  /** For the line that says that all is ready. */
  Json ready() {
    return Json.arrayOf(fleet.places().stream().map(place -> ready(place.serving())).toList());
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
