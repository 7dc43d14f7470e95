/**
 * The way to servers over HTTP, as a {@code Wire} of each kind: {@code StatelessWire} (2026-07-28),
 * {@code SessionWire} (Streamable HTTP of the versions with a handshake) and {@code PairedWire}
 * (HTTP+SSE of 2024-11-05).
 *
 * <p>With the first two each call has a stream of its own, and whoever waits for the call reads it:
 * a client that takes nothing holds up the server, by TCP, and nobody else ({@code StreamInbox}).
 * What a server says there is about that call. Only the stream of a session, and that of
 * 2024-11-05, have a thread that reads for everybody.
 *
 * <p>Which kind a server is, {@code RemoteStarter} finds out. Obeys the transport pages of each
 * version; CH-01 to CH-29, CL-01 to CL-12.
 */
@NullMarked
package dev.sallyport.upstream.http;

import org.jspecify.annotations.NullMarked;
