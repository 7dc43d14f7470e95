/**
 * The {@code sallyport} command. In come arguments, the environment and a terminal; out come a
 * running gateway, text that says who can reach it, and an exit code.
 *
 * <p>{@code Sallyport} chooses a {@code Command}; {@code ArgumentParser} reads what follows by the
 * command's flags and operands, the same that {@code Help} prints; then the command runs.
 *
 * <p>This module wires the others together and contains no protocol of its own. With {@code
 * --json}, and whenever stdout carries the protocol, everything meant for a person goes to stderr.
 */
@NullMarked
package dev.sallyport.cli;

import org.jspecify.annotations.NullMarked;
