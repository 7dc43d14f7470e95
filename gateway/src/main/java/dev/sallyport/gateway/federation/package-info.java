/**
 * Many servers behind one endpoint. In comes an exchange as for one server; out goes what the
 * server that it is about says, or what all of them say together.
 *
 * <p>{@code Federation} is the handler, one line for each method. {@code Names} and {@code Uris}
 * tell servers apart for clients, {@code Rewriting} puts them into what passes by, {@code Lists},
 * {@code Offer} and {@code Listen} put together what comes from several. {@code Crew} says which
 * servers there are, {@code Upstream} is one at work, and {@code FanOut} asks many at once without
 * waiting for the slowest.
 *
 * <p>Used by {@code Gateway} for routes with more than one server. Obeys TOOLS on name collisions,
 * PAGINATION and CACHE of 2026-07-28 (FE-06, GW-05 to GW-07).
 */
@NullMarked
package dev.sallyport.gateway.federation;

import org.jspecify.annotations.NullMarked;
