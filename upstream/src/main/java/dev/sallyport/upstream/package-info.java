/**
 * Reaches MCP servers. In comes an exchange in the canonical (modern) form; this module carries it
 * out against a child process, whichever era that speaks, and returns the outcome. It also starts,
 * watches and ends child processes.
 *
 * <p>{@code UpstreamServer} is the way in: it finds the caller's own child in the {@code
 * ConversationPool}, starting it through the {@code EraProbe} when there is none, and hands the
 * exchange to that child's conversation in {@code legacy} or {@code modern}. Both stand on {@code
 * wire}, the way to a server and the calls that wait on it; {@code stdio} is that way for a process
 * and its pipe. A child has one scope, and so has everything that hangs on it: a caller, a session,
 * or everybody, and then what names no call reaches nobody.
 *
 * <p>A legacy server that asks a question in mid-call has its call parked, and the outcome carries
 * the handle to continue. The gateway's flow is the caller.
 *
 * <p>Obeys the lifecycle, transport and client pages of the specification.
 */
@NullMarked
package dev.sallyport.upstream;

import org.jspecify.annotations.NullMarked;
