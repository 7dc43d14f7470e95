package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server gets because its operator named it, and what not although he did. */
final class DerivationTest {
  @TempDir private Path folder = Path.of("");
  private Machine machine = new Machine(Path.of(""));

  @BeforeEach
  void make() throws IOException {
    machine = Machine.in(folder);
  }

  private List<String> auto(ServerProgram program) {
    return machine.derived(SandboxChoice.AUTO, program);
  }

  @Test
  void the_folder_it_runs_in_may_be_read_and_written_if_it_is_named() throws IOException {
    assertThat(auto(machine.program(machine.folder("home/ann/work"), "cat")))
        .containsExactly("r home/ann/work");
    assertThat(auto(machine.program(machine.folder("home/ann/work"), "cat", ".")))
        .containsExactly("w home/ann/work");
  }

  @Test
  void what_sallyport_consists_of_is_never_written() throws IOException {
    Path program = machine.folder("home/ann/sallyport");
    machine.folder("home/ann/sallyport/notes");

    assertThat(auto(machine.program(program, "cat", "."))).containsExactly("r home/ann/sallyport");
    assertThat(auto(machine.program(program, "cat", "./notes")))
        .containsExactly("r home/ann/sallyport", "w home/ann/sallyport/notes");
    machine.file("home/ann/sallyport/cli/pom.xml");
    Path added = machine.folder("home/ann/sallyport/cli/target").resolve("added");
    assertThat(auto(machine.program(program, "cat", added.toString())))
        .containsExactly("r home/ann/sallyport", "r home/ann/sallyport/cli/target");
    SandboxSettings settings = machine.settings(SandboxChoice.AUTO);
    SandboxSettings all =
        new SandboxSettings(
            settings.choice(),
            settings.limits(),
            List.of(),
            List.of(machine.home()),
            false,
            settings.account(),
            settings.places());
    assertThat(
            Derivation.of(all, machine.program(Path.of("/"), "cat"), Territory.of(all)).allowed())
        .containsExactly(Allowance.write(machine.home()), Allowance.read(program));
  }

  @Test
  void what_a_server_consists_of_is_not_written_and_its_data_is() throws IOException {
    Path script = machine.file("srv/app/server.py");
    Path data = machine.file("srv/app/data/notes.db");
    Path plain = machine.file("srv/plain/start");

    assertThat(auto(machine.program(machine.home(), "python3", script.toString(), data.toString())))
        .containsExactly("r srv/app", "w srv/app/data");
    assertThat(auto(machine.program(machine.home(), "/usr/bin/python3.12", plain.toString())))
        .containsExactly("r srv/plain");
    assertThat(auto(machine.program(machine.home(), "notes-server", data.toString())))
        .containsExactly("w srv/app/data");
  }

  @Test
  void a_file_that_is_not_there_yet_may_be_made_unless_it_should_be_a_program() throws IOException {
    Path folder = machine.folder("srv/app");

    assertThat(auto(machine.program(machine.home(), "cat", folder.resolve("new.db").toString())))
        .containsExactly("w srv/app");
    assertThat(auto(machine.program(machine.home(), "node", folder.resolve("typo.mjs").toString())))
        .isEmpty();
  }

  @Test
  void the_home_folder_and_what_is_above_it_may_not() {
    assertThat(auto(machine.program(machine.home(), "cat"))).isEmpty();
    assertThat(auto(machine.program(machine.root().resolve("home"), "cat"))).isEmpty();
    assertThat(auto(machine.program(Path.of("/"), "cat"))).isEmpty();
  }

  @Test
  void folders_and_the_folders_of_files_among_the_arguments_may_be_written() throws IOException {
    machine.folder("data/notes");
    machine.file("data/base/orders.db");

    assertThat(
            auto(
                machine.program(
                    machine.home(),
                    "cat",
                    machine.root() + "/data/notes",
                    "--db=" + machine.root() + "/data/base/orders.db",
                    "--log=" + machine.root() + "/data/base/not-there-yet")))
        .containsExactly("w data/base", "w data/notes");
  }

  @Test
  void what_only_looks_like_a_path_is_none() {
    assertThat(
            auto(
                machine.program(
                    machine.home(), "cat", "--path=/mcp", "https://x.example/tmp", "-y", "\u0001")))
        .isEmpty();
  }

  @Test
  void of_a_file_in_the_home_folder_only_the_file_may_be_written() throws IOException {
    Path file = machine.file("home/ann/notes.md");

    assertThat(auto(machine.program(machine.home(), "cat", file.toString())))
        .containsExactly("w home/ann/notes.md");
  }

  @Test
  void the_home_folder_as_an_argument_is_not_shared_and_that_is_told() {
    SandboxSettings settings = machine.settings(SandboxChoice.AUTO);
    ServerProgram program =
        machine.program(machine.home(), "cat", machine.home().toString(), "/etc/passwd");

    Derivation.Outcome outcome = Derivation.of(settings, program, Territory.of(settings));

    assertThat(outcome.allowed()).containsExactly(Allowance.read(Path.of("/etc/passwd")));
    assertThat(outcome.remarks()).singleElement().asString().contains("--allow-write");
  }

  @Test
  void values_count_when_they_were_given_and_not_when_they_were_there() throws IOException {
    Path given = machine.folder("given");
    Path there = machine.folder("there");

    assertThat(
            auto(
                new ServerProgram(
                    List.of("cat"),
                    Map.of("GIVEN", given.toString(), "THERE", there.toString()),
                    Set.of("GIVEN"),
                    machine.home())))
        .containsExactly("w given");
  }

  @Test
  void a_program_brings_its_tool_and_a_script_its_project() throws IOException {
    machine.file("home/ann/.nvm/v22/bin/node");
    machine.file("home/ann/work/app/package.json");
    Path script = machine.file("home/ann/work/app/dist/index.js");

    assertThat(auto(machine.program(machine.home(), "node", script.toString())))
        .containsExactly("r home/ann/.nvm", "r home/ann/work/app");
  }

  @Test
  void what_env_sets_and_starts_counts_too() throws IOException {
    machine.file("home/ann/.nvm/v22/bin/node");
    machine.folder("data");

    assertThat(
            auto(
                machine.program(
                    machine.home(), "env", "FILE=" + machine.root() + "/data/new", "node")))
        .containsExactly("w data", "r home/ann/.nvm");
  }

  @Test
  void links_are_followed_and_interpreters_looked_up() throws IOException {
    machine.file("home/ann/.nvm/v22/bin/node");
    Path real = machine.file("home/ann/lib/node_modules/notes/cli.js");
    Path link = machine.folder("home/ann/.local/bin").resolve("notes");
    Files.createSymbolicLink(link, real);

    assertThat(auto(machine.program(machine.home(), link.toString())))
        .containsExactly("r home/ann/.nvm", "r home/ann/lib", "r home/ann/.local/bin");
  }

  @Test
  void sallyports_own_folder_is_never_derived() throws IOException {
    assertThat(
            auto(
                machine.program(
                    machine.data(), "cat", machine.data() + "/keys.db", machine.data().toString())))
        .isEmpty();
  }

  @Test
  void strict_has_the_program_and_nothing_else() throws IOException {
    machine.file("home/ann/.nvm/v22/bin/node");
    Path script = machine.file("home/ann/work/app/index.js");

    assertThat(
            machine.derived(
                SandboxChoice.STRICT,
                machine.program(machine.folder("home/ann/work"), "node", script.toString())))
        .containsExactly("r home/ann/.nvm");
  }
}
