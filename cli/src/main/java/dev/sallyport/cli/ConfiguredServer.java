package dev.sallyport.cli;

import dev.sallyport.gateway.config.Backend;
import dev.sallyport.gateway.config.ProxyChoice;
import dev.sallyport.gateway.config.SandboxWishes;
import dev.sallyport.gateway.config.ServerConfig;
import dev.sallyport.gateway.federation.Crew;
import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.gateway.telemetry.ServerReading;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.ServerCounts;
import dev.sallyport.upstream.ServerFacts;
import dev.sallyport.upstream.ServerStatus;
import dev.sallyport.upstream.sandbox.SandboxSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One server of a configuration file: opened beside the others, told of by its name. Thread-safe.
 */
final class ConfiguredServer implements Handler, AutoCloseable {
  private static final int MOST_CALLS = 1 << 20;

  private final ServerConfig config;
  private final ServerNews news;
  private final ServerFiles files;

  /** One for each call in progress. */
  private final Semaphore calls = new Semaphore(MOST_CALLS);

  private final Standing standing;
  private volatile boolean retired;
  private volatile boolean ending;
  private final Telemetry.WatchedServer seen;

  /**
   * @param seen the same that stands there, with somebody who looks on
   */
  private ConfiguredServer(
      ServerConfig config,
      ServerNews news,
      ServerFiles files,
      Standing standing,
      Telemetry.WatchedServer seen) {
    this.seen = seen;
    this.config = config;
    this.news = news;
    this.files = files;
    this.standing = standing;
  }

  /** Begins to open it, on the engine's loops; returns at once. */
  static ConfiguredServer begin(
      ServerConfig config,
      Sallyport.Surroundings surroundings,
      HttpEngine engine,
      Telemetry telemetry,
      boolean verbose)
      throws CliFault {
    Offered offered = offered(config, surroundings);
    Screen screen = surroundings.screen();
    ServerFiles files = ServerFiles.of(config.name(), screen, engine, offered);
    ServerNews news = ServerNews.of(screen, config.name(), verbose);
    Opening opening =
        new Opening(
            surroundings, config.name(), offered, config.options(), news, Optional.of(engine));
    Standing standing =
        Standing.begin(
            config.prefix(), opening::run, new Telling(peer(config), screen, news, telemetry));
    return new ConfiguredServer(
        config, news, files, standing, telemetry.toward(peer(config), standing));
  }

  private static Peer peer(ServerConfig config) {
    return switch (config.backend()) {
      case Backend.Command _ -> Peer.here(config.name()).withBaggage(config.passBaggage());
      case Backend.Remote remote ->
          new Peer(config.name(), remote.url().host(), remote.url().port(), config.passBaggage());
    };
  }

  /** Says how its starts end. */
  private record Telling(Peer peer, Screen screen, ServerNews news, Telemetry telemetry)
      implements Standing.Told {
    @Override
    public void up(Opened server) {
      server
          .server()
          .watchSessions((version, lasted) -> telemetry.sessionEnded(peer, version, lasted));
      news.nowServing();
      screen.done("started", peer.name() + ": " + server.server().facts().summary());
      server.sandbox().stream().flatMap(some -> some.warnings().stream()).forEach(screen::warn);
    }

    @Override
    public void down(CliFault why, Duration again) {
      screen.fail(why.about(peer.name(), "trying again in " + again.toSeconds() + " s"));
    }
  }

  /** What it comes to here. */
  static Offered offered(ServerConfig config, Sallyport.Surroundings surroundings) throws CliFault {
    return switch (config.backend()) {
      case Backend.Command(var command, SandboxWishes wishes) ->
          new Offered.Command(command, settings(wishes, config.prefix(), surroundings));
      case Backend.Remote remote ->
          new Offered.Remote(
              remote.url(),
              remote.fields(),
              new Reach(
                  remote.authorities(),
                  remote.identity(),
                  switch (remote.proxy()) {
                    case ProxyChoice.AsEnvironment _ ->
                        Reach.proxy(Optional.empty(), remote.url(), surroundings.environment());
                    case ProxyChoice.Direct _ -> Optional.empty();
                    case ProxyChoice.Through(var proxy) ->
                        Optional.of(proxy).filter(via -> via.isFor(remote.url()));
                  }));
    };
  }

