/**
 * The client's side of the versions with a handshake.
 *
 * <p>It says {@code initialize} once and remembers the session and the version that the server
 * named; every request after that carries them. Questions of the server are not answered, because
 * nothing is declared that could be asked. Used by {@code Sessions} and by the demo's check. Obeys
 * the lifecycle and transport pages of the versions up to 2025-11-25.
 */
@NullMarked
package dev.sallyport.cli.client.legacy;

import org.jspecify.annotations.NullMarked;
