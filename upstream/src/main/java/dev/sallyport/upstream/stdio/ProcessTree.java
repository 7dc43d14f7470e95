package dev.sallyport.upstream.stdio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A child and whatever it started, also what has left its process group, or has lost the parent
 * that linked it to the child. Found by three marks: descent, group or session, and on Linux a
 * variable of the environment that every process inherits unless it drops it on purpose. Not a
 * sandbox: a process that hides from all three survives. Thread-safe.
 */
final class ProcessTree {
  /** The environment variable that marks a tree. */
  static final String MARK = "SALLYPORT_CHILD";

  private static final System.Logger LOG = System.getLogger(ProcessTree.class.getName());
  private static final Path PROC = Path.of("/proc");
  private static final boolean LINUX = Files.isReadable(PROC.resolve("self/stat"));

  private final ProcessHandle root;
  private final boolean leads;
  private final boolean wrapped;
  private final byte[] mark;
  private final Listing listing;
  private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();

  /** Names the folders of all processes there are. */
  interface Listing {
    List<Path> now() throws IOException;
  }

  /**
   * @param leads whether the root leads a session and group of its own
   * @param wrapped whether the root and its only child are a sandbox's, round the program's own
   * @param mark the value of {@link #MARK} in its environment
   */
  ProcessTree(ProcessHandle root, boolean leads, boolean wrapped, String mark) {
    this(root, leads, wrapped, mark, ProcessTree::listed);
  }

  ProcessTree(ProcessHandle root, boolean leads, boolean wrapped, String mark, Listing listing) {
    this.root = root;
    this.wrapped = wrapped;
    this.listing = listing;
    this.leads = leads;
    this.mark = (MARK + "=" + mark).getBytes(StandardCharsets.UTF_8);
    seen.add(root);
  }

  /** Remembers everything that belongs to the tree now. */
  void look() {
    root.descendants().forEach(seen::add);
    if (!LINUX) {
      return;
    }
    try {
      for (Path process : listing.now()) {
        stat(process)
            .filter(stat -> stat.running() && (stat.isLedBy(root.pid()) || isMarked(process)))
            .flatMap(stat -> ProcessHandle.of(stat.pid()))
            .ifPresent(seen::add);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Without the list the other marks must do.
      LOG.log(System.Logger.Level.DEBUG, "processes cannot be listed: {0}", e.getMessage());
    }
  }

  private static List<Path> listed() throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
      folders.forEach(all::add);
    }
    return all;
  }

  /** Whether any process of the tree still runs; one that waits to be reaped does not. */
  boolean running() {
    return seen.stream().anyMatch(ProcessTree::runs);
  }

  void terminate() {
    if (wrapped) {
      // The group has the sandbox's own processes in it: they would end at once, and all that is
      // inside with them, before it could have heard.
      seen.stream()
          .filter(process -> runs(process) && !isWrapping(process))
          .forEach(ProcessHandle::destroy);
      return;
    }
    strays(Signals.TERM).forEach(ProcessHandle::destroy);
  }

  private boolean isWrapping(ProcessHandle process) {
    return process.equals(root) || process.parent().filter(root::equals).isPresent();
  }

  void kill() {
    strays(Signals.KILL).forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Signals the group; says who runs outside of it. Nobody gets a signal twice, which some programs
   * take for impatience.
   */
  private List<ProcessHandle> strays(int signal) {
    // Only while a known member lives: the group's id may be somebody else's afterwards.
    boolean signalled = leads && running() && Signals.toGroup(root.pid(), signal);
    return seen.stream()
        .filter(ProcessTree::runs)
        .filter(process -> !signalled || !isInGroup(process))
        .toList();
  }

  private boolean isInGroup(ProcessHandle process) {
    return stat(folder(process)).filter(stat -> stat.group() == root.pid()).isPresent();
  }

  private static Path folder(ProcessHandle process) {
    return PROC.resolve(Long.toString(process.pid()));
  }

  private static boolean runs(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    return !LINUX || stat(folder(process)).map(Stat::running).orElse(false);
  }

  private boolean isMarked(Path process) {
    try {
      byte[] environment = Files.readAllBytes(process.resolve("environ"));
      return contains(environment, mark);
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  private static boolean contains(byte[] text, byte[] part) {
    for (int at = 0; at + part.length <= text.length; at++) {
      if (java.util.Arrays.equals(text, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  /** Four fields of /proc/PID/stat. */
  private record Stat(long pid, char state, long group, long session) {
    boolean running() {
      return state != 'Z' && state != 'X';
    }

    boolean isLedBy(long leader) {
      return group == leader || session == leader;
    }
  }

  private static Optional<Stat> stat(Path process) {
    try {
      String line = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      // The name in brackets may hold anything, brackets and spaces included.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", 5);
      return Optional.of(
          new Stat(
              Long.parseLong(process.getFileName().toString()),
              fields[0].charAt(0),
              Long.parseLong(fields[2]),
              Long.parseLong(fields[3])));
    } catch (IOException | RuntimeException goneMeanwhile) {
      return Optional.empty();
    }
  }
}
