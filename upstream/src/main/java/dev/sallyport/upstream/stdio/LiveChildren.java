package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Log;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Every child of this program that has not been ended, so that none is left when the program ends
 * without having closed its servers: by {@code System.exit}, a signal, or an error. What no hook
 * sees, {@code kill -9}, is the {@link Watchdog}'s. Thread-safe.
 */
public final class LiveChildren {
  private static final Log LOG = Log.of(LiveChildren.class);
  private static final long PATIENCE_MILLIS = 1_000;
  private static final long POLL_MILLIS = 10;
  private static final Set<ChildProcess> LIVE = ConcurrentHashMap.newKeySet();

  private static final Thread HOOK =
      Thread.ofPlatform().name("sallyport-last").unstarted(LiveChildren::end);

  static {
    try {
      Runtime.getRuntime().addShutdownHook(HOOK);
    } catch (IllegalStateException tooLate) {
      LOG.log(System.Logger.Level.DEBUG, "first used while the program ends");
    }
  }

  private LiveChildren() {}

  static void add(ChildProcess child) {
    LIVE.add(child);
  }

  static void remove(ChildProcess child) {
    LIVE.remove(child);
  }

  /** Whether a watchdog ends the children when not even a hook can. */
  public static boolean areWatched() {
    return ChildProcess.SETSID.isPresent() && Signals.available() && Watchdog.isPossible();
  }

  /** How many there are, for tests. */
  static int count() {
    return LIVE.size();
  }

  /** Prepares for children that are about to be started; returns at once. */
  public static void begin() {
    ProcessStarter.begin();
  }

  /**
   * Leaves the end to the program, which has a shutdown hook of its own that lets calls finish
   * first, and calls {@link #end} last. Hooks run all at once, so ours would not wait for it.
   */
  public static void leaveEndToProgram() {
    try {
      Runtime.getRuntime().removeShutdownHook(HOOK);
    } catch (IllegalStateException tooLate) {
      LOG.log(System.Logger.Level.DEBUG, "the program ends already, with our hook");
    }
  }

  /** Ends every child there is: asks, waits a moment, kills. */
  public static void end() {
    LIVE.forEach(ChildProcess::terminateNow);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (LIVE.stream().anyMatch(ChildProcess::treeRuns) && System.nanoTime() < deadline) {
        never.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LIVE.forEach(ChildProcess::killNow);
  }
}
