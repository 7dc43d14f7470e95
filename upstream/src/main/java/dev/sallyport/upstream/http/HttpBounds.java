package dev.sallyport.upstream.http;

import java.time.Duration;

/**
 * How much of a server's traffic over HTTP is held at a time.
 *
 * @param textBytes of one message: the body of an answer, or an event
 * @param calls requests in progress at a time, subscriptions among them
 * @param notifications that wait for one exchange beside its stream
 * @param notificationBytes of all of them
 * @param accept how long a server may take to accept a notification, or an answer of ours
 */
public record HttpBounds(
    int textBytes, int calls, int notifications, int notificationBytes, Duration accept) {
  public static final HttpBounds DEFAULT =
      new HttpBounds(16 << 20, 12_000, 256, 1 << 20, Duration.ofSeconds(10));
}
