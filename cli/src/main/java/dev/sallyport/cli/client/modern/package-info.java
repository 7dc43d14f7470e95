/**
 * The client's side of the versions without a handshake: every request says by itself what it
 * needs. In goes a method with its parameters, out goes a message with the per-request metadata and
 * the mirrored headers.
 */
@NullMarked
package dev.sallyport.cli.client.modern;

import org.jspecify.annotations.NullMarked;
