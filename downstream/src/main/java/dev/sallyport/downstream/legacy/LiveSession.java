package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Caller;
import java.time.Instant;

/** A session over either of the older HTTP transports, as {@link Sessions} looks after it. */
sealed interface LiveSession extends AutoCloseable permits HttpSession, SseSession {
  Caller caller();

  /** Whether it is over, though nobody has closed it yet. */
  boolean isOver();

  /** Has something done when the server's side of it is lost, on a thread of its own. */
  void onEnd(Runnable action);

  /** The client did something. */
  void touch();

  Instant lastUsed();

  /** Whether nobody used it since then and nothing is going on in it. */
  boolean isIdleSince(Instant then);

  /** Forgets what nobody will fetch any more. */
  void forgetStale(Instant now);

  @Override
  void close();
}
