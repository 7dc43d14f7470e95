/**
 * Messages over a pipe: one JSON text a line. {@code LineReader} turns a blocking stream into lines
 * within a bound; {@code LineWriter} takes lines from any number of threads and writes them whole
 * and in order.
 *
 * <p>Both sides of a pipe use it: the endpoint on our own standard streams, and the owner of a
 * child process. Reading and writing a pipe can pin a virtual thread's carrier for as long as the
 * other side stays silent, so the reader must be called from a platform thread of its own, and the
 * writer brings one along. Obeys the stdio transport page of the MCP specification.
 */
@NullMarked
package dev.sallyport.transport.stdio;

import org.jspecify.annotations.NullMarked;
