package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.Credentials;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.LogConfig;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.ListenOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a file, taken one by one, under real servers. */
final class ReloadTest {
  private static final Optional<LogConfig.Format> TEXT = Optional.of(LogConfig.Format.TEXT);

  @TempDir Path folder;
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();
  private final Cancellation stopping = new Cancellation();
  private final HttpEngine engine = HttpEngine.begin();

  private ServeFolder serving = new ServeFolder(Path.of(""));

  /** Serves what a file says, as {@code serve} does. */
  private final class Running implements AutoCloseable {
    private final Fleet fleet;
    private final Gateway gateway;
    private final Reload reload;

    Running() throws Exception {
      Sallyport.Surroundings surroundings = surroundings();
      ConfigFile file = ConfigFile.named(serving.file().toString(), new ServeCommand(surroundings));
      Config config = file.read(surroundings).config();
      Doors doors = Doors.of(config.listening());
      fleet = new Fleet(surroundings, engine, Telemetry.NONE, false);
      fleet.become(config);
      gateway =
          Gateway.open(
              engine,
              new GatewayOptions(
                  ListenOptions.at("127.0.0.1", 0),
                  fleet.routes(config, doors.sites()),
                  Credentials.NOT_ASKED_FOR,
                  Optional.empty(),
                  List.of(),
                  config.limits().rate()),
              "me");
      assertThat(fleet.settled(new Cancellation())).isTrue();
      awaitToldOf(config.servers().size());
      reload =
          new Reload(
              surroundings, file, config, TEXT, new Reload.Served(fleet, doors, gateway), stopping);
    }

    /** A server is up a moment before that is said. */
    private void awaitToldOf(int servers) {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (said().split("✓ started", -1).length <= servers && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      assertThat(said().split("✓ started", -1)).hasSize(servers + 1);
    }

    /** Reads the file again, and returns what was said. */
    String readAgain() {
      remarks.reset();
      reload.ofFile().again();
      return said();
    }

    ConfiguredServer server(String name) {
      return fleet.servers().stream()
          .filter(one -> one.config().name().equals(name))
          .findFirst()
          .orElseThrow();
    }

    List<String> names() {
      return fleet.servers().stream().map(one -> one.config().name()).toList();
    }

    @Override
    public void close() {
      gateway.close();
      fleet.close();
    }
  }

  @BeforeEach
  void lay() throws IOException {
    serving = new ServeFolder(folder);
    serving.write("callers: anyone", serving.servers("one"));
  }

  @AfterEach
  void end() {
    engine.close();
    Logging.use(LogSettings.USUAL);
  }

  @Test
  void the_same_again_leaves_the_servers_alone() throws Exception {
    try (Running running = new Running()) {
      ConfiguredServer one = running.server("one");
      serving.write("callers: anyone", "  # a remark\n" + serving.servers("one"));
      assertThat(running.readAgain()).contains("✓ reloaded", ": one\n");
      assertThat(running.server("one")).isSameAs(one);
      assertThat(begun("one")).isEqualTo(1);
    }
  }

  @Test
  void a_server_that_is_another_one_is_replaced_and_its_neighbour_is_not() throws Exception {
    serving.write("callers: anyone", serving.servers("one", "two"));
    try (Running running = new Running()) {
      ConfiguredServer one = running.server("one");
      ConfiguredServer two = running.server("two");
      serving.write("callers: anyone", serving.servers("one", "two") + "    timeout: 70s\n");
      assertThat(running.readAgain()).contains("✓ reloaded");
      assertThat(running.server("one")).isSameAs(one);
      assertThat(running.server("two")).isNotSameAs(two);
      assertThat(running.server("two").standing().state()).isInstanceOf(Standing.State.Up.class);
      assertThat(begun("two")).isEqualTo(2);
    }
  }

