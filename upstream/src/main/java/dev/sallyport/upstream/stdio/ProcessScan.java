package dev.sallyport.upstream.stdio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All processes that ran at one moment, as Linux tells of them. Who wants to know shares the next
 * look with whoever else wants to know by then: hundreds of children that end together would else
 * read all of {@code /proc} hundreds of times.
 *
 * @param running parents before children is not promised
 */
record ProcessScan(List<Entry> running) {
  static final Path PROC = Path.of("/proc");
  static final boolean POSSIBLE = Files.isReadable(PROC.resolve("self/stat"));

  private static final byte[] VARIABLE =
      ("\0" + ProcessTree.MARK + "=").getBytes(StandardCharsets.US_ASCII);
  private static final Shared SHARED = new Shared();

  ProcessScan {
    running = List.copyOf(running);
  }

  /**
   * One process.
   *
   * @param mark the value of {@link ProcessTree#MARK} in its environment; empty when it has none or
   *     it is not ours to read
   */
  record Entry(long pid, long parent, long group, long session, String mark) {}

  /** Where scans come from. */
  interface Source {
    ProcessScan next() throws IOException, InterruptedException;
  }

  /** A scan that begins after this was called. */
  static ProcessScan next() throws IOException, InterruptedException {
    return SHARED.next();
  }

  /** Those that descend from a process, and what these have started. */
  Set<Long> descendants(long root) {
    Set<Long> found = new HashSet<>(Set.of(root));
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Entry entry : running) {
        grown |= found.contains(entry.parent()) && found.add(entry.pid());
      }
    }
    return found;
  }

  private static ProcessScan now() throws IOException {
    List<Entry> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path folder : folders) {
        read(folder).ifPresent(all::add);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new ProcessScan(all);
  }

  private static Optional<Entry> read(Path folder) {
    return stat(folder)
        .filter(Stat::running)
        .map(
            stat ->
                new Entry(stat.pid(), stat.parent(), stat.group(), stat.session(), mark(folder)));
  }

  private static String mark(Path folder) {
    try {
      String environment =
          "\0" + Files.readString(folder.resolve("environ"), StandardCharsets.ISO_8859_1);
      String variable = new String(VARIABLE, StandardCharsets.US_ASCII);
      int at = environment.indexOf(variable);
      int end = environment.indexOf('\0', at + 1);
      return at < 0
          ? ""
          : environment.substring(at + variable.length(), end < 0 ? environment.length() : end);
    } catch (IOException goneOrNotOurs) {
      return "";
    }
  }

  /** A few fields of /proc/PID/stat. */
  record Stat(long pid, char state, long parent, long group, long session) {
    /** One that waits to be reaped does not run. */
    boolean running() {
      return state != 'Z' && state != 'X';
    }
  }

  static Optional<Stat> stat(Path folder) {
    try {
      String line = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
      // The name in brackets may hold anything, brackets and spaces included.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", 5);
      return Optional.of(
          new Stat(
              Long.parseLong(folder.getFileName().toString()),
              fields[0].charAt(0),
              Long.parseLong(fields[1]),
              Long.parseLong(fields[2]),
              Long.parseLong(fields[3])));
    } catch (IOException | RuntimeException goneMeanwhile) {
      return Optional.empty();
    }
  }

  /** One scan at a time, for all who asked before it began. Thread-safe. */
  private static final class Shared {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition done = lock.newCondition();
    private long begun;
    private long ended;
    private boolean underWay;
    private ProcessScan latest = new ProcessScan(List.of());

    ProcessScan next() throws IOException, InterruptedException {
      lock.lockInterruptibly();
      try {
        long wanted = begun + 1;
        while (underWay && ended < wanted) {
          done.await();
        }
        if (ended >= wanted) {
          return latest;
        }
        underWay = true;
        begun++;
      } finally {
        lock.unlock();
      }
      return scan();
    }

    private ProcessScan scan() throws IOException {
      Optional<ProcessScan> made = Optional.empty();
      try {
        made = Optional.of(now());
        return made.get();
      } finally {
        lock.lock();
        try {
          // One that failed is over too; whoever waits gets the one before, or makes the next.
          made.ifPresent(scan -> latest = scan);
          ended = made.isPresent() ? begun : ended;
          underWay = false;
          done.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }
}
