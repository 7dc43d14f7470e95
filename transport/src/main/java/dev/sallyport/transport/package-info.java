/**
 * Frames to bytes and back: lines of a stdio pipe, server-sent events, and the serving side of
 * Streamable HTTP on Vert.x. In come sockets and pipes; out come whole frames, each already bounded
 * in size and time.
 *
 * <p>What a frame means is not decided here: {@code downstream} and {@code upstream} do that. Above
 * this module there is only blocking code on virtual threads; event loops and callbacks end here.
 *
 * <p>Obeys the transport pages of the specification, for all versions we speak.
 */
@NullMarked
package dev.sallyport.transport;

import org.jspecify.annotations.NullMarked;
