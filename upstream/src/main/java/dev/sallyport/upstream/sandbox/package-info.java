/**
 * Keeps a child process away from what it has no business with: files, other processes, the
 * network, too much memory. In comes what the operator chose and the command he typed; out goes a
 * {@code Sandbox}, which says what it holds and what it does not, and wraps each child's start into
 * an {@code Enclosure}.
 *
 * <p>Read {@code Sandbox.open} first: it tries the kinds there are ({@code Bubblewrap}, {@code
 * Landlock}, none) in the order of the {@code SandboxChoice} and rehearses each with a program that
 * does nothing. {@code Derivation} reads from the command what a server needs; {@code LaunchChain}
 * builds the command line, whose parts no shell ever sees.
 *
 * <p>Called by the command line (open) and by {@code stdio} (enclose); knows neither. Linux only;
 * elsewhere there is no sandbox, and it says so. Anything unclear counts as not there.
 */
@NullMarked
package dev.sallyport.upstream.sandbox;

import org.jspecify.annotations.NullMarked;
