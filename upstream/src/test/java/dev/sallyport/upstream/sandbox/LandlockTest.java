package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real one. On a kernel without it there is only one thing to hold: that it is not there. */
final class LandlockTest {
  @TempDir private Path folder = Path.of("");
  private Machine machine = new Machine(Path.of(""));

  @BeforeEach
  void make() throws IOException {
    machine = Machine.in(folder);
  }

  private record Ran(int code, String said) {}

  private Ran run(Path allowed, boolean write, String script) throws Exception {
    return run(List.of(new Allowance(allowed, allowed, write)), script);
  }

  private Ran run(List<Allowance> allowed, String script) throws Exception {
    View view =
        new View(
            allowed,
            List.of(machine.data()),
            Optional.empty(),
            Path.of("/"),
            true,
            OptionalLong.empty());
    Landlock.Rules rules =
        LandlockRules.of(view, Path.of(System.getProperty("java.home")), Optional.empty());
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script).redirectErrorStream(true);
    Process process = Landlock.here().orElseThrow().start(builder, rules);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }

  private static boolean here() {
    return Landlock.here().isPresent();
  }

  @Test
  void what_is_allowed_may_be_written_and_what_is_not_may_not_even_be_read() throws Exception {
    if (!here()) {
      return;
    }
    Path open = machine.folder("open");
    Path shut = machine.file("shut/file");

    assertThat(run(open, true, "echo x > " + open + "/made && cat " + open + "/made"))
        .isEqualTo(new Ran(0, "x\n"));
    assertThat(run(open, true, "cat " + shut).code()).isNotZero();
    assertThat(run(open, true, "echo x > " + shut).code()).isNotZero();
    assertThat(run(open, false, "echo x > " + open + "/more").code()).isNotZero();
    assertThat(open.resolve("more")).doesNotExist();
  }

  @Test
  void what_is_guarded_in_a_folder_that_may_be_written_may_only_be_read() throws Exception {
    if (!here()) {
      return;
    }
    Path open = machine.folder("open");
    Path kept = machine.folder("open/kept");
    machine.file("open/kept/program");
    machine.folder("open/beside");
    List<Allowance> allowed =
        Allowance.guard(
            List.of(new Allowance(open, open, true)),
            new Territory(Set.of(), Set.of(), Set.of(kept)));

    assertThat(run(allowed, "cat " + kept + "/program && echo x > " + open + "/beside/made").code())
        .isZero();
    assertThat(run(allowed, "echo x >> " + kept + "/program").code()).isNotZero();
    assertThat(run(allowed, "echo x > " + kept + "/made").code()).isNotZero();
  }

  @Test
  void the_system_may_be_read_and_run_and_not_written() throws Exception {
    if (!here()) {
      return;
    }
    Path open = machine.folder("open");

    assertThat(run(open, true, "ls /usr/bin > /dev/null && cat /etc/hosts > /dev/null").code())
        .isZero();
    assertThat(run(open, true, "echo x > /usr/sallyport-test").code()).isNotZero();
    assertThat(run(open, true, "cat /etc/shadow").code()).isNotZero();
  }

  @Test
  void of_a_folder_that_holds_our_own_all_else_is_allowed() throws Exception {
    if (!here()) {
      return;
    }
    machine.file("home/ann/notes/today");

    assertThat(run(machine.home(), true, "cat " + machine.home() + "/notes/today").code()).isZero();
    assertThat(run(machine.home(), true, "cat " + machine.data() + "/keys.db").code()).isNotZero();
    assertThat(run(machine.home(), true, "ls " + machine.data()).code()).isNotZero();
  }

  @Test
  void no_process_outside_can_be_signalled_and_its_own_can() throws Exception {
    if (!here()) {
      return;
    }
    Path open = machine.folder("open");

    assertThat(run(open, true, "kill -0 " + ProcessHandle.current().pid()).code()).isNotZero();
    assertThat(run(open, true, "sleep 60 & kill -9 $!").code()).isZero();
    assertThat(run(open, true, "grep NoNewPrivs /proc/self/status").said()).contains("1");
  }

  /**
   * A thread passes its restrictions on to the threads it makes. Java makes one to wait for the
   * process; no other may inherit them, above all no carrier of virtual threads.
   */
  @Test
  void nothing_else_of_this_program_is_restricted_by_it() throws Exception {
    if (!here()) {
      return;
    }
    Path open = machine.folder("open");
    List<FutureTask<Integer>> starts = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      FutureTask<Integer> start = new FutureTask<>(() -> run(open, true, "exit 0").code());
      starts.add(start);
      Thread.ofPlatform().start(start);
    }
    for (FutureTask<Integer> start : starts) {
      assertThat(start.get()).isZero();
    }

    assertThat(restricted()).allMatch(name -> name.startsWith("process reaper"));
    assertThat(Files.readString(machine.file("shut/file"))).isNotEmpty();
  }

  /** The names of our threads that have given up new privileges. */
  private static List<String> restricted() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        if (read(thread.resolve("status")).contains("NoNewPrivs:\t1")) {
          names.add(read(thread.resolve("comm")).trim());
        }
      }
    }
    return names;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException goneMeanwhile) {
      return "";
    }
  }

  @Test
  void a_choice_that_cannot_be_had_is_refused_and_auto_takes_the_next() throws Exception {
    ServerProgram program = machine.program(machine.folder("work"), "cat");

    assertThatThrownBy(() -> Sandbox.open(without(SandboxChoice.BWRAP), program))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> assertThat(e.lines()).last().asString().contains("apt install bubblewrap"));
    assertThatThrownBy(() -> Sandbox.open(without(SandboxChoice.STRICT), program))
        .isInstanceOf(SandboxException.class);
    try (Sandbox auto = Sandbox.open(without(SandboxChoice.AUTO), program)) {
      assertThat(auto.summary().kind()).isEqualTo(here() ? SandboxKind.LANDLOCK : SandboxKind.NONE);
      assertThat(auto.summary().missing()).contains("own view of processes");
      assertThat(auto.summary().warnings()).first().asString().contains("bubblewrap");
    }
    try (Sandbox none = Sandbox.open(without(SandboxChoice.NONE), program)) {
      assertThat(none.summary().kind()).isEqualTo(SandboxKind.NONE);
      assertThat(none.summary().warnings()).isEmpty();
    }
  }

  /** On a PATH on which there is nothing. */
  private SandboxSettings without(SandboxChoice choice) {
    return machine.settings(choice, machine.root().toString());
  }

  @Test
  void our_own_folder_cannot_be_allowed() {
    SandboxSettings settings =
        machine.settings(SandboxChoice.AUTO).withRead(List.of(machine.data()));

    assertThatThrownBy(() -> Sandbox.open(settings, machine.program(machine.home(), "cat")))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("keys");
  }

  @Test
  void a_child_has_a_home_and_a_temporary_folder_of_its_own_unless_it_was_given_others()
      throws Exception {
    if (!here()) {
      return;
    }
    ServerProgram program = machine.program(machine.folder("work"), "cat");
    try (Sandbox sandbox = Sandbox.open(machine.settings(SandboxChoice.LANDLOCK), program)) {
      Enclosure first = sandbox.enclose("m1", program.command(), program.environment());
      Path temporary = Path.of(String.valueOf(first.environment().get("TMPDIR")));

      assertThat(first.environment()).containsEntry("HOME", machine.data() + "/homes/notes");
      assertThat(temporary).startsWith(machine.root().resolve("tmp")).isDirectory();
      first.dissolve();
      assertThat(temporary).doesNotExist();
    }
    ServerProgram given =
        new ServerProgram(
            List.of("cat"),
            java.util.Map.of("HOME", "/given", "PATH", "/usr/bin:/bin"),
            java.util.Set.of("HOME"),
            machine.root());
    try (Sandbox sandbox = Sandbox.open(machine.settings(SandboxChoice.LANDLOCK), given)) {
      Enclosure child = sandbox.enclose("m1", given.command(), given.environment());

      assertThat(child.environment()).containsEntry("HOME", "/given");
      child.dissolve();
    }
  }
}