  private static SandboxSettings settings(
      SandboxWishes wishes, String name, Sallyport.Surroundings surroundings) throws CliFault {
    return new SandboxSettings(
        wishes.choice(),
        wishes.limits(),
        wishes.read(),
        wishes.write(),
        wishes.network(),
        wishes.account(),
        SandboxFlags.places(surroundings, name, wishes.account()));
  }

  ServerConfig config() {
    return config;
  }

  /** Whether it need not be another one for a configuration; which tools are offered can differ. */
  boolean runsAs(ServerConfig other) {
    return config.name().equals(other.name())
        && config.prefix().equals(other.prefix())
        && config.backend().equals(other.backend())
        && config.options().equals(other.options())
        && config.passBaggage() == other.passBaggage();
  }

  ServerFiles files() {
    return files;
  }

  /** Whether it has come up. With a process for each caller, that its first one has. */
  boolean isUp() {
    return standing.state() instanceof Standing.State.Up;
  }

  /** Why it is not, after what it is called. */
  String notUp() {
    return standing.state() instanceof Standing.State.Down(var why)
        ? "does not start: " + why.getFirst()
        : "has not come up yet";
  }

  /** Whether it is up and could be started the last time that it was; nobody is asked. */
  boolean works() {
    return standing.state() instanceof Standing.State.Up(Opened up) && up.server().counts().up();
  }

  Standing standing() {
    return standing;
  }

  /** What it said of itself when it came up; empty before. */
  Optional<ServerFacts> facts() {
    return standing.state() instanceof Standing.State.Up(Opened up)
        ? Optional.of(up.server().facts())
        : Optional.empty();
  }

  /** How it stands; asks all of its processes. */
  JsonObject status() {
    Isolation isolation = config.options().sharing().isolation();
    return switch (standing.state()) {
      case Standing.State.Up(Opened up) -> {
        ServerStatus status = up.server().status();
        yield StatusReport.of(config.name(), isolation, status);
      }
      case Standing.State.Starting _ -> StatusReport.notUp(config.name(), isolation, "starting");
      case Standing.State.Down(var why) ->
          StatusReport.notUp(config.name(), isolation, "does not start")
              .with("why", Json.of(why.getFirst()));
    };
  }

  /** The same in numbers, without asking anybody. */
  ServerReading reading() {
    return new ServerReading(
        config.name(),
        switch (standing.state()) {
          case Standing.State.Up(Opened up) -> up.server().counts();
          case Standing.State.Starting _, Standing.State.Down _ -> ServerCounts.NOT_UP;
        });
  }

  /** The same in a line for people. */
  String line() {
    return config.name() + ": " + standsAt();
  }

  /** The same without its name. */
  String standsAt() {
    return switch (standing.state()) {
      case Standing.State.Up(Opened up) -> line(up.server().status());
      case Standing.State.Starting _ -> "starting";
      case Standing.State.Down(var why) -> down(why.getFirst());
    };
  }

  /** Without the words of a server, which its neighbours may not read. */
  private static String down(String why) {
    return "down, " + why.replaceFirst("(?s);? its last words.*", "");
  }

  private static String line(ServerStatus status) {
    return switch (status.state()) {
      case READY -> "up";
      case SILENT -> "up, but does not answer";
      case FAILING, PARKED -> down(status.why().orElse("it did not come up again"));
    };
  }

  @Override
  public Outcome handle(Exchange exchange) {
    if (Method.LISTEN.is(exchange.method())) {
      return seen.handle(exchange);
    }
    calls.acquireUninterruptibly();
    try {
      return retired ? Crew.REPLACED : seen.handle(exchange);
    } finally {
      calls.release();
    }
  }

  /** With all the others: what was counted is still to be sent. */
  void nowStopping() {
    ending = true;
    news.nowStopping();
  }

  boolean isRetired() {
    return retired;
  }

  /**
   * Ends it when its calls have ended, at the limit at the latest. Nobody is led here any more;
   * those who were on their way go where others are led now.
   */
  void retire(Duration limit) {
    retired = true;
    boolean done = false;
    try {
      done = calls.tryAcquire(MOST_CALLS, limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (done) {
      calls.release(MOST_CALLS); // Who comes late learns that it is replaced.
    }
    news.nowStopping();
    close();
  }

  @Override
  public void close() {
    standing.close();
    if (!ending) {
      seen.close(); // The sessions that end with it have been counted.
    }
    news.close();
  }
}
