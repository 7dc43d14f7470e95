package dev.sallyport.upstream.wire;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one call is told: by a thread that reads for all calls of a server ({@link Mailbox}), or by
 * whoever waits, who reads the call's own stream. Anybody may put in; one thread at a time takes.
 */
public interface Inbox extends AutoCloseable {
  /** False when it, or something older in its place, had to go. Never blocks. */
  boolean put(Mail mail);

  /** Takes the next mail in order; empty when there was none in time. */
  Optional<Mail> take(long nanos) throws InterruptedException;

  /** Takes the first of a kind that is there already, whatever waits before it. */
  Optional<Mail> takeNow(Predicate<Mail> kind);

  /** While nobody reads, what is not decisive need not be kept. */
  void setAway(boolean value);

  boolean isAway();

  /** Nobody will take anything any more. */
  @Override
  void close();
}
