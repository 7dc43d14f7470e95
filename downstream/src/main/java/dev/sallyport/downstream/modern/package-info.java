/**
 * Serves clients of 2026-07-28: every request stands for itself, with its version, capabilities and
 * state inside, and a client that leaves cancels. In come requests whose envelope was read; out go
 * replies with the HTTP status that fits, or an event stream when a notification comes first.
 *
 * <p>{@code ModernProtocol} is the ladder of checks and the making of an exchange, without any
 * transport: {@code ModernEndpoint} puts HTTP round it, and the stdio package a pipe.
 *
 * <p>Obeys basic/transports/streamable-http, basic/versioning, basic/patterns and
 * server/utilities/caching of 2026-07-28.
 */
@NullMarked
package dev.sallyport.downstream.modern;

import org.jspecify.annotations.NullMarked;
