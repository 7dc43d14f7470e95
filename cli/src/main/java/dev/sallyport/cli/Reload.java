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
import java.util.concurrent.Semaphore;

/**
 * Puts a changed configuration into effect while the old one serves: all of it or nothing. Servers
 * that are the same go on as they are; new ones are tried first, so that nobody waits for them;
 * those that went end when their calls have. One that works goes on until what replaces it is up,
 * for a while. One change at a time. Thread-safe.
 */
final class Reload implements AutoCloseable {
  private static final Log LOG = Log.of(Reload.class);

  private final Sallyport.Surroundings surroundings;
  private final ConfigFile file;
  private final Optional<LogConfig.Format> logs;
  private final Served served;
  private final Cancellation stopping;

  /** For one change at a time: most come from the watch of files, some from who waits here. */
  private final Semaphore turn = new Semaphore(1);

  private final Successions successions;
  private Config current;

  /** Files of servers as they were before a try that came to nothing; they are not tried again. */
  private volatile Seen tried = Seen.NOTHING;

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
    this.successions = new Successions(surroundings.screen(), () -> run(this::advance));
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
        return served.fleet().seen().and(tried);
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

  private void run(Step step) {
    try {
      turn.acquire();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      if (!stopping.isCancelled()) {
        runAlone(step);
      }
    } finally {
      turn.release();
    }
  }

  /** Says what came of it. */
  private void runAlone(Step step) {
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
    Fleet fleet = served.fleet();
    tried = fleet.seen().now();
    if (fleet.places().stream().noneMatch(place -> place.wanted().files().haveChanged())) {
      return;
    }
    List<String> replaced =
        change(current).stream()
            .flatMap(
                change ->
                    fleet.places().stream()
                        .filter(place -> place.isOfAnother(change.before(place))))
            .map(place -> place.serving().config().name())
            .toList();
    if (!replaced.isEmpty()) {
      surroundings
          .screen()
          .done("reloaded", "certificates of " + String.join(", ", replaced) + " are others");
    }
  }

  /** What it was; nothing when it took no effect, because the program ends. */
  private Optional<Fleet.Change> change(Config config) throws CliFault, InterruptedException {
    Logging.use(LogSettings.of(config.log(), logs)); // It counts for what new servers say already.
    Fleet fleet = served.fleet();
    Fleet.Change change = fleet.become(config);
    boolean wanted = false;
    try {
      if (fleet.settled(stopping)) {
        fleet.advance();
        lead(config);
        wanted = true;
      }
    } finally {
      if (!wanted) {
        fleet.undo(change); // The gateway leads to those of before.
      }
    }
    if (!wanted) {
      return Optional.empty();
    }
    tried = Seen.NOTHING;
    tookEffect(change);
    return Optional.of(change);
  }

  /** Servers that were waited for take their places. */
  private void advance() {
    Fleet fleet = served.fleet();
    Fleet.Change change = fleet.unchanged();
    if (!fleet.advance()) {
      return;
    }
    boolean led = false;
    try {
      lead(current);
      led = true;
    } finally {
      if (!led) {
        fleet.undo(change);
      }
    }
    tookEffect(change);
  }

  private void lead(Config config) {
    served
        .gateway()
        .change(
            served.fleet().routes(config, served.doors().sites()),
            config.limits().rate(),
            config.limits().drain());
    current = config;
  }

  private void tookEffect(Fleet.Change change) {
    served.fleet().places().forEach(place -> successions.follow(change.before(place), place));
    served.fleet().retire(change, current.limits().drain());
  }

  /** Nobody waits for a server any more, and nothing is changed. */
  @Override
  public void close() {
    successions.close();
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
