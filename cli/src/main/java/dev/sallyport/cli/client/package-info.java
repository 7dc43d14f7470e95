/**
 * A small client, for trying a server from the shell and for the demo's own check. In go a method
 * and its parameters; out comes the result as it stood on the wire.
 *
 * <p>Two ways to carry messages (HTTP, a child's pipes) under two ways to speak (the {@code modern}
 * and {@code legacy} packages). It reads nothing into results. Once the upstream module reaches
 * servers over HTTP, {@code try} goes through that and this keeps only the demo's check.
 */
@NullMarked
package dev.sallyport.cli.client;

import org.jspecify.annotations.NullMarked;
