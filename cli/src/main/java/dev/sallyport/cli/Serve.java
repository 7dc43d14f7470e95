package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.KeyRing;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.gateway.Credentials;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.Listening;
import dev.sallyport.gateway.config.LogConfig;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Serves what a configuration describes until it is told to stop. */
final class Serve {
  private final Sallyport.Surroundings surroundings;
  private final ConfigFile file;
  private final FileWatch watch;
  private final Config config;
  private final Output output;

  /**
   * @param json whether readiness is one line of JSON on stdout
   * @param verbose whether the servers' own words are printed
   * @param logs what the command line says about stderr, which the file does not change
   */
  record Output(boolean json, boolean verbose, Optional<LogConfig.Format> logs) {}

  Serve(
      Sallyport.Surroundings surroundings,
      ConfigFile file,
      FileWatch watch,
      Config config,
      Output output) {
    this.surroundings = surroundings;
    this.file = file;
    this.watch = watch;
    this.config = config;
    this.output = output;
  }

  int run() throws CliFault {
    Logging.use(LogSettings.of(config.log(), output.logs()));
    Logging.begin();
    Doors doors = Doors.of(config.listening());
    doors.listen().requireFree();
    Screen screen = surroundings.screen();
    Seen certificate = Renewal.look(config.listening().tls());
    try (Stop stop = Stop.install(screen);
        Observed observed = Observed.by(config.telemetry());
        HttpEngine engine = HttpEngine.begin();
        GatewayKeys keys = keys();
        GatewayTokens tokens = GatewayTokens.of(engine, config.issuers(), keys::standing);
        Fleet fleet = fleet(engine, observed.metrics());
        Gateway gateway = open(engine, doors, keys, tokens, fleet, observed.metrics())) {
      String origin =
          doors.publicUrl().map(Object::toString).orElse(doors.origin(gateway.address()));
      List<String> urls = config.routes().stream().map(route -> origin + route.path()).toList();
      Standings standings = new Standings(fleet, urls);
      observed.begin(standings::readings);
      try (Admin admin = Admin.open(engine, config.admin(), standings, observed.metrics());
          StatusSocket _ =
              StatusSocket.open(surroundings, () -> standings.status().toJson().text())) {
        if (!fleet.settled(stop.asked())) {
          screen.fail(new CliFault(CliFault.FAILURE, "stopped before the servers had come up"));
          return CliFault.FAILURE;
        }
        standings.started();
        announce(doors, urls, keys, admin, standings);
        stop.nowServing();
        Reload reload =
            new Reload(
                surroundings,
                file,
                config,
                output.logs(),
                new Reload.Served(fleet, doors, gateway),
                stop.asked());
        List<FileWatch.Watched> watched =
            new ArrayList<>(List.of(reload.ofFile(), reload.ofServers()));
        watched.addAll(Renewal.of(screen, gateway, certificate, InstantSource.system()));
        try (reload;
            FileWatch _ = watch.begin(watched)) {
          stop.await();
        }
        screen.say("stopping…");
        Duration delay = config.limits().drainDelay();
        Duration most = delay.plus(config.limits().drain());
        stop.takes(most);
        stop.waitsFor("calls in progress, " + most.toSeconds() + " s at most");
        standings.draining();
        gateway.drain(delay, config.limits().drain());
      }
      fleet.nowStopping();
      stop.waitsFor("the servers' processes to end");
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFault(CliFault.FAILURE, "interrupted");
    }
  }

  private Fleet fleet(HttpEngine engine, Telemetry telemetry) throws CliFault {
    Fleet fleet = new Fleet(surroundings, engine, telemetry, output.verbose());
    fleet.become(config);
    return fleet;
  }

  private GatewayKeys keys() throws CliFault {
    try {
      return switch (config.listening().callers()) {
        case ANYONE -> GatewayKeys.none(surroundings);
        case KEYS, TOKENS -> GatewayKeys.anyThatCome(surroundings);
      };
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    }
  }

  private Gateway open(
      HttpEngine engine,
      Doors doors,
      GatewayKeys keys,
      GatewayTokens tokens,
      Fleet fleet,
      Telemetry telemetry)
      throws CliFault {
    ListenOptions defaults =
        ListenOptions.at(doors.listen().address().getHostAddress(), doors.listen().port());
    ListenOptions listen =
        defaults.withBounds(
            config.limits().maxBody(),
            defaults.maxHead(),
            defaults.maxConnections(),
            defaults.maxConcurrent());
    try {
      return Gateway.open(
          engine,
          new GatewayOptions(
              config.listening().tls().map(listen::withTls).orElse(listen),
              fleet.routes(config, doors.sites()),
              new Credentials(keysThatOpen(keys), tokens.tokens()),
              config.listening().publicUrl(),
              config.listening().proxies(),
              config.limits().rate()),
          telemetry,
          surroundings.user());
    } catch (ListenException e) {
      throw new CliFault(CliFault.FAILURE, String.valueOf(e.getMessage()));
    }
  }

  private void announce(
      Doors doors, List<String> urls, GatewayKeys keys, Admin admin, Standings standings) {
    Screen screen = surroundings.screen();
    for (int i = 0; i < urls.size(); i++) {
      screen.done(
          "serving",
          urls.get(i)
              + "   "
              + String.join(", ", config.routes().get(i).servers())
              + " · "
              + doors.reach());
    }
    switch (config.listening().callers()) {
      case ANYONE ->
          screen.warn(
              "callers    NOT CHECKED (callers: anyone): every program on this machine can call"
                  + " every tool");
      case TOKENS -> screen.done("callers", "whoever signs in at " + issuers());
      case KEYS -> {
        if (!config.issuers().isEmpty()) {
          screen.done("callers", "whoever signs in at " + issuers() + ", and your access keys");
        } else if (keys.areThere()) {
          screen.done("callers", "your access keys (sallyport keys list)");
        } else {
          screen.warn("callers    there is no access key yet; make one:  sallyport keys add NAME");
        }
      }
    }
    admin.url().ifPresent(url -> screen.done("admin", url + "   /livez /readyz /metrics /status"));
    if (config.servers().size() > 1) {
      screen.done("ready", standings.count());
    }
    if (output.json()) {
      screen.answer(readyLine(urls, admin, standings));
    } else {
      screen.hint("  stop:                  Ctrl-C");
    }
  }

  private Optional<KeyRing> keysThatOpen(GatewayKeys keys) {
    return keys.ring().filter(_ -> config.listening().callers() == Listening.Callers.KEYS);
  }

  private String issuers() {
    return String.join(", ", config.issuers().stream().map(Issuer::name).toList());
  }

  private String readyLine(List<String> urls, Admin admin, Standings standings) {
    JsonObject line = JsonObject.of("url", Json.of(urls.getFirst()));
    line = line.with("urls", Json.arrayOf(urls.stream().map(Json::of).toList()));
    Optional<String> url = admin.url();
    if (url.isPresent()) {
      line = line.with("admin", url.get());
    }
    return line.with("pid", Json.of(ProcessHandle.current().pid()))
        .with("servers", standings.ready())
        .toJson()
        .text();
  }
}
