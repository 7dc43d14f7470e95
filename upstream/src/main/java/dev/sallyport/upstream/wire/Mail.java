package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Message;

/** What can reach a call that waits. */
public sealed interface Mail {
  /** Whether the wait is over with it, whatever else there is to hear. */
  default boolean ends() {
    return switch (this) {
      case Notified _, Asked _ -> false;
      case Answered _, Broken _, Cancelled _ -> true;
    };
  }

  /** Progress, a log message, or what a subscription brings. May be dropped when too many wait. */
  record Notified(Message.Notification notification) implements Mail {}

  /** The server asked something; the question itself is kept by whoever understands it. */
  record Asked() implements Mail {}

  /** The end of the call. Never dropped. */
  record Answered(Message.Reply reply) implements Mail {}

  /** The call has come to nothing on its way. */
  record Broken(Breakdown breakdown) implements Mail {}

  /** Nobody wants the answer any more. */
  record Cancelled() implements Mail {}
}
