package dev.sallyport.upstream.http;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Message;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.upstream.wire.Breakdown;
import java.time.Duration;
import java.util.Optional;

/** What an HTTP status that is no success says about a call. */
final class Statuses {
  private static final int MOST_SECONDS = 3_600;

  /** Judges by the status alone, and nothing follows from it for other calls. */
  static final StreamInbox.Judge ALONE =
      new StreamInbox.Judge() {
        @Override
        public Breakdown of(Answer.Piece.Refused refused) {
          return breakdown(refused);
        }

        @Override
        public void told(Breakdown breakdown) {}
      };

  private Statuses() {}

  /** An error of JSON-RPC in its body counts, whatever the status is (4-T07). */
  static Optional<Message.Failure> error(Envelope envelope, Answer.Piece.Refused refused) {
    return refused.body().length > 0
            && envelope.readFromServer(refused.body())
                instanceof Envelope.Reading.Single(Message.Failure failure)
        ? Optional.of(failure)
        : Optional.empty();
  }

  static Breakdown breakdown(Answer.Piece.Refused refused) {
    return switch (refused.status()) {
      case 401, 403, 407 -> Breakdown.of(Breakdown.Kind.NOT_ADMITTED);
      case 429, 502, 503, 504 ->
          new Breakdown(Breakdown.Kind.OVERLOADED, comeAgain(refused.fields()));
      case 400, 404, 405, 406, 410, 415 -> Breakdown.of(Breakdown.Kind.UNKNOWN_HERE);
      default -> Breakdown.of(Breakdown.Kind.NOT_MCP);
    };
  }

  /** In seconds; the other form, a date, would need their clock and ours to agree. */
  private static Optional<Duration> comeAgain(HttpFields fields) {
    return fields
        .first("Retry-After")
        .filter(text -> text.matches("[0-9]{1,6}"))
        .map(text -> Duration.ofSeconds(Math.min(MOST_SECONDS, Integer.parseInt(text))));
  }
}
