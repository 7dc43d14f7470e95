package dev.sallyport.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SilenceTest {
  private final FakeWire wire = new FakeWire();
  private final Silence silence =
      new Silence(wire, Method.PING, JsonObject.EMPTY, Duration.ofMillis(400));
  private final Call timedOut = wire.calls().begin().orElseThrow();
  private final long began = System.nanoTime();

  private Message.Request asked() throws InterruptedException {
    return (Message.Request) wire.sent.poll(5, TimeUnit.SECONDS);
  }

  @Test
  void a_silent_server_with_nothing_else_to_do_is_asked_too_since_it_may_remember_things()
      throws Exception {
    silence.after(timedOut, began);

    assertThat(asked().method()).isEqualTo("ping");
    assertThat(wire.ended.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_server_that_has_said_anything_meanwhile_is_left_alone() {
    wire.hear();

    silence.after(timedOut, began);

    assertThat(wire.alive()).isTrue();
    assertThat(wire.calls().size()).isZero();
  }

  @Test
  void with_other_calls_in_progress_it_is_asked_and_given_up_when_it_stays_silent()
      throws Exception {
    Call other = wire.calls().begin().orElseThrow();

    silence.after(timedOut, began);

    assertThat(asked().method()).isEqualTo("ping");
    assertThat(wire.ended.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(other.next(0)).contains(new Mail.Broken(Breakdown.of(Breakdown.Kind.DIED)));
  }

  @Test
  void any_answer_to_the_question_saves_it() throws Exception {
    Call other = wire.calls().begin().orElseThrow();

    silence.after(timedOut, began);
    Message.Request ping = asked();
    wire.hear();
    wire.calls()
        .find(ping.id())
        .orElseThrow()
        .put(new Mail.Answered(new Message.Result(ping.id(), JsonObject.EMPTY)));

    assertThat(wire.ended.await(300, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(other.next(0)).isEmpty();
  }

  @Test
  void a_server_that_waits_for_an_answer_of_ours_is_silent_with_good_reason() {
    wire.calls().begin().orElseThrow().park();

    silence.after(timedOut, began);

    assertThat(wire.alive()).isTrue();
    assertThat(wire.sent).isEmpty();
  }
}
