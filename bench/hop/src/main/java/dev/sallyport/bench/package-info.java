/**
 * What the hop through Sallyport is measured against, on bare Netty. {@code RawProxy} is the least
 * that a reverse proxy has to do: the yardstick. {@code EchoUpstream} is the MCP server behind
 * every contender, with answers that were prepared beforehand, so that it costs much less than
 * whatever stands in front of it.
 *
 * <p>Both listen on a free port of the loopback address and print a line of JSON with their URL
 * when they are ready; {@code bench/hop.mjs} starts them and ends them. Nothing here is the
 * product's, and the product needs nothing of it.
 */
@NullMarked
package dev.sallyport.bench;

import org.jspecify.annotations.NullMarked;
