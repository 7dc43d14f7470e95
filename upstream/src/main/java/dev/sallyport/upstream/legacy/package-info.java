/**
 * Carries out canonical exchanges on servers that want a handshake: 2024-11-05 to 2025-11-25.
 *
 * <p>In comes a modern exchange; out goes a legacy request, and what answers it becomes a modern
 * outcome. What has no legacy counterpart is made here: {@code server/discover} is answered from
 * the handshake, {@code subscriptions/listen} from subscriptions and list changes, and a question
 * that the server asks in mid-call parks the call ({@code Parks}) until the same request comes
 * again with the answer.
 *
 * <p>Used by {@code UpstreamServer}. Obeys the lifecycle, utilities and client pages of the legacy
 * versions, and chapter 2 of the requirements (rows by number in comments).
 */
@NullMarked
package dev.sallyport.upstream.legacy;

import org.jspecify.annotations.NullMarked;
