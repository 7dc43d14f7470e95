package dev.sallyport.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.List;
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
  private static List<Path> broken() {
    throw new DirectoryIteratorException(new IOException("cannot be read"));
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
}
