package dev.sallyport.transport.stdio;

/** What {@link LineReader#next} found. */
public sealed interface Line {
  /**
   * A line that is not empty, without its end.
   *
   * @param utf8 the bytes as they came; whether they are UTF-8 is checked by whoever parses them
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Text(byte[] utf8) implements Line {}

  /**
   * A line beyond the bound. It was skipped, the next line can be read.
   *
   * @param bytes how long it was
   */
  record TooLong(long bytes) implements Line {}

  /**
   * The other side has closed the pipe.
   *
   * @param midLine whether it did so in the middle of a line, which is lost
   */
  record End(boolean midLine) implements Line {}
}
