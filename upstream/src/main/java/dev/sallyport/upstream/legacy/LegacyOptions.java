package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.wire.Watch;
import java.time.Duration;

/**
 * How legacy servers are dealt with.
 *
 * @param clientInfo who we say we are: the gateway, since a child outlives any one client program
 *     of its caller (2.1 row 16)
 * @param handshake how long a server may take to answer the handshake
 * @param housekeeping how long it may take to subscribe to a resource
 * @param window how long to wait for further questions after one (2.2.3)
 * @param listens subscriptions of exchanges at a time, of one child
 * @param uris resources one exchange can subscribe to
 * @param shared whether several callers use one child, so that what names no call is nobody's
 */
public record LegacyOptions(
    JsonObject clientInfo,
    Duration handshake,
    Duration housekeeping,
    Duration window,
    Watch watch,
    int listens,
    int uris,
    boolean shared) {}
