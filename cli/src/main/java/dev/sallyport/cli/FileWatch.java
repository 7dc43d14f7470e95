package dev.sallyport.cli;

import dev.sallyport.protocol.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Notices that files are others than those which are in use, or that somebody says so with SIGHUP.
 * They are looked at twice a second, which sees what notifications of the system do not: links that
 * are switched, as Kubernetes does, and folders of other machines. Two looks have to agree, because
 * a file may be read while it is being written, and one of two that go together comes before the
 * other. Thread-safe.
 */
final class FileWatch implements AutoCloseable {
  private static final Log LOG = Log.of(FileWatch.class);
  private static final long EACH_MILLIS = 500;
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final BlockingQueue<Boolean> asked = new ArrayBlockingQueue<>(1);
  private final long each;
  private volatile Optional<Thread> watcher = Optional.empty();

  /** What is made of some files. Asked on the watch's own thread, one at a time. */
  interface Watched {
    /** The files as they were before they were last read, whatever came of it. */
    Seen seen();

    /** Whether others are worth a try. */
    boolean wants(Seen others);

    /** Reads them again, and says what came of it. */
    void again();
  }

  private FileWatch(long each) {
    this.each = each;
  }

  static FileWatch alone() {
    return new FileWatch(EACH_MILLIS);
  }

  /** One that a signal speeds up; a signal that comes before it is begun is kept. */
  static FileWatch heeding() {
    FileWatch watch = alone();
    HangUp.heed(watch::now);
    return watch;
  }

  /**
   * @param each milliseconds from look to look
   */
  static FileWatch every(long each) {
    return new FileWatch(each);
  }

  /** Without anything to watch it stays as it is. */
  FileWatch begin(List<? extends Watched> all) {
    if (!all.isEmpty()) {
      watcher =
          Optional.of(
              Thread.ofPlatform()
                  .name("sallyport-file-watch")
                  .daemon(true)
                  .start(() -> watch(List.copyOf(all))));
    }
    return this;
  }

  /** Has them read again, whether or not they seem to be others. */
  void now() {
    asked.offer(Boolean.TRUE);
  }

  private void watch(List<Watched> all) {
    List<Seen> before = new ArrayList<>(all.stream().map(Watched::seen).toList());
    Set<Path> gone = new HashSet<>();
    try {
      while (true) {
        boolean wanted = asked.poll(each, TimeUnit.MILLISECONDS) != null;
        for (int i = 0; i < all.size(); i++) {
          Watched one = all.get(i);
          Seen inUse = one.seen();
          Seen now = inUse.now();
          boolean settled = now.equals(before.set(i, now));
          boolean wants = one.wants(now);
          if (settled) {
            tell(now, wants, gone);
          }
          if (wanted || (settled && !now.equals(inUse) && wants)) {
            again(one);
          }
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Says once that a file is gone, and once that it is back.
   *
   * @param wanted whether they are read all the same: whoever reads them says what is missing
   */
  private static void tell(Seen now, boolean wanted, Set<Path> gone) {
    now.looks()
        .forEach(
            (file, look) -> {
              if (look.isEmpty() && !wanted && gone.add(file)) {
                LOG.log(
                    System.Logger.Level.WARNING,
                    file + " is gone; what is served goes on as it was");
              } else if (look.isPresent() && gone.remove(file)) {
                LOG.log(System.Logger.Level.INFO, file + " is back");
              }
            });
  }

  /** What goes wrong with one file must not keep the others from being looked at. */
  private static void again(Watched one) {
    try {
      one.again();
    } catch (RuntimeException unexpected) {
      LOG.log(System.Logger.Level.ERROR, "a file that changed could not be taken", unexpected);
    }
  }

  /**
   * What it has begun is done before anything else is closed, unless it hangs: a disk elsewhere may
   * not answer, and calls in progress must not pay for that.
   */
  private static void end(Thread watcher) {
    watcher.interrupt();
    try {
      if (!watcher.join(LONGEST_END)) {
        LOG.log(System.Logger.Level.WARNING, "looking at files hangs; it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    watcher.ifPresent(FileWatch::end);
  }
}
