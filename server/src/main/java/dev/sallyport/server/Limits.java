package dev.sallyport.server;

import java.time.Duration;

/**
 * The bounds of a server; {@link #standard} suits most, and {@code with…} changes one.
 *
 * @param pageSize most entries of one page of a list
 * @param openCalls most calls that wait for an answer of their client's
 * @param openCallsPerCaller the same for one caller
 * @param answerWithin how long a question stays open
 * @param listeners most subscriptions to changes
 * @param running most calls whose code has not returned, wanted or not: code that ignores that it
 *     was cancelled must not pile up
 */
public record Limits(
    int pageSize,
    int openCalls,
    int openCallsPerCaller,
    Duration answerWithin,
    int listeners,
    int running) {
  public Limits {
    if (pageSize < 1 || openCalls < 0 || openCallsPerCaller < 0 || listeners < 0 || running < 1) {
      throw new IllegalArgumentException(
          "limits are not negative, a page holds something, and something runs");
    }
    if (!answerWithin.isPositive()) {
      throw new IllegalArgumentException("an answer needs time");
    }
  }

  public static Limits standard() {
    return new Limits(500, 1_000, 64, Duration.ofMinutes(10), 10_000, 4_096);
  }

  public Limits withPageSize(int most) {
    return new Limits(most, openCalls, openCallsPerCaller, answerWithin, listeners, running);
  }

  public Limits withOpenCalls(int most, int mostPerCaller) {
    return new Limits(pageSize, most, mostPerCaller, answerWithin, listeners, running);
  }

  public Limits withAnswerWithin(Duration time) {
    return new Limits(pageSize, openCalls, openCallsPerCaller, time, listeners, running);
  }

  public Limits withListeners(int most) {
    return new Limits(pageSize, openCalls, openCallsPerCaller, answerWithin, most, running);
  }

  public Limits withRunning(int most) {
    return new Limits(pageSize, openCalls, openCallsPerCaller, answerWithin, listeners, most);
  }
}
