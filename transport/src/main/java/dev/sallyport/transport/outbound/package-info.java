/**
 * HTTP requests out, and what comes back piece by piece. A call is started by any thread, carried
 * out on an event loop, and read by one blocking thread at a time, which holds the peer back by not
 * reading: bytes wait within a bound, then the connection is no longer read.
 *
 * <p>{@code OutboundClient} keeps the connections. Nothing of a request but what its fields say is
 * sent; redirects are not followed, nothing is retried, cookies are not kept. A failure says
 * whether the request may have reached the peer, because only what cannot have had an effect may be
 * sent again (T13).
 *
 * <p>Used by {@code upstream}, and by whoever fetches what a peer or its metadata names. Obeys RFC
 * 9110, 9112, 9113.
 */
@NullMarked
package dev.sallyport.transport.outbound;

import org.jspecify.annotations.NullMarked;
