package dev.sallyport.upstream.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BubblewrapTest {
  private final Bubblewrap bubblewrap = new Bubblewrap(Path.of("/usr/bin/bwrap"), "--size BYTES");

  private static View view(List<Allowance> allowed, List<Path> masked, boolean network) {
    return new View(
        allowed,
        masked,
        Optional.of(new Allowance(Path.of("/home/ann"), Path.of("/own/home"), true)),
        Path.of("/work"),
        network,
        OptionalLong.of(1 << 20));
  }

  @Test
  void it_unshares_everything_and_ends_with_the_gateway() {
    assertThat(bubblewrap.arguments(view(List.of(), List.of(), false), false))
        .startsWith("/usr/bin/bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc")
        .contains("--unshare-uts", "--unshare-net", "--die-with-parent", "--cap-drop")
        .containsSequence("--ro-bind", "/usr", "/usr")
        .containsSequence("--size", "1048576", "--tmpfs", "/tmp")
        .containsSequence("--proc", "/proc", "--dev", "/dev", "--ro-bind")
        .containsSequence("--ro-bind", "/proc/sys", "/proc/sys")
        .containsSequence("--bind", "/own/home", "/home/ann")
        .endsWith("--dir", "/work", "--remount-ro", "/", "--chdir", "/work", "--")
        .doesNotContain("/etc", "/etc/shadow", "/etc/ssl", "--setenv", "--share-net");
  }

  @Test
  void the_network_is_there_when_it_is_allowed() {
    assertThat(bubblewrap.arguments(view(List.of(), List.of(), true), false))
        .doesNotContain("--unshare-net");
  }

  @Test
  void what_it_cannot_do_is_not_asked_of_it() {
    Bubblewrap old = new Bubblewrap(Path.of("/usr/bin/bwrap"), "");

    assertThat(old.arguments(view(List.of(), List.of(), false), true))
        .doesNotContain("--size", "--disable-userns");
    assertThat(
            new Bubblewrap(Path.of("/usr/bin/bwrap"), "--disable-userns")
                .arguments(view(List.of(), List.of(), false), true))
        .contains("--disable-userns");
  }

  @Test
  void what_is_masked_is_covered_where_it_would_be_seen(@TempDir Path folder) throws IOException {
    Path data = Machine.in(folder).data();
    Path home = folder.toRealPath().resolve("home/ann");
    Allowance there = new Allowance(home, home, true);
    Allowance elsewhere = new Allowance(Path.of("/linked"), home, false);

    List<String> arguments =
        bubblewrap.arguments(view(List.of(there, elsewhere), List.of(data), true), false);

    assertThat(arguments)
        .containsSequence("--bind", home.toString(), home.toString())
        .containsSequence("--ro-bind", home.toString(), "/linked")
        .containsSequence("--tmpfs", data.toString())
        .containsSequence("--tmpfs", "/linked/.local/share/sallyport");
    assertThat(bubblewrap.arguments(view(List.of(), List.of(data), true), false))
        .doesNotContain(data.toString());
  }
}
