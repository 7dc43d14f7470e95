/**
 * One child process and the pipe to it. {@code ChildProcess} starts it and ends its whole tree;
 * {@code Wire} reads and writes messages, and routes what comes back to the {@code Call} that waits
 * for it; {@code Watch} is how an exchange waits on its call, passing on progress and log messages
 * meanwhile.
 *
 * <p>Threads: a child has three platform threads (output, error output, and the writer's), because
 * reading a pipe would pin a virtual thread's carrier. The reader only parses and routes into
 * bounded mailboxes, so that one exchange with a slow client never holds up another. Everything
 * that waits does so on the exchange's own thread.
 *
 * <p>Knows no era. Used by {@code legacy} and {@code modern}. Obeys the stdio transport page, which
 * is the same in every version but for who may write what.
 */
@NullMarked
package dev.sallyport.upstream.stdio;

import org.jspecify.annotations.NullMarked;
