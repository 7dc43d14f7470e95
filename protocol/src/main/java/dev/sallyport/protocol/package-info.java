/**
 * The words of MCP, without any I/O. In comes text that was read from a peer; out go messages that
 * keep their raw JSON, so that whatever this code does not know survives a relay untouched.
 *
 * <p>Here are the envelope and its strict parser, the catalogue of methods, the protocol versions,
 * the header rules of Streamable HTTP, the refusals, and the one shape everything else is written
 * around: an {@code Exchange} is handed to a {@code Handler}, which returns an {@code Outcome}
 * (complete, input required, failed, refused or cancelled). That shape is the modern,
 * self-contained request; legacy traffic is translated to it at the edges.
 *
 * <p>Every other module depends on this one and it depends on none of them. Obeys the base protocol
 * pages of all published versions of the specification.
 */
@NullMarked
package dev.sallyport.protocol;

import org.jspecify.annotations.NullMarked;
