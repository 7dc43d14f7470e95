package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LaunchChainTest {
  private static final Tools TOOLS =
      new Tools(
          Optional.of(Path.of("/b/bwrap")),
          Optional.of(Path.of("/b/prlimit")),
          Optional.of(Path.of("/b/setpriv")));
  private static final ControlGroup GROUP = new ControlGroup(List.of(Path.of("/g")));
  private static final Account MCP = new Account("mcp", 998, 997, Path.of("/srv/mcp"));
  private static final ResourceLimits FEW = ResourceLimits.UNLIMITED.with("files=64").orElseThrow();

  private static LaunchChain chain(Optional<Account> account, LaunchChain.Privileges privileges) {
    return new LaunchChain(TOOLS, account, privileges, ProcessLimits.of(FEW, Set.of(), true));
  }

  @Test
  void group_then_user_then_bubblewrap_then_limits() {
    List<String> before =
        chain(Optional.of(MCP), LaunchChain.Privileges.KEPT)
            .before(GROUP, List.of("/b/bwrap", "--"));

    assertThat(before)
        .startsWith("/bin/sh", "-c")
        .endsWith(
            "sallyport-wait",
            "/b/setpriv",
            "--reuid=998",
            "--regid=997",
            "--init-groups",
            "--no-new-privs",
            "--",
            "/b/bwrap",
            "--",
            "/b/prlimit",
            "--core=0",
            "--nofile=64",
            "--");
  }

  @Test
  void what_is_not_needed_is_not_there() {
    assertThat(
            chain(Optional.empty(), LaunchChain.Privileges.KEPT)
                .before(ControlGroup.NONE, List.of()))
        .containsExactly("/b/prlimit", "--core=0", "--nofile=64", "--");
  }

  @Test
  void root_gives_up_what_it_has() {
    assertThat(
            chain(Optional.empty(), LaunchChain.Privileges.NONE)
                .before(ControlGroup.NONE, List.of()))
        .startsWith("/b/setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--");
  }

  @Test
  void what_a_group_holds_is_not_limited_again_and_what_is_counted_for_all_is_not_at_all() {
    assertThat(
            ProcessLimits.of(ResourceLimits.DEFAULT, Set.of(Guarantee.MEMORY), false).arguments())
        .noneMatch(argument -> argument.startsWith("--data") || argument.startsWith("--nproc"));
    assertThat(ProcessLimits.of(ResourceLimits.DEFAULT, Set.of(), true).holds())
        .contains(Guarantee.MEMORY, Guarantee.PROCESS_LIMIT, Guarantee.FILES);
  }

  @Test
  void the_shell_takes_its_data_for_data() throws Exception {
    List<String> before =
        chain(Optional.empty(), LaunchChain.Privileges.KEPT).before(GROUP, List.of());
    List<String> command =
        new java.util.ArrayList<>(before.subList(0, before.indexOf("sallyport-wait") + 1));
    command.addAll(List.of("printf", "%s|", "$(id)", "a b", "--", ";exit 3"));

    Process process = new ProcessBuilder(command).start();
    process.outputWriter().append('\n').flush();

    assertThat(
            new String(
                process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("$(id)|a b|--|;exit 3|");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void what_waits_takes_one_line_of_input_and_leaves_the_rest() throws Exception {
    List<String> before =
        chain(Optional.empty(), LaunchChain.Privileges.KEPT).before(GROUP, List.of());
    List<String> command =
        new java.util.ArrayList<>(before.subList(0, before.indexOf("sallyport-wait") + 1));
    command.add("cat");

    Process process = new ProcessBuilder(command).start();
    process.outputWriter().append("\nfirst\nsecond\n").close();

    assertThat(process.inputReader().lines()).containsExactly("first", "second");
  }

  @Test
  void what_waits_ends_with_its_input() throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            chain(Optional.empty(), LaunchChain.Privileges.KEPT).before(GROUP, List.of()));
    command.add("true");

    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();

    assertThat(process.waitFor()).isNotZero();
  }
}
