package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a machine where bubblewrap is installed and does not work. */
final class SelectionTest {
  private static final String BROKEN =
      """
      #!/bin/sh
      [ "$1" = --help ] && echo '--size BYTES' && exit
      echo 'bwrap: No permissions to create new namespace' >&2
      exit 1
      """;

  @TempDir Path folder;
  private Machine machine = new Machine(Path.of("/"));
  private ServerProgram program = machine.program(Path.of("/"), "cat");

  @BeforeEach
  void setUp() throws IOException {
    machine = Machine.in(folder);
    program = machine.program(machine.folder("work"), "cat");
    Files.writeString(machine.file("tools/bwrap"), BROKEN);
  }

  private SandboxSettings settings(SandboxChoice choice) {
    return machine.settings(choice, machine.root().resolve("tools") + ":/usr/bin:/bin");
  }

  private List<Path> temporary() throws IOException {
    try (Stream<Path> all = Files.list(machine.root().resolve("tmp"))) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  @Test
  void one_in_which_nothing_runs_is_found_out_when_it_is_tried_and_the_next_taken()
      throws Exception {
    Sandbox likeliest = Sandbox.openUntried(settings(SandboxChoice.AUTO), program);
    assertThat(likeliest.summary().kind()).isEqualTo(SandboxKind.BWRAP);

    if (Landlock.here().isEmpty()) {
      assertThatThrownBy(likeliest::tried).isInstanceOf(SandboxException.class);
      return;
    }
    try (Sandbox working = likeliest.tried()) {
      assertThat(working).isNotSameAs(likeliest);
      assertThat(working.summary().kind()).isEqualTo(SandboxKind.LANDLOCK);
      assertThat(working.summary().warnings())
          .first()
          .asString()
          .contains("No permissions to create new namespace", "user namespaces");
      assertThat(working.tried()).isSameAs(working);
    }
    assertThat(temporary()).isEmpty();
  }

  @Test
  void without_a_next_one_it_is_refused_with_a_remedy_and_nothing_is_left() throws Exception {
    Sandbox likeliest = Sandbox.openUntried(settings(SandboxChoice.BWRAP), program);

    assertThatThrownBy(likeliest::tried)
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> assertThat(e.lines()).last().asString().contains("user namespaces"));
    assertThat(temporary()).isEmpty();
  }

  @Test
  void a_server_that_spoils_its_sandbox_is_not_let_out_of_it() throws Exception {
    SandboxSettings settings = settings(SandboxChoice.AUTO);
    SandboxSettings allowed =
        new SandboxSettings(
            settings.choice(),
            settings.limits(),
            List.of(),
            List.of(machine.folder("home/ann/docs/notes")),
            false,
            settings.account(),
            settings.places());
    Sandbox likeliest = Sandbox.openUntried(allowed, program);
    Path home = Files.createDirectories(machine.data().resolve("homes/notes"));
    Files.createSymbolicLink(home.resolve("docs"), Path.of("/etc"));

    assertThatThrownBy(likeliest::tried).isInstanceOf(SandboxException.class);
    assertThat(temporary()).isEmpty();
  }

  @Test
  void whoever_has_it_tried_at_once_gets_one_that_works() throws Exception {
    try (Sandbox working = Sandbox.open(settings(SandboxChoice.AUTO), program)) {
      assertThat(working.summary().kind()).isNotEqualTo(SandboxKind.BWRAP);
    }
    assertThatThrownBy(() -> Sandbox.open(settings(SandboxChoice.BWRAP), program))
        .isInstanceOf(SandboxException.class);
    assertThat(temporary()).isEmpty();
  }

  @Test
  void what_keeps_nothing_in_needs_no_trial() throws Exception {
    try (Sandbox none = Sandbox.openUntried(settings(SandboxChoice.NONE), program)) {
      assertThat(none.tried()).isSameAs(none);
    }
    assertThat(Sandbox.none().tried()).isSameAs(Sandbox.none());
  }
}
