/**
 * Serves MCP clients. In comes wire traffic of either era, over HTTP or stdio; it is classified
 * once, turned into exchanges, and handed to a {@code Handler}. Out goes what the handler returned,
 * in the form that the client's era expects.
 *
 * <p>The gateway is one handler, an in-process Java server is another, so this module is the only
 * server-side protocol engine there is. The modern, legacy and stdio packages know one form each; a
 * single classifier chooses between them.
 *
 * <p>Obeys the transport, lifecycle, versioning and utilities pages of the specification.
 */
@NullMarked
package dev.sallyport.downstream;

import org.jspecify.annotations.NullMarked;
