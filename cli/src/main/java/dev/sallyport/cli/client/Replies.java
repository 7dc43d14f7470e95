package dev.sallyport.cli.client;

import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Message;
import java.util.Optional;

/** Picks the reply to a request out of what a server says. */
final class Replies {
  private Replies() {}

  static Optional<Message.Reply> to(Message.Request request, Reading reading) {
    return switch (reading) {
      case Reading.Single(Message.Result result) when result.id().equals(request.id()) ->
          Optional.of(result);
      // A server that could not read the id answers without one (JR-04).
      case Reading.Single(Message.Failure failure)
          when failure.id().map(request.id()::equals).orElse(true) ->
          Optional.of(failure);
      case Reading.Single _, Reading.Batch _, Reading.Broken _ -> Optional.empty();
    };
  }
}
