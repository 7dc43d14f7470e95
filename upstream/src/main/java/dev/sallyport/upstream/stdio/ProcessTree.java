package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  private static final Log LOG = Log.of(ProcessTree.class);

  private final ProcessHandle root;
  private final boolean leads;
  private final boolean wrapped;
  private final String mark;
  private final ProcessScan.Source scans;
  private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();

  /**
   * @param leads whether the root leads a session and group of its own
   * @param wrapped whether the root and its only child are a sandbox's, round the program's own
   * @param mark the value of {@link #MARK} in its environment
   */
  ProcessTree(ProcessHandle root, boolean leads, boolean wrapped, String mark) {
    this(root, leads, wrapped, mark, ProcessScan::next);
  }

  ProcessTree(
      ProcessHandle root, boolean leads, boolean wrapped, String mark, ProcessScan.Source scans) {
    this.root = root;
    this.wrapped = wrapped;
    this.scans = scans;
    this.leads = leads;
    this.mark = mark;
    seen.add(root);
  }

  /** Remembers everything that belongs to the tree now. */
  void look() {
    if (!ProcessScan.POSSIBLE) {
      root.descendants().forEach(seen::add);
      return;
    }
    try {
      ProcessScan scan = scans.next();
      Set<Long> family = scan.descendants(root.pid());
      scan.running().stream()
          .filter(process -> family.contains(process.pid()) || isOurs(process))
          .flatMap(process -> ProcessHandle.of(process.pid()).stream())
          .forEach(seen::add);
    } catch (IOException e) {
      // Without the list the links of parents must do.
      LOG.log(System.Logger.Level.DEBUG, "processes cannot be listed: {0}", e.getMessage());
      root.descendants().forEach(seen::add);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      root.descendants().forEach(seen::add);
    }
  }

  private boolean isOurs(ProcessScan.Entry process) {
    return process.group() == root.pid()
        || process.session() == root.pid()
        || process.mark().equals(mark);
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
    return ProcessScan.stat(folder(process)).filter(stat -> stat.group() == root.pid()).isPresent();
  }

  private static Path folder(ProcessHandle process) {
    return ProcessScan.PROC.resolve(Long.toString(process.pid()));
  }

  private static boolean runs(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    return !ProcessScan.POSSIBLE
        || ProcessScan.stat(folder(process)).map(ProcessScan.Stat::running).orElse(false);
  }
}
