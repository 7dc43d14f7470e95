/**
 * Carries out canonical exchanges on servers that take everything with each request: 2026-07-28.
 *
 * <p>The exchange is modern already, so this is a relay: it writes the per-request metadata anew
 * (our version, the caller's capabilities), checks what comes back against what the caller can
 * take, and keeps subscriptions apart by their id, because all of them share one pipe.
 *
 * <p>Used by {@code UpstreamServer}. Obeys the stdio transport, multi round-trip and subscriptions
 * pages of 2026-07-28.
 */
@NullMarked
package dev.sallyport.upstream.modern;

import org.jspecify.annotations.NullMarked;
