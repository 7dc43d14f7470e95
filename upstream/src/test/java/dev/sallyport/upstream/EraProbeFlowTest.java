package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.stdio.ServerNotice;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the era of a server is found out, and what is said when there is none (CS-10, CS-11). */
final class EraProbeFlowTest {
  private final Fakes fakes = new Fakes();

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  private static UnaryOperator<UpstreamOptions> era(EraChoice era) {
    return options -> options.withEra(era);
  }

  private List<String> methodsReceived(UpstreamServer server, Fakes.Ask ask) throws Exception {
    return Json.parse(text(ask.of(server))).asArray().orElseThrow().stream()
        .map(line -> line.asObject().orElseThrow().string("method").orElseThrow())
        .toList();
  }

  private StartException refused(UnaryOperator<UpstreamOptions> change, String... quirks) {
    return Assertions.catchThrowableOfType(
        StartException.class, () -> fakes.server(change, quirks));
  }

  @Test
  void a_server_that_answers_discover_is_modern_and_keeps_the_probed_child() throws Exception {
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), "modern");

    assertThat(server.facts().era()).isEqualTo("modern");
    assertThat(server.facts().protocol()).isEqualTo(ProtocolVersion.LATEST_MODERN);
    assertThat(text(call("pid").of(server))).isEqualTo(Fakes.pid(server));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-32601", "-32602", "-32600", "-32000", "1", "result"})
  void any_other_answer_means_legacy_and_the_child_that_gave_it_is_greeted(String answer)
      throws Exception {
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), "probe=" + answer);

    assertThat(server.facts().era()).isEqualTo("legacy");
    assertThat(methodsReceived(server, call("received")))
        .startsWith("server/discover", "initialize", "notifications/initialized");
    assertThat(fakes.notices.stream().filter(ServerNotice.Started.class::isInstance)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"probe=exit", "probe=silent", "probed=exit", "probed=silent"})
  void a_child_that_does_not_stand_the_question_is_followed_by_a_fresh_one(String quirk)
      throws Exception {
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), quirk);

    assertThat(server.facts().era()).isEqualTo("legacy");
    // CS-20: the child that was probed is not the one that was greeted.
    assertThat(methodsReceived(server, call("received")))
        .startsWith("initialize", "notifications/initialized")
        .doesNotContain("server/discover");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-32020", "-32021"})
  void an_error_only_modern_servers_know_means_modern(String code) throws Exception {
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), "probe=" + code);

    assertThat(server.facts().era()).isEqualTo("modern");
    assertThat(methodsReceived(server, call("received"))).doesNotContain("initialize");
  }

  @Test
  void of_the_versions_an_error_names_a_modern_one_is_taken() throws Exception {
    UpstreamServer server =
        fakes.server(
            era(EraChoice.AUTO), "probe=unsupported", "versions=\"2099-01-01\",\"2026-07-28\"");

    assertThat(server.facts().protocol()).isEqualTo(ProtocolVersion.LATEST_MODERN);
  }

  @Test
  void a_server_that_names_only_handshake_versions_is_greeted() throws Exception {
    UpstreamServer server =
        fakes.server(era(EraChoice.AUTO), "probe=unsupported", "versions=\"2025-06-18\"");

    assertThat(server.facts().era()).isEqualTo("legacy");
  }

  @Test
  void a_server_that_names_no_version_of_ours_is_not_greeted() {
    StartException e = refused(era(EraChoice.AUTO), "probe=unsupported", "versions=\"2099-01-01\"");

    assertThat(e.failure()).isEqualTo(StartFailure.INCOMPATIBLE);
    assertThat(e).hasMessageContaining("2099-01-01");
  }

  @Test
  void a_modern_server_that_misses_the_probe_gets_another_chance(@TempDir Path folder)
      throws Exception {
    UpstreamServer server =
        fakes.server(era(EraChoice.AUTO), "modern", "slow-first=" + folder.resolve("seen"));

    assertThat(server.facts().era()).isEqualTo("modern");
  }

  @Test
  void a_pinned_legacy_server_is_not_probed() throws Exception {
    UpstreamServer server = fakes.server(era(EraChoice.LEGACY), "modern", "both");

    assertThat(server.facts().era()).isEqualTo("legacy");
    assertThat(methodsReceived(server, call("received"))).startsWith("initialize");
  }

  @Test
  void a_pinned_modern_server_is_never_greeted() {
    StartException e = refused(era(EraChoice.MODERN));

    assertThat(e.failure()).isEqualTo(StartFailure.REJECTED);
    assertThat(e).hasMessageContaining("-32601");
  }

  @Test
  void later_children_are_started_the_way_the_first_was() throws Exception {
    UpstreamServer legacy = fakes.server(era(EraChoice.AUTO));
    UpstreamServer modern = fakes.server(era(EraChoice.AUTO), "modern");
    call("pid").by(ALICE).of(legacy);
    call("pid").by(ALICE).of(modern);

    assertThat(methodsReceived(legacy, call("received").by(BOB))).startsWith("initialize");
    assertThat(methodsReceived(modern, call("received").by(BOB)))
        .containsExactly("server/discover", "tools/call");
  }

  @ParameterizedTest
  @CsvSource({"modern,legacy", "legacy,modern"})
  void a_release_of_the_other_era_is_found_at_the_next_start(
      String first, String second, @TempDir Path folder) throws Exception { // CS-12
    Path then = folder.resolve("then");
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), first, "then=" + then);
    assertThat(server.facts().era()).isEqualTo(first);
    text(call("pid").of(server));

    Files.writeString(then, second);
    List<String> received = methodsReceived(server, call("received").by(BOB));

    List<String> greeted =
        second.equals("modern") ? List.of() : List.of("initialize", "notifications/initialized");
    assertThat(received).startsWith("server/discover").containsAll(greeted).endsWith("tools/call");
    assertThat(received).hasSize(2 + greeted.size());
    assertThat(methodsReceived(server, call("received").by(ALICE))).contains("tools/call");
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void a_known_server_that_no_longer_comes_up_is_told_of_and_soon_not_started(
      String era, @TempDir Path folder) throws Exception {
    Path then = folder.resolve("then");
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), era, "then=" + then);
    text(call("pid").of(server));
    Files.writeString(then, "die=3");
    fakes.notices.clear();

    for (int i = 0; i < 10; i++) {
      assertThat(Fakes.failed(call("pid").by(BOB).of(server)).error().message())
          .isEqualTo("upstream unavailable");
    }

    assertThat(fakes.notice(ServerNotice.NotStarted.class).text()).contains("code 3");
    // Two processes a try at most, and three tries.
    assertThat(fakes.notices.stream().filter(ServerNotice.Started.class::isInstance))
        .hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void an_older_version_is_agreed_to() throws Exception {
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), "version=2024-11-05");

    assertThat(server.facts().protocol()).isEqualTo(ProtocolVersion.V2024_11_05);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-07-28", "2030-01-01", ""})
  void a_version_that_has_no_handshake_or_that_nobody_knows_is_not(String version) {
    StartException e = refused(era(EraChoice.AUTO), "version=" + version);

    assertThat(e.failure()).isEqualTo(StartFailure.INCOMPATIBLE);
  }

  @Test
  void banner_lines_before_the_first_message_are_skipped() throws Exception {
    UpstreamServer server = fakes.server(era(EraChoice.AUTO), "banner=3");

    assertThat(text(call("args").of(server))).isEqualTo("[\"banner=3\"]");
    assertThat(fakes.remark(Remark.Misbehaved.class).fault().name()).isEqualTo("NOT_A_MESSAGE");
  }

  @Test
  void a_server_that_dies_at_once_leaves_its_last_words() {
    StartException e = refused(era(EraChoice.AUTO), "die=3");

    assertThat(e.failure()).isEqualTo(StartFailure.DIED);
    assertThat(e.exitCode()).isEqualTo(OptionalInt.of(3));
    assertThat(e.lastStderr()).containsExactly("config file is missing", " [31mgiving up [0m");
    assertThat(e).hasMessageContaining("code 3").hasMessageContaining("giving up");
  }

  @Test
  void a_server_that_answers_the_handshake_with_an_error_is_rejected() {
    assertThat(refused(era(EraChoice.AUTO), "init=error").failure())
        .isEqualTo(StartFailure.REJECTED);
  }

  @Test
  void a_server_that_stays_silent_is_given_up_and_ended() {
    UpstreamOptions.Patience patience = Fakes.impatient().patience();
    UnaryOperator<UpstreamOptions> brief =
        options ->
            options.withPatience(
                new UpstreamOptions.Patience(
                    Duration.ofMillis(100),
                    Duration.ofMillis(100),
                    patience.call(),
                    patience.longestCall(),
                    patience.questions(),
                    patience.eof(),
                    patience.term()));

    assertThat(refused(brief, "probe=silent", "init=silent").failure())
        .isEqualTo(StartFailure.SILENT);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO,cat,sends our requests back",
    "LEGACY,cat,sends our requests back",
    "MODERN,cat,sends our requests back",
    "AUTO,yes,writes one line after the other that is no message"
  })
  void a_program_that_is_no_server_is_known_for_it_at_once(
      EraChoice era, String program, String what) {
    UpstreamOptions patient = UpstreamOptions.DEFAULT.withEra(era);
    long begun = System.nanoTime();

    StartException e =
        Assertions.catchThrowableOfType(
            StartException.class, () -> fakes.server(_ -> patient, ChildCommand.of(program)));

    assertThat(e.failure()).isEqualTo(StartFailure.NO_SERVER);
    assertThat(e).hasMessageContaining(what);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(patient.patience().probe());
  }

  @Test
  void a_command_that_is_not_there_is_not_found() {
    for (String missing : List.of("no-such-command-here", "/no/such/command", "./nothing")) {
      StartException e =
          Assertions.catchThrowableOfType(
              StartException.class,
              () -> fakes.server(options -> options, ChildCommand.of(missing)));

      assertThat(e.failure()).isEqualTo(StartFailure.NOT_FOUND);
      assertThat(e).hasMessage("command not found: " + missing);
    }
  }

  @Test
  void a_file_that_may_not_be_run_is_not_executable(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("server"), "#!/bin/sh\n");
    for (String found : List.of(file.toString(), folder.toString())) {
      StartException e =
          Assertions.catchThrowableOfType(
              StartException.class, () -> fakes.server(options -> options, ChildCommand.of(found)));

      assertThat(e.failure()).isEqualTo(StartFailure.NOT_EXECUTABLE);
    }
  }

  @Test
  void a_command_is_looked_up_on_the_childs_own_path(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("my-server"), "#!/bin/sh\nexit 5\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    ChildCommand command =
        new ChildCommand(
            List.of("my-server"), Map.of("PATH", folder.toString()), List.of(), Optional.empty());

    StartException e =
        Assertions.catchThrowableOfType(
            StartException.class, () -> fakes.server(options -> options, command));

    assertThat(e.failure()).isEqualTo(StartFailure.DIED);
    assertThat(e.exitCode()).isEqualTo(OptionalInt.of(5));
  }

  @Test
  void a_folder_that_is_not_there_is_named(@TempDir Path folder) {
    ChildCommand command =
        new ChildCommand(
            List.of("true"), Map.of(), List.of(), Optional.of(folder.resolve("missing")));

    StartException e =
        Assertions.catchThrowableOfType(
            StartException.class, () -> fakes.server(options -> options, command));

    assertThat(e.failure()).isEqualTo(StartFailure.NO_DIRECTORY);
  }
}
