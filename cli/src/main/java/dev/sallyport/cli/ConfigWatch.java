package dev.sallyport.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Notices when a file is another one than before, or that somebody says so with SIGHUP. It is
 * looked at each second, which sees what notifications of the system do not: links that are
 * switched, as Kubernetes does, and folders of other machines. Two looks have to agree, because a
 * file may be read while it is being written. Thread-safe.
 */
final class ConfigWatch implements AutoCloseable {
  private final Path file;
  private final BlockingQueue<Boolean> asked = new ArrayBlockingQueue<>(1);
  private final Optional<Look> first;
  private volatile Optional<Thread> watcher = Optional.empty();

  /** What a look tells a file by; empty when it is not there. */
  private record Look(FileTime modified, long size, Optional<Object> key) {}

  private ConfigWatch(Path file) {
    this.file = file;
    this.first = look();
  }

  /**
   * To be begun with later; a signal that comes before is kept, and so is a change of the file. To
   * be called before the file is read.
   */
  static ConfigWatch of(Path file) {
    ConfigWatch watch = new ConfigWatch(file);
    HangUp.heed(watch::now);
    return watch;
  }

  /**
   * @param changed runs on a thread of the watch's own, once at a time
   */
  ConfigWatch begin(Runnable changed) {
    Thread begun =
        Thread.ofPlatform().name("sallyport-config-watch").daemon(true).start(() -> watch(changed));
    watcher = Optional.of(begun);
    return this;
  }

  /** Has it taken for changed, whether or not it seems to be. */
  void now() {
    asked.offer(Boolean.TRUE);
  }

  private void watch(Runnable changed) {
    Optional<Look> known = first;
    Optional<Look> before = known;
    try {
      while (true) {
        boolean wanted = asked.poll(1, TimeUnit.SECONDS) != null;
        Optional<Look> look = look();
        boolean another = look.isPresent() && look.equals(before) && !look.equals(known);
        if (wanted || another) {
          known = look;
          changed.run();
        }
        before = look;
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** What it has begun is done before anything else is closed. */
  private static void end(Thread watcher) {
    watcher.interrupt();
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Look> look() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Look(found.lastModifiedTime(), found.size(), Optional.ofNullable(found.fileKey())));
    } catch (IOException gone) {
      return Optional.empty(); // It may be being replaced; what runs goes on.
    }
  }

  @Override
  public void close() {
    watcher.ifPresent(ConfigWatch::end);
  }
}
