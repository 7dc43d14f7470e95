package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Log;
import dev.sallyport.transport.stdio.Line;
import dev.sallyport.transport.stdio.LineReader;
import dev.sallyport.upstream.wire.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A child's error output, read to the end whatever happens, since a full pipe would stop the child
 * (CS-04). The last lines are kept, and lines are passed on as long as they do not come too fast.
 * Thread-safe.
 */
final class ErrorOutput {
  private static final Log LOG = Log.of(ErrorOutput.class);
  private static final int LONGEST_LINE = 8 * 1024;
  private static final int LINES_KEPT = 40;
  private static final int BURST = 200;
  private static final int PER_SECOND = 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long pid;
  private final Consumer<ServerNotice> notices;
  private final CountDownLatch drained = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<byte[]> last = new ArrayDeque<>();

  // Confined to the thread that reads.
  private double allowance = BURST;
  private long refilled = System.nanoTime();
  private long skipped;

  ErrorOutput(long pid, Consumer<ServerNotice> notices) {
    this.pid = pid;
    this.notices = notices;
  }

  void drain(InputStream stderr) {
    Thread.ofPlatform()
        .name("sallyport-child-" + pid + "-err")
        .daemon(true)
        .start(() -> read(stderr));
  }

  /** The last lines, oldest first. */
  List<String> last() {
    lock.lock();
    try {
      return last.stream().map(ErrorOutput::printable).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything that was written has been read. */
  void await(long millis) throws InterruptedException {
    drained.await(millis, TimeUnit.MILLISECONDS);
  }

  private void read(InputStream stderr) {
    LineReader lines = new LineReader(stderr, LONGEST_LINE);
    try {
      while (true) {
        switch (lines.next()) {
          case Line.Text text -> take(text.utf8());
          case Line.TooLong tooLong ->
              take(("(a line of " + tooLong.bytes() + " bytes)").getBytes(StandardCharsets.UTF_8));
          case Line.End end -> {
            return;
          }
        }
      }
    } catch (IOException closed) {
      // The pipe went away with the process: the end, told differently.
      LOG.log(System.Logger.Level.DEBUG, "a child's error output: {0}", closed.getMessage());
    } finally {
      tellSkipped();
      drained.countDown();
    }
  }

  /** A flood is mostly thrown away: only what somebody sees is worth the work. */
  private void take(byte[] line) {
    lock.lock();
    try {
      if (last.size() == LINES_KEPT) {
        last.removeFirst();
      }
      last.addLast(line);
    } finally {
      lock.unlock();
    }
    if (allowed()) {
      tellSkipped();
      notices.accept(new ServerNotice.Stderr(pid, printable(line)));
    } else {
      skipped++;
    }
  }

  private static String printable(byte[] line) {
    return Printable.of(new String(line, StandardCharsets.UTF_8));
  }

  private boolean allowed() {
    long now = System.nanoTime();
    allowance = Math.min(BURST, allowance + (double) (now - refilled) / SECOND * PER_SECOND);
    refilled = now;
    if (allowance < 1) {
      return false;
    }
    allowance--;
    return true;
  }

  private void tellSkipped() {
    if (skipped > 0) {
      notices.accept(new ServerNotice.StderrSkipped(pid, skipped));
      skipped = 0;
    }
  }
}
