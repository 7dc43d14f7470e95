package dev.sallyport.gateway.telemetry;

import java.util.List;
import java.util.function.Supplier;

/**
 * Where spans and numbers are sent. Known by this name, so that whoever sends nothing loads nothing
 * of what sends. Thread-safe.
 */
public interface Export extends AutoCloseable {
  /** Writes exchanges down. */
  Spans spans();

  /**
   * Begins to send numbers, if any are wanted.
   *
   * @param families read each time they are due
   */
  void begin(Supplier<List<Family>> families);

  /** Sends what is left, as far as that is done soon. */
  @Override
  void close();
}
