/**
 * An MCP server to copy from: three tools, two resources and two prompts over a small shop's
 * orders.
 *
 * <p>{@code OrderAssistant} says what is offered, {@code Orders} keeps the data in SQLite. Nothing
 * here knows about transports, protocol versions or threads; the server module does.
 */
@NullMarked
package dev.sallyport.examples.orders;

import org.jspecify.annotations.NullMarked;
