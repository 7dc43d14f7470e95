package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.legacy.SessionStreams.Attached;
import dev.sallyport.downstream.legacy.SessionStreams.Step;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.transport.http.EventStream;
import dev.sallyport.transport.http.HttpFields;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Carries a stream of a session over one HTTP answer, on the thread that calls it, until the stream
 * ends or the client leaves.
 */
final class Carrier {
  /** How long a client should wait before it comes back. */
  private static final long RETRY_MILLIS = 500;

  private final SessionStreams streams;
  private final boolean primes;

  /**
   * @param primes whether the client's version takes events without data (LH-08, 4-T20)
   */
  Carrier(SessionStreams streams, boolean primes) {
    this.streams = streams;
    this.primes = primes;
  }

  /** Carries a stream from its beginning, so with an event to resume from at once (LH-08). */
  void carryNew(Attached carried, ClientCall call) {
    EventStream out = call.stream(HttpFields.empty());
    if (primes) {
      out.send(
          new EventStream.Event(
              Optional.of(carried.log().eventId(0)), OptionalLong.of(RETRY_MILLIS), new byte[0]));
    }
    carry(carried, call, out);
  }

  /** Carries on with a stream that the client knows. */
  void carryOn(Attached carried, ClientCall call) {
    carry(carried, call, call.stream(HttpFields.empty()));
  }

  private void carry(Attached carried, ClientCall call, EventStream out) {
    try (Cancellation.Registration _ = call.disconnected().onCancel(() -> streams.detach(carried));
        Cancellation.Registration _ = call.withdrawn().onCancel(() -> streams.detach(carried))) {
      while (true) {
        switch (streams.next(carried)) {
          case Step.Send(var event) -> {
            if (!call.isStillKnown()) {
              return; // The credential it came with opens nothing any more (T11, T12).
            }
            String id = carried.log().eventId(event.sequence());
            if (!out.send(
                new EventStream.Event(Optional.of(id), OptionalLong.empty(), event.data()))) {
              return;
            }
            streams.sent(carried, event);
          }
          case Step.Pause _ -> {
            out.send(
                new EventStream.Event(
                    Optional.empty(), OptionalLong.of(RETRY_MILLIS), new byte[0]));
            return;
          }
          case Step.End _ -> {
            return;
          }
        }
      }
    } finally {
      streams.detach(carried);
      out.end();
    }
  }
}
