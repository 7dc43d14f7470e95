package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.wire.Watch;
import java.time.Duration;

/**
 * How modern servers are dealt with.
 *
 * @param clientInfo who we say we are when the client does not say who it is
 * @param shared whether several callers use one child, so that what names no call is nobody's
 * @param acknowledgement how long a server may take to acknowledge a subscription
 */
public record ModernOptions(
    JsonObject clientInfo, Duration acknowledgement, Watch watch, boolean shared) {}
