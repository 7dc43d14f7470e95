package dev.sallyport.transport.stdio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads lines from a pipe. One carriage return before the line feed belongs to the end of the line;
 * empty lines are passed over. Confined to one thread, which should be a platform thread: a silent
 * pipe blocks it.
 */
public final class LineReader {
  private static final int CHUNK = 8 * 1024;

  private final InputStream in;
  private final int maxBytes;
  private final byte[] chunk = new byte[CHUNK];
  private int at;
  private int limit;
  private ByteArrayOutputStream line = new ByteArrayOutputStream(256);

  /** Bytes of the current line, also those that are not kept because it is too long. */
  private long length;

  private boolean endsWithReturn;
  private boolean ended;

  /**
   * @param maxBytes the longest line, without its end
   */
  public LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** Blocks for the next line that is not empty. After the end it keeps answering the end. */
  public Line next() throws IOException {
    while (true) {
      if (at == limit && !fill()) {
        return new Line.End(length > 0);
      }
      int end = at;
      while (end < limit && chunk[end] != '\n') {
        end++;
      }
      boolean complete = end < limit;
      int from = at;
      at = complete ? end + 1 : end;
      if (complete && length == 0 && end - from <= maxBytes) {
        int last = end > from && chunk[end - 1] == '\r' ? end - 1 : end;
        if (last > from) { // as a rule: all of it is here, and is copied once
          return new Line.Text(Arrays.copyOfRange(chunk, from, last));
        }
        continue;
      }
      append(from, end);
      if (complete) {
        Optional<Line> found = take();
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
  }

  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    int read = in.read(chunk, 0, CHUNK);
    if (read < 0) {
      ended = true;
      return false;
    }
    at = 0;
    limit = read;
    return true;
  }

  private void append(int from, int to) {
    if (from == to) {
      return;
    }
    length += to - from;
    endsWithReturn = chunk[to - 1] == '\r';
    // One byte more than the bound, because the last one may turn out to be part of the line's end.
    if (length <= maxBytes + 1L) {
      line.write(chunk, from, to - from);
    } else if (line.size() > 0) {
      line = new ByteArrayOutputStream(256);
    }
  }

  private Optional<Line> take() {
    long without = endsWithReturn ? length - 1 : length;
    byte[] kept = line.toByteArray();
    if (line.size() > CHUNK) {
      line = new ByteArrayOutputStream(256);
    } else {
      line.reset();
    }
    length = 0;
    endsWithReturn = false;
    if (without > maxBytes) {
      return Optional.of(new Line.TooLong(without));
    }
    return without == 0
        ? Optional.empty()
        : Optional.of(new Line.Text(Arrays.copyOf(kept, (int) without)));
  }
}
