package dev.sallyport.transport.stdio;

import java.io.OutputStream;
import java.time.Duration;

/**
 * Writes lines to a pipe from a platform thread of its own, so that a reader that has stopped
 * reading blocks nobody for longer than the deadline. Thread-safe; each line arrives whole.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class LineWriter implements AutoCloseable {
  /**
   * @param queueBytes what may wait to be written; a longer line waits alone
   * @param deadline how long {@link #write} may wait for room, and {@link #close} for the rest
   */
  public LineWriter(OutputStream out, int queueBytes, Duration deadline, String threadName) {}

  /**
   * Queues one message; blocks while there is no room.
   *
   * @param jsonLine JSON text; a line break in it can only be white space and becomes a space
   * @return false when the pipe is closed or broken, or made no room within the deadline
   */
  public boolean write(byte[] jsonLine) {
    throw new UnsupportedOperationException();
  }

  /** Lets what is queued be written, within the deadline, then closes the pipe. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
