/**
 * The client's side of the versions with a handshake: {@code initialize} once, then requests within
 * the session that the server named.
 */
@NullMarked
package dev.sallyport.cli.client.legacy;

import org.jspecify.annotations.NullMarked;
