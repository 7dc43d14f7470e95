/**
 * HTTP requests out, and what comes back piece by piece. A call is started by any thread, carried
 * out on an event loop, and read by one blocking thread at a time, which holds the peer back by not
 * reading: bytes wait within a bound, then the connection is no longer read.
 *
 * <p>{@code OutboundClient} is the way in: it finds the addresses ({@code Resolver}), has a {@code
 * Pool} give the call's {@code Dispatch} a connection, or {@code Connector} make one, perhaps
 * through an {@code OutboundProxy}. Nothing of a request but what its fields say is sent; redirects
 * are not followed, nothing that was written is sent again, cookies are not kept. A failure says
 * whether the request may have reached the peer, because only what cannot have had an effect may be
 * sent again (T13).
 *
 * <p>{@code GuardedFetch} is the one way to what somebody else has named, a peer or its metadata
 * (OC-20, GW-14, AS-04): {@code UrlRule} judges each URL, {@code AddressRule} each address.
 *
 * <p>Used by {@code upstream}, and by whoever fetches what a peer or its metadata names. Obeys RFC
 * 9110, 9112, 9113.
 */
@NullMarked
package dev.sallyport.transport.outbound;

import org.jspecify.annotations.NullMarked;
