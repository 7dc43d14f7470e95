package dev.sallyport.cli;

import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Log;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a changed configuration into effect while the old one serves: all of it or nothing. Servers
 * that are the same go on as they are; new ones are tried first, so that nobody waits for them;
 * those that went end when their calls have. Confined to one thread.
 */
final class Reload {
  private static final Log LOG = Log.of(Reload.class);

  private final Sallyport.Surroundings surroundings;
  private final ConfigFile file;
  private final Fleet fleet;
  private final Doors doors;
  private final Gateway gateway;
  private final Cancellation stopping;
  private Config current;

  /**
   * @param stopping fires when the program ends
   */
  Reload(
      Sallyport.Surroundings surroundings,
      ConfigFile file,
      Config current,
      Fleet fleet,
      Doors doors,
      Gateway gateway,
      Cancellation stopping) {
    this.surroundings = surroundings;
    this.file = file;
    this.current = current;
    this.fleet = fleet;
    this.doors = doors;
    this.gateway = gateway;
    this.stopping = stopping;
  }

  /** Says what came of it. */
  void run() {
    Screen screen = surroundings.screen();
    try {
      Reading.Sound sound = file.read(surroundings);
      List<String> fixed = fixed(sound.config());
      if (!fixed.isEmpty()) {
        screen.warn(
            file.name()
                + ": a change of "
                + String.join(", ", fixed)
                + " takes a restart; nothing was changed");
        return;
      }
      sound.remarks().forEach(remark -> screen.warn(remark.told(file.name())));
      if (change(sound.config())) {
        screen.done("reloaded", file.name() + ": " + String.join(", ", names(sound.config())));
      }
    } catch (CliFault fault) {
      screen.fail(fault.about(file.name(), "what is served goes on as it was"));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException unexpected) {
      LOG.log(System.Logger.Level.ERROR, "reading the configuration again broke off", unexpected);
      screen.warn(file.name() + " was not put into effect; restart to be sure of what is served");
    }
  }

  /** Whether it took effect: not when the program is ending. */
  private boolean change(Config config) throws CliFault, InterruptedException {
    List<ConfiguredServer> gone = fleet.become(config);
    try {
      boolean wanted = fleet.settled(stopping);
      if (wanted) {
        gateway.change(
            fleet.routes(config, doors.sites()), config.limits().rate(), config.limits().drain());
        current = config;
      }
      return wanted;
    } finally {
      fleet.retire(gone, config.limits().drain());
    }
  }

  private static List<String> names(Config config) {
    return config.servers().stream().map(server -> server.name()).toList();
  }

  /** What has to be decided before anything is opened. */
  private List<String> fixed(Config other) {
    List<String> keys = new ArrayList<>();
    if (!other.listening().address().equals(current.listening().address())) {
      keys.add("listen");
    }
    if (!other.listening().tls().equals(current.listening().tls())) {
      keys.add("tls");
    }
    if (!other.listening().proxies().equals(current.listening().proxies())) {
      keys.add("behind-proxy");
    }
    if (!other.listening().publicUrl().equals(current.listening().publicUrl())) {
      keys.add("public-url");
    }
    if (other.listening().callers() != current.listening().callers()) {
      keys.add("callers");
    }
    if (!other.admin().equals(current.admin())) {
      keys.add("admin");
    }
    if (!other.telemetry().equals(current.telemetry())) {
      keys.add("telemetry");
    }
    if (other.limits().maxBody() != current.limits().maxBody()) {
      keys.add("limits.max-body");
    }
    if (!other.limits().drain().equals(current.limits().drain())) {
      keys.add("limits.drain");
    }
    if (!other.limits().drainDelay().equals(current.limits().drainDelay())) {
      keys.add("limits.drain-delay");
    }
    return keys;
  }
}
