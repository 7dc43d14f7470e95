/**
 * A server that offers every feature once, under the names that the official conformance suite
 * looks for. It shows what the {@code server} module can do, and stands in for an old or a new
 * server when it is limited to one era.
 *
 * <p>Started by {@code examples/everything/run}, over stdio or HTTP. Nothing in the product knows
 * the names used here.
 */
@NullMarked
package dev.sallyport.examples.everything;

import org.jspecify.annotations.NullMarked;
