/**
 * One child process and the pipe to it. {@code ChildProcess} starts it and ends its whole tree;
 * {@code ChildWire} is the {@code Wire} that leads to it, one line a message.
 *
 * <p>Threads: a child has three platform threads (output, error output, and the writer's), because
 * reading a pipe would pin a virtual thread's carrier. The one that reads output routes what it
 * reads and does nothing else.
 *
 * <p>Knows no era. Made by {@code EraProbe}, used through {@code wire} by {@code legacy} and {@code
 * modern}. Obeys the stdio transport page, which is the same in every version but for who may write
 * what.
 */
@NullMarked
package dev.sallyport.upstream.stdio;

import org.jspecify.annotations.NullMarked;
