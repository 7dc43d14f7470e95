package dev.sallyport.upstream.stdio;

import dev.sallyport.upstream.sandbox.Enclosure;
import dev.sallyport.upstream.sandbox.Sandbox;
import dev.sallyport.upstream.wire.StartException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One running child: started without a shell, in a session and process group of its own where the
 * system has {@code setsid}, and ended with everything it started, on every way out (CS-01, CS-05).
 * Thread-safe.
 */
public final class ChildProcess {
  static final Optional<Path> SETSID = setsid();
  private static final long POLL_MILLIS = 10;
  private static final long EXIT_MILLIS = 5_000;
  private static final long ERRORS_MILLIS = 500;
  private static final long DISSOLVE_MILLIS = 1_500;

  private final Process process;
  private final ProcessTree tree;
  private final Launch launch;
  private final ErrorOutput errors;
  private final Enclosure enclosure;
  private final CountDownLatch exited = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * What to start and how long to be patient with its end.
   *
   * @param command the program and its arguments; no shell looks at them
   * @param environment all of it, but for the mark
   * @param sandbox what keeps it in
   * @param mark tells this child's processes from all others; random
   * @param eofGrace how long it may take to end by itself once its input is closed
   * @param termGrace how long it may take to end once it was told to
   */
  public record Launch(
      List<String> command,
      Map<String, String> environment,
      Sandbox sandbox,
      String mark,
      Optional<Path> directory,
      Duration eofGrace,
      Duration termGrace) {
    public Launch {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }

    /** Without arguments and values, which may be secrets. */
    @Override
    public String toString() {
      return "Launch[" + command.getFirst() + ", " + (command.size() - 1) + " arguments]";
    }

    /** As its environment has it. */
    private String markOfAll() {
      return ProcessStarter.mark() + mark;
    }

    /** By when a tree has ended, or will not: every step of ending it has its own limit. */
    private Duration longestEnd() {
      return eofGrace
          .plus(termGrace.multipliedBy(2))
          .plusMillis(EXIT_MILLIS + ERRORS_MILLIS + DISSOLVE_MILLIS);
    }
  }

  private ChildProcess(
      Process process, boolean leads, Launch launch, Enclosure enclosure, ErrorOutput errors) {
    this.process = process;
    tree = new ProcessTree(process.toHandle(), leads, enclosure.wrapped(), launch.markOfAll());
    this.launch = launch;
    this.enclosure = enclosure;
    this.errors = errors;
    // Java's own thread that sees a process end may be a restricted one, when the one that started
    // it was: it must not be what wakes a virtual thread, since that may make a carrier.
    Thread.ofPlatform().name("sallyport-child-" + pid() + "-wait").daemon(true).start(this::watch);
  }

  public static ChildProcess start(Launch launch, Consumer<ServerNotice> notices)
      throws StartException, InterruptedException {
    Path directory = launch.directory().orElse(Path.of("")).toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      throw StartException.noDirectory(directory);
    }
    String program = launch.command().getFirst();
    Executables.require(program, launch.environment(), directory);
    Enclosure enclosure = enclose(launch);
    boolean leads = SETSID.isPresent() && Signals.available();
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(
                    leads ? SETSID.stream().map(Path::toString) : Stream.empty(),
                    enclosure.command().stream())
                .toList());
    builder.directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(new HashMap<>(enclosure.environment()));
    builder.environment().put(ProcessTree.MARK, launch.markOfAll());
    boolean started = false;
    try {
      // setsid(1) does not fork here, because a child of ours never leads a group: the process id
      // we get is the program's own, and its group's.
      Process process = ProcessStarter.start(builder, enclosure, leads);
      started = true;
      ErrorOutput errors = new ErrorOutput(process.pid(), notices);
      ChildProcess child = new ChildProcess(process, leads, launch, enclosure, errors);
      LiveChildren.add(child);
      errors.drain(process.getErrorStream());
      notices.accept(new ServerNotice.Started(process.pid()));
      return child;
    } catch (IOException e) {
      throw failure(program, e);
    } finally {
      if (!started) {
        enclosure.dissolve();
      }
    }
  }

  private static Enclosure enclose(Launch launch) throws StartException {
    try {
      return launch.sandbox().enclose(launch.mark(), launch.command(), launch.environment());
    } catch (IOException e) {
      throw StartException.notEnclosed(String.valueOf(e.getMessage()));
    }
  }

  private static StartException failure(String program, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("error=2,")) {
      return StartException.notFound(program);
    }
    if (message.contains("error=13,") || message.contains("error=193,")) {
      return StartException.notExecutable(program);
    }
    return StartException.notStarted(program);
  }

  private static Optional<Path> setsid() {
    if (File.separatorChar != '/') {
      return Optional.empty();
    }
    return Stream.of("/usr/bin/setsid", "/bin/setsid", "/usr/local/bin/setsid")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  public long pid() {
    return process.pid();
  }

  InputStream stdout() {
    return process.getInputStream();
  }

  OutputStream stdin() {
    return process.getOutputStream();
  }

  /** The last lines of error output, oldest first. */
  public List<String> lastStderr() {
    return errors.last();
  }

  /** 128 + n for signal n; empty while it runs. */
  public OptionalInt exitCode() {
    return exited.getCount() > 0 ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  void awaitExit() throws InterruptedException {
    exited.await();
  }

  private void watch() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Nobody has this thread to interrupt it.
    } finally {
      exited.countDown();
    }
  }

  /**
   * Ends the tree: closes the input, waits, asks it to end, waits, kills. Whoever comes second
   * waits for the first, but not for ever: a process may be past killing.
   *
   * @param closeInput closes the child's input; may block as long as it likes
   */
  void stop(Runnable closeInput) throws InterruptedException {
    if (!stopping.compareAndSet(false, true)) {
      stopped.await(launch.longestEnd().toNanos(), TimeUnit.NANOSECONDS);
      return;
    }
    try {
      endTree(closeInput);
      // A dead process has an exit code only once the last of its threads is gone, which takes a
      // while on a busy machine.
      exited.await(EXIT_MILLIS, TimeUnit.MILLISECONDS);
      errors.await(ERRORS_MILLIS);
    } finally {
      LiveChildren.remove(this);
      ProcessStarter.ended(pid());
      enclosure.dissolve();
      stopped.countDown();
    }
  }

  private void endTree(Runnable closeInput) throws InterruptedException {
    try {
      tree.look();
      Thread.ofVirtual().name("sallyport-child-" + pid() + "-close").start(closeInput);
      exited.await(launch.eofGrace().toNanos(), TimeUnit.NANOSECONDS);
      tree.look();
      if (tree.running()) {
        tree.terminate();
        awaitEnd(launch.termGrace());
      }
    } finally {
      tree.look();
      if (tree.running()) {
        tree.kill();
        awaitEnd(launch.termGrace());
      }
    }
  }

  private void awaitEnd(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (tree.running() && System.nanoTime() < deadline) {
      // There is nothing to wait on for a process that is not our own child.
      stopped.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** For the end of this program: no patience, one signal. */
  void terminateNow() {
    tree.look();
    tree.terminate();
  }

  /** For the end of this program. */
  void killNow() {
    tree.look();
    tree.kill();
  }

  boolean treeRuns() {
    return tree.running();
  }
}
