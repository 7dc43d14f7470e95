package dev.sallyport.transport.stdio;

import dev.sallyport.protocol.Log;
import dev.sallyport.transport.LongWait;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes lines to a pipe from a platform thread of its own, so that a reader that has stopped
 * reading blocks nobody for longer than the deadline. Thread-safe; each line arrives whole, and the
 * lines of one thread arrive in its order.
 */
public final class LineWriter implements AutoCloseable {
  private static final Log LOG = Log.of(LineWriter.class);

  private final OutputStream out;
  private final int queueBytes;
  private final Duration deadline;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();

  /** Bytes that are queued or being written. */
  private long waiting;

  private boolean closed;
  private boolean broken;

  /**
   * @param queueBytes what may wait to be written; a longer line waits alone
   * @param deadline how long {@link #write} may wait for room, and {@link #close} for the rest
   */
  public LineWriter(OutputStream out, int queueBytes, Duration deadline, String threadName) {
    this.out = out;
    this.queueBytes = queueBytes;
    this.deadline = deadline;
    this.thread = Thread.ofPlatform().daemon().name(threadName).start(this::run);
  }

  /**
   * Queues one message; blocks while there is no room.
   *
   * @param jsonLine JSON text; a line break in it can only be white space and becomes a space
   * @return false when the pipe is closed or broken, or made no room within the deadline
   */
  public boolean write(byte[] jsonLine) {
    byte[] line = framed(jsonLine);
    long nanos = deadline.toNanos();
    lock.lock();
    try {
      while (!closed && !broken && waiting > 0 && waiting + line.length > queueBytes) {
        if (nanos <= 0) {
          return false;
        }
        nanos = LongWait.await(lock, room, nanos);
      }
      if (closed || broken) {
        return false;
      }
      queue.add(line);
      waiting += line.length;
      work.signal();
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets what is queued be written, then closes the pipe. When the other side takes nothing until
   * the deadline this returns all the same; the pipe is then closed as soon as it breaks, because
   * closing it under a blocked write would block as well.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(deadline)) {
        LOG.log(Level.DEBUG, "{0} is stuck in a write", thread.getName());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (out) {
      Optional<byte[]> line = take();
      while (line.isPresent()) {
        out.write(line.get());
        if (written(line.get().length)) {
          out.flush();
        }
        line = take();
      }
    } catch (IOException gone) {
      // The other side has closed the pipe or has ended. That is what false from write says.
      LOG.log(Level.DEBUG, "{0}: {1}", thread.getName(), gone.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      giveUp();
    }
  }

  /** The next line, or nothing when the writer was closed and all is written. */
  private Optional<byte[]> take() throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        work.await();
      }
      return Optional.ofNullable(queue.poll());
    } finally {
      lock.unlock();
    }
  }

  /** Makes room for as much; true when nothing else waits, and so it is time to flush. */
  private boolean written(int bytes) {
    lock.lock();
    try {
      waiting -= bytes;
      room.signalAll();
      return queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void giveUp() {
    lock.lock();
    try {
      broken = true;
      queue.clear();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static byte[] framed(byte[] json) {
    byte[] line = new byte[json.length + 1];
    for (int i = 0; i < json.length; i++) {
      byte b = json[i];
      line[i] = b == '\n' || b == '\r' ? (byte) ' ' : b;
    }
    line[json.length] = '\n';
    return line;
  }
}
