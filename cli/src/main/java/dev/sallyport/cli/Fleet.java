package dev.sallyport.cli;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.Sites;
import dev.sallyport.downstream.SsePaths;
import dev.sallyport.gateway.Route;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.RouteConfig;
import dev.sallyport.gateway.config.ServerConfig;
import dev.sallyport.gateway.federation.Crew;
import dev.sallyport.gateway.federation.Member;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The servers of a configuration by their names, each standing on its own. Changed by one thread at
 * a time; any may look.
 */
final class Fleet implements AutoCloseable {
  /** How long a change waits for new servers, before it leads callers to them all the same. */
  private static final Duration A_START = Duration.ofSeconds(30);

  /** How long a server that works goes on while the one that is to take its place is not up. */
  private static final Duration A_STAND_IN = Duration.ofMinutes(10);

  private final Sallyport.Surroundings surroundings;
  private final HttpEngine engine;
  private final Telemetry telemetry;
  private final boolean verbose;
  private final Duration standIn;

  /** Threads that end servers which are in the configuration no more. */
  private final Set<Thread> retiring = ConcurrentHashMap.newKeySet();

  private final AtomicReference<Map<String, Place>> places = new AtomicReference<>(Map.of());

  /**
   * @param telemetry sees what goes on to each server
   * @param verbose whether the servers' own words are printed
   */
  Fleet(
      Sallyport.Surroundings surroundings,
      HttpEngine engine,
      Telemetry telemetry,
      boolean verbose) {
    this(surroundings, engine, telemetry, verbose, A_STAND_IN);
  }

  /**
   * @param standIn how long a server that works goes on while its replacement is not up
   */
  Fleet(
      Sallyport.Surroundings surroundings,
      HttpEngine engine,
      Telemetry telemetry,
      boolean verbose,
      Duration standIn) {
    this.surroundings = surroundings;
    this.engine = engine;
    this.telemetry = telemetry;
    this.verbose = verbose;
    this.standIn = standIn;
  }

  /**
   * What a configuration made of the fleet.
   *
   * @param before by their names
   * @param begun those that were not there before
   */
  record Change(Map<String, Place> before, List<ConfiguredServer> begun) {
    Optional<Place> before(Place now) {
      return Optional.ofNullable(before.get(now.wanted().config().name()));
    }
  }

  /**
   * Has the servers of a configuration, of which those that run already go on. Those that are in it
   * no more run on as well, until it is known whether it stays so: {@link #retire} or {@link
   * #undo}.
   */
  Change become(Config config) throws CliFault {
    Map<String, Place> before = places.get();
    Map<String, Place> next = new LinkedHashMap<>();
    List<ConfiguredServer> begun = new ArrayList<>();
    long until = System.nanoTime() + standIn.toNanos();
    boolean all = false;
    try {
      for (ServerConfig each : config.servers()) {
        Optional<Place> there = Optional.ofNullable(before.get(each.name()));
        Optional<Place> same = there.flatMap(place -> place.as(each));
        if (same.isEmpty()) {
          begun.add(ConfiguredServer.begin(each, surroundings, engine, telemetry, verbose));
        }
        next.put(
            each.name(),
            same.orElseGet(
                () ->
                    there
                        .map(place -> place.replacedBy(begun.getLast(), until))
                        .orElseGet(() -> Place.of(begun.getLast()))));
      }
      all = true;
    } finally {
      if (!all) {
        closeAll(begun);
      }
    }
    places.set(next);
    return new Change(before, List.copyOf(begun));
  }

  /** As it is, to go back to. */
  Change unchanged() {
    return new Change(places.get(), List.of());
  }

  /**
   * Those that are up take the places of those that went on for them, and so do those whose time
   * has come.
   *
   * @return whether there was one
   */
  boolean advance() {
    Map<String, Place> before = places.get();
    long now = System.nanoTime();
    Map<String, Place> next = new LinkedHashMap<>(before);
    next.replaceAll((_, place) -> place.advanced(now));
    places.set(next);
    return !next.equals(before);
  }

