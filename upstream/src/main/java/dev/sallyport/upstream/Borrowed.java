package dev.sallyport.upstream;

import dev.sallyport.upstream.wire.Conversation;

/** What came of asking the pool for a child. */
sealed interface Borrowed {
  /** Give it back by closing. */
  record Lent(Conversation child, Runnable giveBack) implements Borrowed, AutoCloseable {
    @Override
    public void close() {
      giveBack.run();
    }
  }

  /** As many as there may be, and all of them busy for as long as anybody waits. */
  record Full() implements Borrowed {}

  /** It does not come up, or the pool is closed. */
  record Broken() implements Borrowed {}

  /** The session it would be for has ended, or lost what it had. */
  record Over() implements Borrowed {}

  /** Nobody wants it any more. */
  record Cancelled() implements Borrowed {}
}
