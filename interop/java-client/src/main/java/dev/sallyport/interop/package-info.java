/**
 * The MCP Java SDK as a real client of a shared server.
 *
 * <p>{@code JavaClient} reads one JSON object from standard input (url, key, the server's profile)
 * and prints one JSON line for each check: the same names and the same demands as {@code
 * interop/clients/checks.mjs}, so that the suite can put all clients into one table. {@code Checks}
 * names the demands; {@code OfferChecks} and {@code CallChecks} hold them. {@code Wire} stands
 * between the SDK and its own HTTP transport, because the SDK offers neither cancellation nor
 * methods it does not know.
 */
package dev.sallyport.interop;
