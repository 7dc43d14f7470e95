/**
 * Serves one client over a pipe, in both eras at once (SS-09). In come lines from standard input,
 * each one message; out go lines on standard output and nothing else. A handshake makes everything
 * without modern metadata legacy, for the life of the pipe; a request with such metadata stands for
 * itself.
 *
 * <p>The protocols are those of the {@code legacy} and {@code modern} packages; here are only the
 * pipe, the threads and the order of things. The process that owns the pipe runs {@code
 * StdioEndpoint} on a platform thread until the input ends.
 *
 * <p>Obeys basic/transports/stdio of 2026-07-28 and the stdio part of the older transport pages.
 */
@NullMarked
package dev.sallyport.downstream.stdio;

import org.jspecify.annotations.NullMarked;
