package dev.sallyport.gateway.config;

import java.time.Duration;
import java.util.Optional;

/** How often something is done; empty for not at all. */
record Interval(Optional<Duration> every) {}
