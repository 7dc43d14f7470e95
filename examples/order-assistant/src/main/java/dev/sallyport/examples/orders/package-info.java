/**
 * A small order desk, written as a newcomer would write it: three tools, two resources and two
 * prompts over an embedded SQLite file with seed data. One of the tools is destructive and asks
 * first.
 *
 * <p>Started by {@code examples/order-assistant/run}, or shared with a sign-in by {@code sallyport
 * demo}.
 */
@NullMarked
package dev.sallyport.examples.orders;

import org.jspecify.annotations.NullMarked;
