package dev.sallyport.upstream.sandbox;

import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The control groups of one child.
 *
 * @param folders one in each tree
 */
record ControlGroup(List<Path> folders) {
  private static final Log LOG = Log.of(ControlGroup.class);
  static final ControlGroup NONE = new ControlGroup(List.of());

  private static final int TRIES = 250;
  private static final long PAUSE_MILLIS = 2;

  ControlGroup {
    folders = List.copyOf(folders);
  }

  /** Whether there is anything in it that is counted or limited. */
  boolean counts() {
    return !folders.isEmpty();
  }

  /**
   * Takes a process in that waits for a line of input, and lets it go on. Done from outside, so
   * that the process needs no right to do it, which it would have for life.
   */
  void takeIn(Process process) throws IOException {
    try {
      for (Path folder : folders) {
        Files.writeString(processes(folder), Long.toString(process.pid()));
      }
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
      process.destroyForcibly();
      throw new IOException("its control group did not take it in: " + e.getMessage(), e);
    }
  }

  private static Path processes(Path folder) {
    return folder.resolve("cgroup.procs");
  }

  /** Ends what is left in them, which no mark of ours told, and removes them. */
  void remove() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try {
      for (Path folder : folders) {
        for (int tries = TRIES; !remove(folder) && tries > 0; tries--) {
          killAll(folder);
          // A process leaves its group a moment after it has ended, and nobody tells.
          never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void killAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<String> processes = Files.readString(processes(folder)).lines()) {
      processes
          .filter(pid -> pid.matches("[1-9][0-9]{0,17}"))
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
          .filter(process -> process.pid() != ProcessHandle.current().pid())
          .forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Whether it is gone. The files in it go with it. */
  static boolean remove(Path folder) {
    try {
      Files.deleteIfExists(folder);
      return true;
    } catch (IOException stillUsed) {
      LOG.log(System.Logger.Level.DEBUG, "a control group is still there: {0}", folder);
      return false;
    }
  }
}
