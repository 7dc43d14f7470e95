/**
 * Finds out why nobody can sign in to an MCP server: walks the way that a client goes, and says
 * where it ends. In come the server's URL and perhaps a token; out comes a {@code Step} for each
 * part of the way, with the clause that fails and what usually is the cause.
 *
 * <p>One class for each part, in the order of {@code Step.Part}; {@code Examination} puts them
 * together. All that is read is bounded, and what a server points to is asked through the guarded
 * client alone. A token is shown to the server that was named and to nobody else, and no part of it
 * but a few claims is told.
 *
 * <p>Obeys the authorization pages of the specification, RFC 9728, RFC 8414 and RFC 9068. Called by
 * the {@code doctor} command.
 */
@NullMarked
package dev.sallyport.cli.doctor;

import org.jspecify.annotations.NullMarked;
