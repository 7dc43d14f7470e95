package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a made-up tree: which groups there are, and what is written where. */
final class CgroupsTest {
  private static final long SELF = 4_711;
  private static final ResourceLimits LIMITS =
      ResourceLimits.DEFAULT.with("cpus=1.5").orElseThrow();

  @TempDir private Path folder = Path.of("");
  private Path own = Path.of("");
  private CgroupFiles files = CgroupFiles.OURS;

  @BeforeEach
  void make() throws IOException {
    own = Files.createDirectories(folder.resolve("fs/user.slice/ours"));
    Path proc = Files.createDirectories(folder.resolve("self"));
    files = new CgroupFiles(proc);
    Files.writeString(proc.resolve("cgroup"), "0::/user.slice/ours\n");
    Files.writeString(
        proc.resolve("mountinfo"),
        "30 20 0:1 / /proc rw - proc proc rw\n31 20 0:2 / "
            + folder.resolve("fs")
            + " rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
    write("cgroup.controllers", "cpu memory pids");
    write("cgroup.subtree_control", "");
    write("cgroup.procs", SELF + "\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(own.resolve(file), text);
  }

  private String read(String file) throws IOException {
    return Files.readString(own.resolve(file));
  }

  @Test
  void a_delegated_group_is_left_for_one_below_and_children_get_theirs_beside() throws IOException {
    Cgroups groups = Cgroups.open(files, LIMITS, SELF);
    ControlGroup child = groups.make("m1", LIMITS);

    assertThat(groups.limits())
        .containsExactlyInAnyOrder(Guarantee.MEMORY, Guarantee.PROCESS_LIMIT, Guarantee.CPUS);
    assertThat(read("sallyport-4711/gateway/cgroup.procs")).isEqualTo("4711");
    assertThat(read("cgroup.subtree_control")).startsWith("+");
    assertThat(read("sallyport-4711/child-m1/memory.max")).isEqualTo("2147483648");
    assertThat(read("sallyport-4711/child-m1/pids.max")).isEqualTo("256");
    assertThat(read("sallyport-4711/child-m1/cpu.max")).isEqualTo("150000 100000");
    assertThat(child.counts()).isTrue();
  }

  private Process waiting() throws IOException {
    return new ProcessBuilder("sh", "-c", "read -r _ && >" + folder.resolve("went-on")).start();
  }

  @Test
  void a_process_goes_on_when_its_group_has_taken_it_in() throws Exception {
    ControlGroup child = Cgroups.open(files, LIMITS, SELF).make("m1", LIMITS);
    Process process = waiting();

    child.takeIn(process);

    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("went-on")).exists();
    assertThat(read("sallyport-4711/child-m1/cgroup.procs"))
        .isEqualTo(Long.toString(process.pid()));
  }

  @Test
  void a_process_that_its_group_does_not_take_in_never_goes_on() throws Exception {
    ControlGroup gone = new ControlGroup(List.of(own.resolve("gone")));
    Process process = waiting();

    assertThatThrownBy(() -> gone.takeIn(process)).isInstanceOf(IOException.class);

    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("went-on")).doesNotExist();
  }

  @Test
  void a_group_that_others_are_in_is_left_alone() throws IOException {
    write("cgroup.procs", SELF + "\n4712\n");

    assertThat(Cgroups.open(files, LIMITS, SELF).limits()).isEmpty();
    assertThat(read("cgroup.subtree_control")).isEmpty();
  }

  @Test
  void others_in_it_do_not_matter_where_groups_below_are_limited_already() throws IOException {
    write("cgroup.procs", SELF + "\n4712\n");
    write("cgroup.subtree_control", "cpu memory pids");

    assertThat(Cgroups.open(files, LIMITS, SELF).limits()).hasSize(3);
  }

  @Test
  void only_what_was_delegated_is_held() throws IOException {
    write("cgroup.controllers", "hugetlb pids");

    assertThat(Cgroups.open(files, LIMITS, SELF).limits()).containsExactly(Guarantee.PROCESS_LIMIT);
  }

  @Test
  void version_1_has_a_tree_for_each_and_a_mount_may_show_a_part_of_it() throws IOException {
    Path memory = Files.createDirectories(folder.resolve("memory/below"));
    Files.writeString(files.proc().resolve("cgroup"), "4:memory:/box/below\n0::/\n");
    Files.writeString(
        files.proc().resolve("mountinfo"),
        "31 20 0:2 /box " + folder.resolve("memory") + " rw - cgroup cgroup rw,memory\n");

    Cgroups groups = Cgroups.open(files, LIMITS, SELF);
    groups.make("m1", LIMITS);

    assertThat(groups.limits()).containsExactly(Guarantee.MEMORY);
    assertThat(Files.readString(memory.resolve("sallyport-4711/child-m1/memory.limit_in_bytes")))
        .isEqualTo("2147483648");
  }

  @Test
  void what_is_mounted_elsewhere_is_not_ours() throws IOException {
    Files.writeString(files.proc().resolve("cgroup"), "4:memory:/other\n");
    Files.writeString(
        files.proc().resolve("mountinfo"),
        "31 20 0:2 /box " + folder.resolve("fs") + " rw - cgroup cgroup rw,memory\n");

    assertThat(Cgroups.open(files, LIMITS, SELF).limits()).isEmpty();
  }

  @Test
  void groups_of_dead_gateways_are_swept_and_those_of_live_ones_stay() throws IOException {
    Path dead = Files.createDirectories(own.resolve("sallyport-999999999/child-x"));
    long alive = ProcessHandle.current().pid();
    Path live = Files.createDirectories(own.resolve("sallyport-" + alive + "/child-x"));

    Cgroups.open(files, LIMITS, SELF);

    assertThat(dead.getParent()).doesNotExist();
    assertThat(live).exists();
  }

  @Test
  void nothing_is_made_when_nothing_is_wanted() {
    assertThat(Cgroups.open(files, ResourceLimits.UNLIMITED, SELF).limits()).isEmpty();
    assertThat(own.resolve("sallyport-4711")).doesNotExist();
  }
}
