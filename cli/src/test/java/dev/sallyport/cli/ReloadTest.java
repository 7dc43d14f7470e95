package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a file, taken one by one, under real servers. */
final class ReloadTest {
  @TempDir Path folder;
  private final HttpEngine engine = HttpEngine.begin();
  private ServeFolder serving = new ServeFolder(Path.of(""));

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
    try (Running running = Running.begin(serving, engine)) {
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
    try (Running running = Running.begin(serving, engine)) {
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
    try (Running running = Running.begin(serving, engine)) {
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
    try (Running running = Running.begin(serving, engine)) {
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
      assertThat(running.fleet().servers()).containsExactly(one);
      serving.write("callers: anyone", serving.servers("one", "two"));
      assertThat(running.readAgain()).contains("✓ reloaded");
      assertThat(running.names()).containsExactly("one", "two");
      assertThat(running.server("one")).isSameAs(one);
    }
  }

  @Test
  void the_log_follows_what_took_effect_and_nothing_else() throws Exception {
    try (Running running = Running.begin(serving, engine)) {
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
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer one = running.server("one");
      running.stopping().cancel();
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
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer one = running.server("one");
      assertThat(running.reload().ofServers().seen()).isEqualTo(Seen.NOTHING);
      assertThat(running.lookAtFiles()).isEmpty();
      assertThat(running.server("one")).isSameAs(one);
    }
  }

  private static boolean logs(System.Logger.Level level) {
    return System.getLogger("dev.sallyport.anything").isLoggable(level);
  }

  private int begun(String name) throws IOException {
    return serving.begun(name);
  }
}
