package dev.sallyport.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Lines for stderr that nobody waits for. One thread writes them, each whole: a pipe that is not
 * read, or a full disk, holds up that thread and no caller. What finds no place, or cannot be
 * written, is counted, and told of when lines can be written again. Thread-safe.
 */
final class ErrorLines {
  /** Each of at most {@link EcsLine#MOST_BYTES}, or as long as its text. */
  static final int MOST_WAITING = 1_000;

  /** A lambda, because to name the method would load all of logging with this class. */
  static final ErrorLines OF_PROCESS =
      new ErrorLines(new FileOutputStream(FileDescriptor.err), missing -> Logging.leftOut(missing));

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final OutputStream out;
  private final LongFunction<String> leftOut;
  private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong missing = new AtomicLong();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Thread writer;

  private sealed interface Entry {
    record Line(String text) implements Entry {}

    /** Everything before it has been dealt with. */
    record Mark(CountDownLatch reached) implements Entry {}
  }

  /**
   * @param leftOut the line that says how many are missing
   */
  ErrorLines(OutputStream out, LongFunction<String> leftOut) {
    this.out = out;
    this.leftOut = leftOut;
    // A write that blocks pins a virtual thread's carrier, and must not keep the JVM.
    writer = Thread.ofPlatform().daemon(true).name("sallyport-stderr").unstarted(this::run);
  }

  /** Returns at once. The thread begins with the first line: most commands have none. */
  void write(String line) {
    if (!waiting.offer(new Entry.Line(line))) {
      missing.incrementAndGet();
    }
    if (begun.compareAndSet(false, true)) {
      writer.start();
    }
  }

  /** Waits until what has been said is written, for a moment: before a program ends. */
  void flush() {
    flush(LAST_WORDS);
  }

  /** Whether it is, within the limit. */
  boolean flush(Duration limit) {
    if (!begun.get()) {
      return true;
    }
    long until = System.nanoTime() + limit.toNanos();
    CountDownLatch reached = new CountDownLatch(1);
    try {
      return waiting.offer(new Entry.Mark(reached), limit.toNanos(), TimeUnit.NANOSECONDS)
          && reached.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    try {
      boolean whole = true;
      while (true) {
        switch (waiting.take()) {
          case Entry.Line(String text) -> whole = written(text, whole);
          case Entry.Mark(CountDownLatch reached) -> reached.countDown();
        }
      }
    } catch (InterruptedException unwanted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @param whole whether the last attempt left no part of a line
   */
  private boolean written(String line, boolean whole) {
    try {
      if (!whole) {
        out.write('\n');
      }
      out.write(bytes(line));
    } catch (IOException cannot) {
      missing.incrementAndGet(); // There is no other place to say so.
      return false;
    }
    long lines = missing.getAndSet(0);
    if (lines == 0) {
      return true;
    }
    try {
      out.write(bytes(leftOut.apply(lines)));
      return true;
    } catch (IOException again) {
      missing.addAndGet(lines);
      return false;
    }
  }

  private static byte[] bytes(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