  @Test
  void two_changes_in_a_row_come_to_the_last() throws Exception {
    try (Running running = new Running()) {
      serving.write("callers: anyone", serving.servers("one", "two"));
      running.readAgain();
      assertThat(running.names()).containsExactly("one", "two");
      serving.write("callers: anyone", serving.servers("three"));
      running.readAgain();
      assertThat(running.names()).containsExactly("three");
    }
  }

  @Test
  void a_wrong_file_a_missing_one_and_one_that_takes_a_restart_change_nothing() throws Exception {
    try (Running running = new Running()) {
      ConfiguredServer one = running.server("one");
      serving.write("callers: anyone", "  two: {comand: x}\n");
      assertThat(running.readAgain())
          .contains("did you mean command?", "what is served goes on as it was");
      Files.delete(serving.file());
      assertThat(running.readAgain())
          .contains("there is no configuration to read", "what is served goes on as it was");
      serving.write("callers: keys\nlimits: {drain: 5s}", serving.servers("one", "two"));
      assertThat(running.readAgain())
          .isEqualTo(
              "! "
                  + serving.file()
                  + ": a change of callers, limits.drain takes a restart; nothing was changed\n");
      assertThat(running.fleet.servers()).containsExactly(one);
      serving.write("callers: anyone", serving.servers("one", "two"));
      assertThat(running.readAgain()).contains("✓ reloaded");
      assertThat(running.names()).containsExactly("one", "two");
      assertThat(running.server("one")).isSameAs(one);
    }
  }

  @Test
  void the_log_follows_what_took_effect_and_nothing_else() throws Exception {
    try (Running running = new Running()) {
      Logging.use(LogSettings.USUAL);
      serving.write("callers: anyone\nlog: {level: debug, format: json}", serving.servers("one"));
      running.readAgain();
      assertThat(Logging.isJson()).as("the command line said text").isFalse();
      assertThat(logs(System.Logger.Level.DEBUG)).isTrue();
      assertThat(logs(System.Logger.Level.TRACE)).isFalse();
      serving.write("callers: keys\nlog: {level: trace}", serving.servers("one"));
      running.readAgain();
      assertThat(logs(System.Logger.Level.DEBUG)).isTrue();
      assertThat(logs(System.Logger.Level.TRACE)).isFalse();
      serving.write("callers: anyone", serving.servers("one"));
      running.readAgain();
      assertThat(logs(System.Logger.Level.DEBUG)).isFalse();
      assertThat(logs(System.Logger.Level.INFO)).isTrue();
    }
  }

  @Test
  void what_is_ending_takes_nothing_more() throws Exception {
    try (Running running = new Running()) {
      ConfiguredServer one = running.server("one");
      stopping.cancel();
      serving.write("callers: anyone", serving.servers("two"));
      assertThat(running.readAgain()).doesNotContain("reloaded");
      // Calls in progress still have to end well.
      assertThat(running.names()).containsExactly("one");
      assertThat(running.server("one")).isSameAs(one);
      assertThat(one.isRetired()).isFalse();
    }
  }

  @Test
  void servers_without_files_of_their_own_are_never_opened_again_for_them() throws Exception {
    try (Running running = new Running()) {
      ConfiguredServer one = running.server("one");
      assertThat(running.reload.ofServers().seen()).isEqualTo(Seen.NOTHING);
      remarks.reset();
      running.reload.ofServers().again();
      assertThat(said()).isEmpty();
      assertThat(running.server("one")).isSameAs(one);
    }
  }

  private static boolean logs(System.Logger.Level level) {
    return System.getLogger("dev.sallyport.anything").isLoggable(level);
  }

  private int begun(String name) throws IOException {
    return Files.readAllLines(folder.resolve("begun-" + name)).size();
  }

  private String said() {
    return remarks.toString(StandardCharsets.UTF_8);
  }

  private Sallyport.Surroundings surroundings() {
    return new Sallyport.Surroundings(
        Map.of(
            "PATH", System.getenv("PATH"), "SALLYPORT_DATA_DIR", folder.resolve("data").toString()),
        folder.toString(),
        System.getProperty("user.name"),
        new Screen(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false));
  }
}
