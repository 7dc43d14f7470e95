package dev.sallyport.gateway.config;

import dev.sallyport.gateway.Limits;
import java.time.Duration;

/**
 * How much callers may ask, and how long they have at the end.
 *
 * @param maxBody bytes of one request body
 * @param drain how long calls in progress have once it is told to stop
 */
public record ServingLimits(int maxBody, Limits.Bounds rate, Duration drain) {}
