/**
 * What waits for one server, and what can go wrong on the way to it, whatever carries the messages
 * and whatever era they are of. A {@code Wire} is such a way; its {@code Router} takes what the
 * server says and puts it into the {@code Mailbox} of the {@code Call} that waits for it; {@code
 * Watch} is how an exchange waits on its call, passing on progress and log messages meanwhile.
 * {@code Conversation} is what {@code legacy} and {@code modern} make of a wire.
 *
 * <p>Threads: whoever reads only parses and routes into bounded mailboxes, so that one exchange
 * with a slow client never holds up another. Everything that waits does so on the exchange's own
 * thread.
 *
 * <p>Knows no era and no transport: {@code stdio} is the one transport so far. Obeys the
 * cancellation, progress and base protocol pages, which hardly differ between versions.
 */
@NullMarked
package dev.sallyport.upstream.wire;

import org.jspecify.annotations.NullMarked;
