/**
 * The public API to write an MCP server in Java: tools from a record and a lambda, resources,
 * prompts, completion. In comes an exchange from the {@code downstream} engine; out goes what the
 * author's code returned, in the form the specification wants.
 *
 * <p>The same handlers run on stdio and on HTTP, for clients of both eras. The caller is an
 * argument of every handler, never ambient state.
 *
 * <p>Obeys the server pages of the specification and JSON Schema 2020-12.
 */
@NullMarked
package dev.sallyport.server;

import org.jspecify.annotations.NullMarked;
