package dev.sallyport.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose an answer is, by its id and by the stream it came on. */
final class RouterTest {
  private static final Envelope ENVELOPE = new Envelope(JsonBounds.DEFAULT);

  private final Tally tally = new Tally();
  private final Faults faults = new Faults(_ -> {}, tally);
  private final CallTable calls = new CallTable(faults, 10, _ -> new Mailbox(10, 10_000));
  private final Call alice = calls.begin().orElseThrow();
  private final Call bob = calls.begin().orElseThrow();
  private final Router router =
      new Router(
          calls,
          faults,
          () -> {
            throw new IllegalStateException("nothing but answers is sent here");
          },
          () -> {});

  private void come(Optional<Call> carrier, Message message) {
    router.take(ENVELOPE.readFromServer(message.toBytes()), carrier);
  }

  private static Message answerTo(Call call) {
    return new Message.Result(call.id(), JsonObject.EMPTY);
  }

  private static boolean isAnswered(Call call) {
    return call.now(Mail.Answered.class::isInstance).isPresent();
  }

  @Test
  void where_all_share_a_stream_the_id_alone_says_whose_an_answer_is() {
    come(Optional.empty(), answerTo(bob));

    assertThat(isAnswered(bob)).isTrue();
    assertThat(isAnswered(alice)).isFalse();
  }

  @Test
  void an_answer_on_a_calls_own_stream_ends_that_call() {
    come(Optional.of(alice), answerTo(alice));

    assertThat(isAnswered(alice)).isTrue();
  }

  @Test
  void an_answer_on_a_calls_own_stream_is_never_anothers() {
    come(Optional.of(alice), answerTo(bob));

    assertThat(isAnswered(bob)).isFalse();
    assertThat(isAnswered(alice)).isFalse();
  }
}
