package dev.sallyport.transport.stdio;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads lines from a pipe. Confined to one thread, which should be a platform thread: a silent pipe
 * blocks it.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class LineReader {
  /**
   * @param maxBytes the longest line, without its end
   */
  public LineReader(InputStream in, int maxBytes) {}

  /** Blocks for the next line that is not empty. After the end it keeps answering the end. */
  public Line next() throws IOException {
    throw new UnsupportedOperationException();
  }
}
