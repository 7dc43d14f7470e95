package dev.sallyport.upstream.stdio;

import java.time.Duration;

/**
 * How much of one child's traffic is held at a time.
 *
 * @param lineBytes the longest line it may write; longer ones are skipped
 * @param queueBytes what may wait for it to read
 * @param writeDeadline how long it may read nothing while that much waits, before it is given up
 * @param calls requests in progress at a time
 * @param notifications that may wait for one exchange
 * @param notificationBytes of all of them
 * @param garbage lines in a row that are no message, before it is given up (CS-03)
 */
public record WireBounds(
    int lineBytes,
    int queueBytes,
    Duration writeDeadline,
    int calls,
    int notifications,
    int notificationBytes,
    int garbage) {
  public static final WireBounds DEFAULT =
      new WireBounds(16 << 20, 8 << 20, Duration.ofSeconds(10), 256, 256, 1 << 20, 1_000);
}
