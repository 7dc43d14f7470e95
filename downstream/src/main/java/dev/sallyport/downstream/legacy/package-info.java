/**
 * Serves clients of the versions with a handshake. In come their messages; each request becomes an
 * exchange in the modern form, and what the handler returns is put back into the form of the
 * client's version: results and errors are converted, questions become requests of our own on the
 * call's stream, changes come from listens made on the client's behalf.
 *
 * <p>{@code LegacySession} is all of that without a transport. {@code LegacyEndpoint} puts
 * Streamable HTTP round it: sessions that belong to a caller, streams that can be resumed, batches.
 * {@code LegacyPipe} puts a pipe round it, for stdio and, in {@code SseEndpoint}, for the transport
 * of 2024-11-05, which is two halves of a pipe over HTTP. What the {@code …Forms} types do is rows
 * 13 to 27 of the translation table in the reference of this project.
 *
 * <p>Obeys basic/transports, basic/lifecycle, basic/utilities and client/elicitation of 2025-03-26,
 * 2025-06-18 and 2025-11-25; over a pipe, HTTP+SSE included, of 2024-11-05 as well.
 */
@NullMarked
package dev.sallyport.downstream.legacy;

import org.jspecify.annotations.NullMarked;
