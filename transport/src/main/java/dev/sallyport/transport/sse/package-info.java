/**
 * The reading side of server-sent events. Bytes of a {@code text/event-stream} body come in, cut
 * anywhere; complete events go out, with their data as the bytes that were sent.
 *
 * <p>Who reads a server's answers over HTTP calls it for every answer that is a stream. It obeys
 * the event-stream grammar and the processing rules of the WHATWG HTML standard (section 9.2), and
 * it bounds what a server can make us hold: one line and one event. The writing side is {@code
 * EventStream} in the package for HTTP.
 */
@NullMarked
package dev.sallyport.transport.sse;

import org.jspecify.annotations.NullMarked;
