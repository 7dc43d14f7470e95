/**
 * HTTP requests in, answers and event streams out. Vert.x is in here and nowhere else: above this
 * package a request is served by plain blocking code on a virtual thread of its own.
 *
 * <p>{@code HttpListener} owns the sockets. Its event loops refuse what no MCP client sends (see
 * {@code RequestHead} and {@code StrictRequestDecoder}), ask {@code HttpHandler.screen} whether the
 * body is worth reading, read it within its bound and its deadline, and then start one thread that
 * calls {@code HttpHandler.serve}. That thread answers through {@code HttpCall}: once, with a whole
 * {@code HttpAnswer} or with an {@code EventStream}. Peers that leave, read slowly or never finish
 * what they began cost a bounded amount of memory for a bounded time.
 *
 * <p>Obeys RFC 9110, 9112 and 9113, the event-stream format of the WHATWG HTML standard, and the
 * transport pages of the MCP specification as far as they speak of HTTP itself (SH-13, SH-14,
 * SH-16, SH-23).
 */
@NullMarked
package dev.sallyport.transport.http;

import org.jspecify.annotations.NullMarked;
