/**
 * The client's side of the versions without a handshake: every request says by itself what it
 * needs.
 *
 * <p>In goes a method with its parameters; out goes a message with the per-request metadata and,
 * for HTTP, the headers that mirror it. Nothing is kept between two requests but a counter for ids.
 * Used by {@code Sessions} and by the demo's check. Obeys the base protocol and the Streamable HTTP
 * pages of 2026-07-28.
 */
@NullMarked
package dev.sallyport.cli.client.modern;

import org.jspecify.annotations.NullMarked;
