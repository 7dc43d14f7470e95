package dev.sallyport.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a look at the processes may come to. */
final class ProcessTreeTest {
  private final Process process = start();

  private static Process start() {
    try {
      return new ProcessBuilder("sleep", "1000").start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void nothing_is_left() throws Exception {
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  /** As when the list of processes cannot be read to its end. */
  private static ProcessScan broken() throws IOException {
    throw new IOException("cannot be read");
  }

  @Test
  void a_tree_is_ended_though_the_processes_cannot_be_listed() throws Exception {
    ProcessTree tree =
        new ProcessTree(process.toHandle(), false, false, "mark", ProcessTreeTest::broken);

    tree.look();
    assertThat(tree.running()).isTrue();
    tree.kill();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(tree.running()).isFalse();
  }

  @Test
  void what_wraps_the_program_is_killed_with_it_and_never_asked_to_end() throws Exception {
    String program = "trap 'echo asked; exit 7' TERM; echo here; while :; do sleep 0.05; done";
    Process wrapping =
        new ProcessBuilder(
                "sh", "-c", "sh -c 'sh -c \"$1\"; exit $?' inner \"$1\"; exit $?", "outer", program)
            .start();
    BufferedReader output = wrapping.inputReader(StandardCharsets.UTF_8);
    ProcessTree tree = new ProcessTree(wrapping.toHandle(), false, true, "mark");
    assertThat(output.readLine()).isEqualTo("here");

    tree.look();
    tree.terminate();

    assertThat(output.readLine()).isEqualTo("asked");
    assertThat(wrapping.waitFor()).isEqualTo(7);
  }
}
