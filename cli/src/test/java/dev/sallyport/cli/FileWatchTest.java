package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWatchTest {
  private static final long OFTEN_MILLIS = 20;
  private static final long PATIENCE_SECONDS = 30;

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void lay() throws IOException {
    file = Files.writeString(folder.resolve("file"), "one");
  }

  /** Notes what it read, as one that uses files does. */
  private static class Reader implements FileWatch.Watched {
    private final List<Path> files;
    private final BlockingQueue<String> read = new ArrayBlockingQueue<>(100);
    private final AtomicInteger looks = new AtomicInteger();
    private volatile Seen seen;

    Reader(Path... files) {
      this.files = List.of(files);
      seen = Seen.of(this.files);
    }

    @Override
    public Seen seen() {
      looks.incrementAndGet();
      return seen;
    }

    @Override
    public boolean wants(Seen others) {
      return others.isWhole();
    }

    @Override
    public void again() {
      seen = seen.now();
      StringBuilder all = new StringBuilder();
      for (Path each : files) {
        try {
          all.append(Files.readString(each));
        } catch (IOException gone) {
          all.append("(gone)");
        }
      }
      read.add(all.toString());
    }

    String next() throws InterruptedException {
      Optional<String> next = Optional.ofNullable(read.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertThat(next).as("it was read again").isPresent();
      return next.get();
    }

    /** Waits until it has been looked at often enough to notice anything. */
    void looksOn() {
      int until = looks.get() + 5;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (looks.get() < until && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(looks.get()).isGreaterThanOrEqualTo(until);
    }

    void hasReadNothing() {
      looksOn();
      assertThat(read).isEmpty();
    }
  }

  private static FileWatch watch(FileWatch.Watched... all) {
    return FileWatch.every(OFTEN_MILLIS).begin(List.of(all));
  }

  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void a_file_that_stays_is_read_once_and_no_more() {
    Reader reader = new Reader(file);
    try (FileWatch _ = watch(reader)) {
      reader.hasReadNothing();
    }
  }

  @Test
  void a_file_that_is_written_or_replaced_by_another_is_read_again() throws Exception {
    Reader reader = new Reader(file);
    try (FileWatch _ = watch(reader)) {
      Files.writeString(file, "two");
      assertThat(reader.next()).isEqualTo("two");
      replace("three");
      assertThat(reader.next()).isEqualTo("three");
      reader.hasReadNothing();
    }
  }

  @Test
  void another_one_of_the_same_length_and_time_is_another_one() throws Exception {
    FileTime same = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, same);
    Reader reader = new Reader(file);
    try (FileWatch _ = watch(reader)) {
      Path next = Files.writeString(folder.resolve("next"), "two");
      Files.setLastModifiedTime(next, same);
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
      assertThat(reader.next()).isEqualTo("two");
    }
  }

  @Test
  void what_changed_between_being_read_and_being_watched_is_noticed() throws Exception {
    Reader reader = new Reader(file);
    replace("two");
    try (FileWatch _ = watch(reader)) {
      assertThat(reader.next()).isEqualTo("two");
    }
  }

  @Test
  void a_file_that_is_gone_is_waited_for() throws Exception {
    Reader reader = new Reader(file);
    try (FileWatch _ = watch(reader)) {
      Files.delete(file);
      reader.hasReadNothing();
      replace("back");
      assertThat(reader.next()).isEqualTo("back");
      reader.hasReadNothing();
    }
  }

  @Test
  void whoever_wants_to_know_that_a_file_is_gone_is_told_once() throws Exception {
    Reader reader =
        new Reader(file) {
          @Override
          public boolean wants(Seen others) {
            return true;
          }
        };
    try (FileWatch _ = watch(reader)) {
      Files.delete(file);
      assertThat(reader.next()).isEqualTo("(gone)");
      reader.hasReadNothing();
      replace("back");
      assertThat(reader.next()).isEqualTo("back");
    }
  }

  @Test
  void links_that_are_switched_are_followed() throws Exception {
    Path versions = Files.createDirectory(folder.resolve("versions"));
    for (String name : List.of("1", "2")) {
      Files.writeString(Files.createDirectory(versions.resolve(name)).resolve("tls.crt"), name);
      Files.writeString(versions.resolve(name).resolve("tls.key"), name);
    }
    Path data = Files.createSymbolicLink(folder.resolve("..data"), versions.resolve("1"));
    Path certificate = Files.createSymbolicLink(folder.resolve("crt"), data.resolve("tls.crt"));
    Path key = Files.createSymbolicLink(folder.resolve("key"), data.resolve("tls.key"));
    Reader reader = new Reader(certificate, key);
    try (FileWatch _ = watch(reader)) {
      Path next = Files.createSymbolicLink(folder.resolve("..next"), versions.resolve("2"));
      Files.move(next, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      assertThat(reader.next()).isEqualTo("22");
      reader.hasReadNothing();
    }
  }

  @Test
  void a_file_that_is_being_written_is_left_alone_until_it_rests() throws Exception {
    Reader reader = new Reader(file);
    AtomicBoolean writing = new AtomicBoolean(true);
    // Each look finds another file, as when it grows.
    FileWatch.Watched growing =
        new FileWatch.Watched() {
          private int length;

          @Override
          public Seen seen() {
            if (writing.get()) {
              write("x".repeat(++length));
            }
            return reader.seen();
          }

          @Override
          public boolean wants(Seen others) {
            return reader.wants(others);
          }

          @Override
          public void again() {
            reader.again();
          }
        };
    try (FileWatch _ = watch(growing)) {
      reader.hasReadNothing();
      reader.hasReadNothing();
      writing.set(false);
      assertThat(reader.next()).startsWith("x");
      reader.hasReadNothing();
    }
  }

  private void write(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_change_during_a_change_is_taken_afterwards() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Reader reader =
        new Reader(file) {
          @Override
          public void again() {
            super.again();
            begun.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (FileWatch _ = watch(reader)) {
      replace("two");
      begun.await();
      replace("three");
      goOn.countDown();
      assertThat(reader.next()).isEqualTo("two");
      assertThat(reader.next()).isEqualTo("three");
      reader.hasReadNothing();
    }
  }

  @Test
  void a_signal_has_all_read_again_whether_or_not_they_changed_and_counts_before_the_beginning()
      throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "other");
    Reader one = new Reader(file);
    Reader two = new Reader(other);
    FileWatch watch = FileWatch.every(OFTEN_MILLIS);
    watch.now();
    watch.now();
    try (FileWatch _ = watch.begin(List.of(one, two))) {
      assertThat(one.next()).isEqualTo("one");
      assertThat(two.next()).isEqualTo("other");
      one.hasReadNothing();
      watch.now();
      assertThat(two.next()).isEqualTo("other");
    }
  }

  @Test
  void only_those_are_read_whose_files_changed_and_one_that_breaks_leaves_the_others()
      throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "other");
    Reader breaking =
        new Reader(other) {
          @Override
          public void again() {
            super.again();
            throw new IllegalStateException("it broke");
          }
        };
    Reader reader = new Reader(file);
    try (FileWatch _ = watch(breaking, reader)) {
      Files.writeString(other, "another");
      assertThat(breaking.next()).isEqualTo("another");
      reader.hasReadNothing();
      replace("two");
      assertThat(reader.next()).isEqualTo("two");
      breaking.hasReadNothing();
    }
  }

  @Test
  void once_closed_it_looks_no_more() throws Exception {
    Reader reader = new Reader(file);
    FileWatch watch = watch(reader);
    reader.looksOn();
    watch.close();
    int looks = reader.looks.get();
    replace("two");
    watch.now();
    assertThat(reader.looks.get()).isEqualTo(looks);
    assertThat(reader.read).isEmpty();
  }

  @Test
  void nothing_to_watch_is_no_thread() {
    try (FileWatch _ = FileWatch.alone().begin(List.of())) {
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().equals("sallyport-file-watch"));
    }
  }
}
