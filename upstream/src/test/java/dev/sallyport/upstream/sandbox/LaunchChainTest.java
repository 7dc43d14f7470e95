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
  private static final Account MCP = new Account("mcp", 998, 997, Path.of("/srv/mcp"));
  private static final ResourceLimits FEW = ResourceLimits.UNLIMITED.with("files=64").orElseThrow();

  private static LaunchChain chain(Optional<Account> account, LaunchChain.Privileges privileges) {
    return new LaunchChain(TOOLS, account, privileges, ProcessLimits.of(FEW, Set.of(), true));
  }

  @Test
  void group_then_user_then_bubblewrap_then_limits() {
    List<String> before =
        chain(Optional.of(MCP), LaunchChain.Privileges.KEPT)
            .before(List.of(Path.of("/g/cgroup.procs")), List.of("/b/bwrap", "--"));

    assertThat(before)
        .startsWith("/bin/sh", "-c")
        .endsWith(
            "sallyport-join",
            "/g/cgroup.procs",
            "--",
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
    assertThat(chain(Optional.empty(), LaunchChain.Privileges.KEPT).before(List.of(), List.of()))
        .containsExactly("/b/prlimit", "--core=0", "--nofile=64", "--");
  }

  @Test
  void root_gives_up_what_it_has() {
    assertThat(chain(Optional.empty(), LaunchChain.Privileges.NONE).before(List.of(), List.of()))
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
        chain(Optional.empty(), LaunchChain.Privileges.KEPT)
            .before(List.of(Path.of("/dev/null")), List.of());
    List<String> command = new java.util.ArrayList<>(before.subList(0, before.indexOf("--") + 1));
    command.addAll(List.of("printf", "%s|", "$(id)", "a b", "--", ";exit 3"));

    Process process = new ProcessBuilder(command).start();

    assertThat(
            new String(
                process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("$(id)|a b|--|;exit 3|");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void a_group_that_cannot_be_joined_ends_the_start() throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            chain(Optional.empty(), LaunchChain.Privileges.KEPT)
                .before(List.of(Path.of("/not/there")), List.of()));
    command.add("true");

    assertThat(new ProcessBuilder(command).start().waitFor()).isEqualTo(125);
  }
}
