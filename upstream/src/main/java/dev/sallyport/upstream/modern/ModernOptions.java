package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.wire.Watch;
import java.time.Duration;

/**
 * How modern servers are dealt with.
 *
 * @param clientInfo who we say we are when the client does not say who it is
 * @param acknowledgement how long a server may take to acknowledge a subscription
 */
public record ModernOptions(JsonObject clientInfo, Duration acknowledgement, Watch watch) {}