  /** Nobody was led to the servers that it brought: they end, and those of before go on. */
  void undo(Change change) {
    places.set(change.before());
    closeAll(change.begun());
  }

  /** The files that the servers of the configuration were opened with. */
  Seen seen() {
    return places().stream()
        .map(place -> place.wanted().files().seen())
        .reduce(Seen.NOTHING, Seen::and);
  }

  /** Waits for the first try of each, for a while; whether nobody left before. */
  boolean settled(Cancellation leaving) throws InterruptedException {
    long until = System.nanoTime() + A_START.toNanos();
    for (Place place : places()) {
      place.wanted().standing().settled(leaving, Duration.ofNanos(until - System.nanoTime()));
    }
    return !leaving.isCancelled();
  }

  List<Place> places() {
    return List.copyOf(places.get().values());
  }

  /** Those that callers are led to. */
  List<ConfiguredServer> servers() {
    return places().stream().map(Place::serving).toList();
  }

  private static List<ConfiguredServer> all(Map<String, Place> places) {
    return places.values().stream().flatMap(Place::both).toList();
  }

  /** What the routes of a configuration offer. One server alone keeps its names, unless asked. */
  List<Route> routes(Config config, Sites sites) {
    Map<String, ServerConfig> configs = new LinkedHashMap<>();
    config.servers().forEach(each -> configs.put(each.name(), each));
    List<Route> routes = new ArrayList<>();
    for (RouteConfig route : config.routes()) {
      EndpointOptions plain = EndpointOptions.of(route.path(), route.path()).withSites(sites);
      routes.add(
          new Route(
              route.sse() ? plain.withSse(SsePaths.DEFAULT) : plain,
              crew(route, configs),
              route.scopes()));
    }
    return routes;
  }

  private Crew crew(RouteConfig route, Map<String, ServerConfig> configs) {
    Map<String, Place> all = places.get();
    List<Member> members =
        route.servers().stream()
            .flatMap(name -> Optional.ofNullable(configs.get(name)).stream())
            .flatMap(
                config ->
                    Optional.ofNullable(all.get(config.name())).stream()
                        .map(place -> member(config, place.serving())))
            .toList();
    return members.size() == 1 && route.prefixes() == RouteConfig.Prefixes.WHEN_SEVERAL
        ? new Crew.One(
            members.getFirst().server(), members.getFirst().isolation(), members.getFirst().rules())
        : new Crew.Several(
            members,
            JsonObject.of("name", Json.of(route.name())).with("version", VersionCommand.number()));
  }

  /** Named as the configuration says, whoever serves; what is shared is up to who does. */
  private static Member member(ServerConfig config, ConfiguredServer server) {
    return new Member(
        config.prefix(), server, server.config().options().sharing().isolation(), config.tools());
  }

  /**
   * The change stays. Ends servers that nobody is led to any more, once their calls have ended;
   * returns at once.
   */
  void retire(Change change, Duration limit) {
    places().forEach(place -> place.wanted().files().goOn());
    List<ConfiguredServer> now = all(places.get());
    List<ConfiguredServer> gone =
        all(change.before()).stream().filter(one -> !now.contains(one)).toList();
    retiring.removeIf(thread -> !thread.isAlive());
    for (ConfiguredServer server : gone) {
      retiring.add(
          Thread.ofPlatform()
              .name("sallyport-retire-" + server.config().name())
              .start(() -> server.retire(limit)));
    }
  }

  /** How their processes end from now on is our doing. */
  void nowStopping() {
    all(places.get()).forEach(ConfiguredServer::nowStopping);
  }

  /** All at once: each may take its time. */
  @Override
  public void close() {
    retiring.forEach(Thread::interrupt); // They wait for calls no more.
    closeAll(all(places.get()));
    await(List.copyOf(retiring));
  }

  private static void closeAll(List<ConfiguredServer> servers) {
    await(
        servers.stream()
            .map(
                server ->
                    Thread.ofPlatform()
                        .name("sallyport-close-" + server.config().name())
                        .start(server::close))
            .toList());
  }

  /** Returns when all of them have ended, whoever interrupts that. */
  static void await(List<Thread> closing) {
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
