package dev.sallyport.gateway.config;

import dev.sallyport.gateway.Limits;
import java.time.Duration;

/**
 * How much callers may ask, and how long they have at the end.
 *
 * @param maxBody bytes of one request body
 * @param drain how long calls in progress have once it is told to stop
 * @param drainDelay how long it still takes new ones before that, while it says that it is not
 *     ready: for whoever leads callers here to notice
 */
public record ServingLimits(int maxBody, Limits.Bounds rate, Duration drain, Duration drainDelay) {}
