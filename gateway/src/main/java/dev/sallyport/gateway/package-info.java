/**
 * Where everything is put together, in the order in which a request meets it: who may connect,
 * caller, rate limit, upstream. In comes an exchange from {@code downstream}; out goes the outcome
 * of an upstream, or the first refusal on the way.
 *
 * <p>{@code Gateway} wires the parts; {@code CallFlow} is meant to be read from top to bottom, one
 * step a line. The rest of the module is what those steps need, and {@code Exposure}, which judges
 * before anything is opened who could reach it.
 *
 * <p>Used by the {@code sallyport} command. Obeys no page of the specification by itself; the
 * modules it joins do.
 */
@NullMarked
package dev.sallyport.gateway;

import org.jspecify.annotations.NullMarked;
