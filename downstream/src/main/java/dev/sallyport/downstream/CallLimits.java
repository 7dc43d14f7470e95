package dev.sallyport.downstream;

import java.time.Duration;

/**
 * How much of the endpoint one caller may hold at a time, and all callers together.
 *
 * @param perCaller most requests of one caller being carried out; beyond it 429
 * @param total most requests being carried out; beyond it 503
 * @param listensPerCaller most {@code subscriptions/listen} streams of one caller; beyond it 429
 * @param listens most listen streams of all callers; beyond it 503
 * @param stateLife how long a {@code requestState} is good for (MR-07)
 * @param stateLength most characters of a {@code requestState}, sealed or received
 * @param schemaCallers callers whose mirrored tool parameters and server's name are remembered
 * @param schemaLife how long they are remembered without a list change
 */
public record CallLimits(
    int perCaller,
    int total,
    int listensPerCaller,
    int listens,
    Duration stateLife,
    int stateLength,
    int schemaCallers,
    Duration schemaLife) {
  public static final CallLimits DEFAULT =
      new CallLimits(
          64, 2_048, 16, 10_000, Duration.ofMinutes(10), 65_536, 1_000, Duration.ofMinutes(1));

  public CallLimits {
    if (perCaller < 1 || total < 1 || listensPerCaller < 1 || listens < 1 || schemaCallers < 1) {
      throw new IllegalArgumentException("every limit is at least 1");
    }
    if (!stateLife.isPositive() || !schemaLife.isPositive() || stateLength < 1_024) {
      throw new IllegalArgumentException(
          "lives are positive, and a state has at least 1024 characters");
    }
  }

  /** The same for all callers together; one caller may have all there is. */
  public CallLimits forOneCaller() {
    return new CallLimits(
        total, total, listens, listens, stateLife, stateLength, schemaCallers, schemaLife);
  }
}
