package dev.sallyport.downstream.stdio;

import dev.sallyport.downstream.CallLimits;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.ProtocolVersion.Era;
import java.time.Duration;
import java.util.Set;

/**
 * What is served over a pipe, and how much of it.
 *
 * @param eras which eras are served; at least one
 * @param lineBytes the longest message that is read
 * @param queueBytes what may wait to be written
 * @param writeDeadline how long a client may leave its end unread
 * @param concurrent most requests being carried out
 * @param grace how long requests may still go on after the input ended, before they are cancelled
 */
public record StdioOptions(
    Set<Era> eras,
    JsonBounds json,
    int lineBytes,
    int queueBytes,
    Duration writeDeadline,
    int concurrent,
    Duration grace,
    CallLimits calls,
    SessionLimits sessions) {
  private static final int MIB = 1 << 20;

  /** Both eras, with every default. */
  public static final StdioOptions DEFAULT =
      new StdioOptions(
          Set.of(Era.values()),
          JsonBounds.DEFAULT,
          4 * MIB,
          8 * MIB,
          Duration.ofSeconds(30),
          256,
          Duration.ofMillis(300),
          CallLimits.DEFAULT,
          SessionLimits.DEFAULT);

  public StdioOptions {
    eras = Set.copyOf(eras);
    if (eras.isEmpty()) {
      throw new IllegalArgumentException("a pipe serves at least one era");
    }
    if (lineBytes < 1 || queueBytes < 1 || concurrent < 1) {
      throw new IllegalArgumentException("every limit is at least 1");
    }
    if (!writeDeadline.isPositive() || grace.isNegative()) {
      throw new IllegalArgumentException("times are not negative");
    }
  }

  public StdioOptions withEras(Set<Era> other) {
    return new StdioOptions(
        other, json, lineBytes, queueBytes, writeDeadline, concurrent, grace, calls, sessions);
  }

  public StdioOptions withConcurrent(int most) {
    return new StdioOptions(
        eras, json, lineBytes, queueBytes, writeDeadline, most, grace, calls, sessions);
  }

  public StdioOptions withLineBytes(int longest) {
    return new StdioOptions(
        eras, json, longest, queueBytes, writeDeadline, concurrent, grace, calls, sessions);
  }

  public StdioOptions withSessions(SessionLimits other) {
    return new StdioOptions(
        eras, json, lineBytes, queueBytes, writeDeadline, concurrent, grace, calls, other);
  }
}
