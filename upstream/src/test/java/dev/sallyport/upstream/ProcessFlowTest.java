package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.json;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.upstream.stdio.ServerNotice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child gets, and how it and all it started are ended (CS-01, CS-04, CS-05, CS-18). */
final class ProcessFlowTest {
  private static final Set<String> ALLOWED =
      Set.of(
          "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "TZ", "TMPDIR");

  private final Fakes fakes = new Fakes();

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  @Test
  void the_environment_is_an_allow_list_and_what_the_operator_names(@TempDir Path folder)
      throws Exception {
    ChildCommand plain = fakes.command();
    ChildCommand command =
        new ChildCommand(
            plain.command().stream()
                .map(
                    part ->
                        part.equals("target/test-classes")
                            ? Path.of(part).toAbsolutePath().toString()
                            : part)
                .toList(),
            Map.of(
                "FAKE_CHILD_OF_THIS_RUN",
                plain.environment().get("FAKE_CHILD_OF_THIS_RUN"),
                "ADDED",
                "1 2"),
            List.of("NOT_SET_ANYWHERE"),
            Optional.of(folder));
    UpstreamServer server = fakes.server(options -> options, command);

    assertThat(json(text(call("env").of(server))).names())
        .contains("PATH", "ADDED")
        .allMatch(
            name ->
                ALLOWED.contains(name)
                    || name.startsWith("LC_")
                    || Set.of("ADDED", "FAKE_CHILD_OF_THIS_RUN", "SALLYPORT_CHILD").contains(name));
    assertThat(text(call("where").of(server))).isEqualTo(folder.toRealPath().toString());
  }

  @Test
  void no_shell_looks_at_the_arguments() throws Exception {
    UpstreamServer server = fakes.server("a b", "$(exit)", ";*", "'\"", "");

    assertThat(text(call("args").of(server)))
        .isEqualTo("[\"a b\",\"$(exit)\",\";*\",\"'\\\"\",\"\"]");
  }

  @Test
  void the_process_is_the_program_itself() throws Exception {
    UpstreamServer server = fakes.server();

    assertThat(text(call("pid").of(server))).isEqualTo(Fakes.pid(server));
  }

  @Test
  void a_child_ends_when_its_input_is_closed() throws Exception {
    UpstreamServer server = fakes.server();
    call("pid").of(server);

    server.close();

    assertThat(lastExit(server)).isEqualTo(OptionalInt.of(0));
  }

  @Test
  void a_child_that_ignores_that_is_asked_to_end() throws Exception {
    UpstreamServer server = fakes.server("ignore-eof");

    server.close();

    assertThat(lastExit(server)).isEqualTo(OptionalInt.of(128 + 15));
  }

  @Test
  void a_child_that_ignores_that_too_is_killed() throws Exception {
    UpstreamServer server = fakes.server("ignore-eof", "ignore-term");

    server.close();

    assertThat(lastExit(server)).isEqualTo(OptionalInt.of(128 + 9));
  }

  private OptionalInt lastExit(UpstreamServer server) throws InterruptedException {
    while (true) {
      ServerNotice.Exited exited = fakes.notice(ServerNotice.Exited.class);
      if (Long.toString(exited.pid()).equals(Fakes.pid(server))) {
        assertThat(exited.expected()).isTrue();
        return exited.exitCode();
      }
    }
  }

  @Test
  void what_a_child_started_ends_with_it() throws Exception {
    UpstreamServer server = fakes.server("grandchild", "escape");
    int before = fakes.running().size();

    server.close();

    assertThat(before).isGreaterThanOrEqualTo(3);
    Fakes.until("the tree is gone", () -> fakes.running().isEmpty());
  }

  @Test
  void what_a_child_started_ends_when_the_child_crashes() throws Exception {
    UpstreamServer server = fakes.server("grandchild", "escape");

    call("die").of(server);

    Fakes.until("the tree is gone", () -> fakes.running().isEmpty());
  }

  @Test
  void a_flood_of_error_output_blocks_nobody_and_is_passed_on_in_moderation() throws Exception {
    UpstreamServer server = fakes.server("stderr=1000000");

    assertThat(text(call("args").of(server))).isEqualTo("[\"stderr=1000000\"]");
    server.close();
    long passed =
        fakes.notices.stream().filter(notice -> notice instanceof ServerNotice.Stderr).count();
    assertThat(passed).isBetween(100L, 1_000L);
    assertThat(fakes.notices)
        .anyMatch(
            notice ->
                notice instanceof ServerNotice.StderrSkipped skipped && skipped.lines() > 1_000);
  }

  @Test
  void ending_all_children_leaves_none_and_later_calls_start_anew() throws Exception {
    UpstreamServer server = fakes.server("ignore-eof");
    call("pid").by(ALICE).of(server);
    call("pid").by(BOB).of(server);

    UpstreamServer.endAll();

    Fakes.until("all are gone", () -> fakes.running().isEmpty());
    // A process is gone a moment before its server is known to be.
    fakes.notice(ServerNotice.Exited.class);
    fakes.notice(ServerNotice.Exited.class);
    assertThat(text(call("args").by(ALICE).of(server))).isEqualTo("[\"ignore-eof\"]");
  }

  /** A program that opens a server and forgets it. */
  static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] args) throws Exception {
      UpstreamServer.open(
          "fake", new Fakes().command("ignore-eof", "grandchild"), Fakes.impatient());
      System.out.println("open");
      System.exit(0);
    }
  }

  @Test
  void a_program_that_exits_without_closing_leaves_no_child() throws Exception {
    Process program = run(Forgetful.class);
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEqualTo("open\n");
    assertThat(program.exitValue()).isZero();
    Fakes.until("its children are gone", () -> Fakes.runningOf(program.pid()).isEmpty());
  }

  /** A program that opens a server and waits to be killed. */
  static final class Doomed {
    private Doomed() {}

    public static void main(String[] args) throws Exception {
      UpstreamServer.open(
          "fake",
          new Fakes().command("ignore-eof", "ignore-term", "grandchild", "escape"),
          Fakes.impatient());
      System.out.println("open");
      System.in.read();
    }
  }

  @Test
  void a_program_that_is_killed_leaves_neither_its_children_nor_what_they_started()
      throws Exception {
    Process program = run(Doomed.class);
    assertThat(program.inputReader().readLine()).isEqualTo("open");
    assertThat(Fakes.runningOf(program.pid())).hasSizeGreaterThanOrEqualTo(3);
    List<ProcessHandle> all = program.toHandle().descendants().toList();

    program.destroyForcibly();

    Fakes.until("its children are gone", () -> Fakes.runningOf(program.pid()).isEmpty());
    Fakes.until("and the watchdog with them", () -> all.stream().noneMatch(ProcessFlowTest::runs));
  }

  /** What nobody has reaped yet does not run any more. */
  private static boolean runs(ProcessHandle process) {
    try {
      return !Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
          .matches("(?s).*\\) [ZX] .*");
    } catch (IOException gone) {
      return false;
    }
  }

  private static Process run(Class<?> program) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            program.getName())
        .redirectErrorStream(true)
        .start();
  }
}
