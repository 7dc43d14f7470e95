package dev.sallyport.cli;

import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.LogConfig;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.config.ServingLimits;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a changed configuration into effect while the old one serves: all of it or nothing. Servers
 * that are the same go on as they are; new ones are tried first, so that nobody waits for them;
 * those that went end when their calls have. Confined to one thread.
 */
final class Reload {
  private static final Log LOG = Log.of(Reload.class);

  private final Sallyport.Surroundings surroundings;
  private final ConfigFile file;
  private final Optional<LogConfig.Format> logs;
  private final Served served;
  private final Cancellation stopping;
  private Config current;

  /** What a configuration is put into effect on. */
  record Served(Fleet fleet, Doors doors, Gateway gateway) {}

  /**
   * @param logs what the command line says about stderr
   * @param stopping fires when the program ends
   */
  Reload(
      Sallyport.Surroundings surroundings,
      ConfigFile file,
      Config current,
      Optional<LogConfig.Format> logs,
      Served served,
      Cancellation stopping) {
    this.surroundings = surroundings;
    this.file = file;
    this.current = current;
    this.logs = logs;
    this.served = served;
    this.stopping = stopping;
  }

  /** The file itself. */
  FileWatch.Watched ofFile() {
    return new FileWatch.Watched() {
      @Override
      public Seen seen() {
        return file.seen();
      }

      // One that is gone may be being replaced; what runs goes on.
      @Override
      public boolean wants(Seen others) {
        return others.isWhole();
      }

      @Override
      public void again() {
        run(Reload.this::read);
      }
    };
  }

  /** The files that its servers were opened with. */
  FileWatch.Watched ofServers() {
    return new FileWatch.Watched() {
      @Override
      public Seen seen() {
        return served.fleet().seen();
      }

      // Each server judges of its own.
      @Override
      public boolean wants(Seen others) {
        return true;
      }

      @Override
      public void again() {
        run(Reload.this::replace);
      }
    };
  }

  private interface Step {
    void run() throws CliFault, InterruptedException;
  }

  /** Says what came of it. */
  private void run(Step step) {
    if (stopping.isCancelled()) {
      return;
    }
    Screen screen = surroundings.screen();
    try {
      step.run();
    } catch (CliFault fault) {
      screen.fail(fault.about(file.name(), "what is served goes on as it was"));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException unexpected) {
      LOG.log(System.Logger.Level.ERROR, "reading the configuration again broke off", unexpected);
      screen.warn(file.name() + " was not put into effect; restart to be sure of what is served");
    } finally {
      Logging.use(LogSettings.of(current.log(), logs));
    }
  }

  private void read() throws CliFault, InterruptedException {
    Screen screen = surroundings.screen();
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
    if (change(sound.config()).isPresent()) {
      screen.done("reloaded", file.name() + ": " + String.join(", ", names(sound.config())));
    }
  }

  /** Those whose files are others, by the configuration there is. */
  private void replace() throws CliFault, InterruptedException {
    if (served.fleet().servers().stream().noneMatch(server -> server.files().haveChanged())) {
      return;
    }
    List<String> replaced =
        change(current).orElse(List.of()).stream().map(gone -> gone.config().name()).toList();
    if (!replaced.isEmpty()) {
      surroundings
          .screen()
          .done("reloaded", "certificates of " + String.join(", ", replaced) + " are others");
    }
  }

  /** Those that are in it no more; nothing when it took no effect, because the program ends. */
  private Optional<List<ConfiguredServer>> change(Config config)
      throws CliFault, InterruptedException {
    Logging.use(LogSettings.of(config.log(), logs)); // It counts for what new servers say already.
    Fleet fleet = served.fleet();
    Fleet.Change change = fleet.become(config);
    boolean wanted = false;
    try {
      if (fleet.settled(stopping)) {
        served
            .gateway()
            .change(
                fleet.routes(config, served.doors().sites()),
                config.limits().rate(),
                config.limits().drain());
        current = config;
        wanted = true;
      }
    } finally {
      if (!wanted) {
        fleet.undo(change); // The gateway leads to those of before.
      }
    }
    return wanted ? Optional.of(fleet.retire(change, config.limits().drain())) : Optional.empty();
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
    if (!other.issuers().equals(current.issuers())) {
      keys.add("issuers");
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
    if (keys.isEmpty() && !other.equals(reloadable(other))) {
      keys.add("what is not named here");
    }
    return keys;
  }

  /** What can be put into effect of another one; all else is as it was. */
  private Config reloadable(Config other) {
    ServingLimits now = current.limits();
    return new Config(
        current.listening(),
        current.admin(),
        current.telemetry(),
        new ServingLimits(now.maxBody(), other.limits().rate(), now.drain(), now.drainDelay()),
        other.log(),
        current.issuers(),
        other.servers(),
        other.disabled(),
        other.routes());
  }
}
