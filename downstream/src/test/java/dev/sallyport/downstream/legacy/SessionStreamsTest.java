package dev.sallyport.downstream.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.AdjustableClock;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.downstream.legacy.SessionStreams.Attached;
import dev.sallyport.downstream.legacy.SessionStreams.Step;
import dev.sallyport.protocol.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams of a session, without connections. */
final class SessionStreamsTest {
  private final AdjustableClock clock = new AdjustableClock();
  private final ReplayBudget budget = new ReplayBudget(1_000_000);
  private final SessionStreams streams =
      new SessionStreams(SessionLimits.DEFAULT, budget.of(TestSession.ANNA), clock);

  @Test
  void what_is_said_is_carried_in_order_and_then_the_stream_ends() {
    Attached call = streams.openForCall();
    say(call, "one");
    say(call, "two");
    last(call, "three");

    assertThat(take(streams, call)).containsExactly("one", "two", "three");
  }

  @Test
  void a_connection_waits_for_what_is_said_later() throws InterruptedException {
    Attached call = streams.openForCall();
    List<String> got = new ArrayList<>();
    Thread connection = Thread.ofVirtual().start(() -> got.addAll(take(streams, call)));

    say(call, "one");
    last(call, "two");

    assertThat(connection.join(Duration.ofSeconds(10))).isTrue();
    assertThat(got).containsExactly("one", "two");
  }

  @Test
  void event_ids_are_unique_in_the_session_and_tell_the_stream() { // LH-15
    Attached one = streams.openForCall();
    Attached other = streams.openStanding().orElseThrow();

    assertThat(one.log().eventId(1)).isEqualTo("1.1");
    assertThat(other.log().eventId(1)).isEqualTo("2.1");
  }

  // ---- resuming

  @Test
  void a_broken_stream_goes_on_after_the_last_event_the_client_has() { // LH-16, LH-17
    Attached call = streams.openForCall();
    say(call, "one");
    say(call, "two");
    say(call, "three");
    streams.detach(call);
    say(call, "four");

    Attached again = streams.resume("1.1").orElseThrow();
    last(call, "five");

    assertThat(take(streams, again)).containsExactly("two", "three", "four", "five");
  }

  @Test
  void a_stream_that_ended_meanwhile_can_be_fetched_and_more_than_once() {
    Attached call = streams.openForCall();
    streams.detach(call);
    say(call, "one");
    last(call, "two");

    Attached first = streams.resume("1.0").orElseThrow();
    assertThat(take(streams, first)).containsExactly("one", "two");
    streams.detach(first);
    assertThat(take(streams, streams.resume("1.1").orElseThrow())).containsExactly("two");
    assertThat(take(streams, streams.resume("1.2").orElseThrow())).isEmpty();
  }

  @Test
  void resuming_gives_nothing_of_another_stream() { // LH-16
    Attached mine = streams.openForCall();
    Attached other = streams.openForCall();
    say(mine, "mine");
    last(other, "other");
    streams.detach(mine);
    streams.detach(other);
    streams.tell("a", "change".getBytes(UTF_8));

    assertThat(take(streams, streams.resume("2.0").orElseThrow())).containsExactly("other");
  }

  @Test
  void a_second_connection_of_a_stream_ends_the_first() {
    Attached first = streams.openForCall();
    say(first, "one");

    Attached second = streams.resume("1.0").orElseThrow();

    assertThat(streams.next(first)).isInstanceOf(Step.End.class);
    last(first, "two");
    assertThat(take(streams, second)).containsExactly("one", "two");
    streams.detach(first);
    assertThat(streams.isConnected()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2.0",
        "1.2",
        "1.99",
        "0.0",
        "1",
        "1.",
        ".1",
        "-1.0",
        "1.-1",
        "1.0.0",
        "1.0 ",
        " 1.0",
        "a.b",
        "١.٠",
        "1.9999999999999999999",
        "99999999999999999999.1"
      })
  void an_id_that_is_none_of_ours_resumes_nothing(String id) { // security T41
    Attached call = streams.openForCall();
    say(call, "one");

    assertThat(streams.resume(id)).isEmpty();
  }

  @Test
  void old_events_are_forgotten_by_age() {
    Attached call = streams.openForCall();
    last(call, "one");
    streams.detach(call);

    clock.advance(SessionLimits.DEFAULT.replayAge().minusMillis(1));
    streams.forgetStale(clock.instant());
    Attached again = streams.resume("1.0").orElseThrow();
    streams.detach(again);
    clock.advance(SessionLimits.DEFAULT.replayAge());

    assertThat(streams.resume("1.0")).isEmpty();
  }

  @Test
  void a_call_that_still_runs_is_never_too_old() {
    Attached call = streams.openForCall();
    streams.detach(call);
    clock.advance(Duration.ofHours(3));
    streams.forgetStale(clock.instant());
    last(call, "at last");

    assertThat(take(streams, streams.resume("1.0").orElseThrow())).containsExactly("at last");
  }

  // ---- bounds

  @Test
  void events_nobody_takes_are_kept_up_to_a_number() {
    SessionStreams few =
        new SessionStreams(
            SessionLimitsOf.streams(4, 3, 1_000), budget.of(TestSession.ANNA), clock);
    Attached call = few.openForCall();
    few.detach(call);
    for (int i = 1; i <= 10; i++) {
      few.append(call.log(), ("e" + i).getBytes(UTF_8), i == 10);
    }

    assertThat(few.resume("1.6")).as("one event is missing, and no hole is hidden").isEmpty();
    assertThat(take(few, few.resume("1.7").orElseThrow())).containsExactly("e8", "e9", "e10");
  }

  @Test
  void events_nobody_takes_are_kept_up_to_a_size_over_all_streams() {
    SessionStreams small =
        new SessionStreams(
            SessionLimitsOf.streams(4, 100, 100), budget.of(TestSession.ANNA), clock);
    Attached one = small.openForCall();
    Attached two = small.openForCall();
    small.detach(one);
    small.detach(two);
    small.append(one.log(), new byte[60], false);
    small.append(two.log(), new byte[60], true);

    assertThat(small.resume("2.0")).isPresent();
    assertThat(one.log().kept).isEmpty();
    small.append(two.log(), new byte[1_000], true);
    small.append(one.log(), new byte[1_000], true);
    assertThat(small.resume("1.0")).as("an answer too large to keep").isEmpty();
  }

  @Test
  void all_sessions_together_keep_only_so_much() {
    ReplayBudget tight = new ReplayBudget(100);
    for (int i = 0; i < 5; i++) {
      SessionStreams each = ended(tight, "caller" + i, 24);
      assertThat(each.resume("1.0").isPresent()).as("caller %d", i).isEqualTo(i < 4);
    }
    assertThat(tight.kept()).isEqualTo(96);
  }

  @Test
  void what_one_caller_leaves_unread_costs_nobody_else_their_streams() { // LH-16
    ReplayBudget tight = new ReplayBudget(100);
    SessionStreams annasFirst = ended(tight, "anna", 20);
    SessionStreams annasSecond = ended(tight, "anna", 20);
    SessionStreams berts = ended(tight, "bert", 20);

    assertThat(annasFirst.resume("1.0")).isPresent();
    assertThat(annasSecond.resume("1.0")).as("more than one caller's part").isEmpty();
    assertThat(berts.resume("1.0")).isPresent();
    assertThat(tight.kept()).isEqualTo(40);
  }

  /** A session whose only stream broke before its answer was sent. */
  private SessionStreams ended(ReplayBudget budget, String caller, int bytes) {
    SessionStreams session =
        new SessionStreams(SessionLimits.DEFAULT, budget.of(new Caller("key", caller, "1")), clock);
    Attached stream = session.openForCall();
    session.detach(stream);
    session.append(stream.log(), new byte[bytes], true);
    return session;
  }

  @Test
  void a_session_that_is_over_keeps_nothing() {
    Attached finished = streams.openForCall();
    last(finished, "result");
    take(streams, finished);
    streams.detach(finished);
    Attached running = streams.openForCall();
    say(running, "one");
    assertThat(budget.kept()).isPositive();

    streams.close();
    assertThat(budget.kept()).as("the connection still has to get it").isEqualTo(3);
    last(running, "two");
    assertThat(take(streams, running)).containsExactly("one", "two");

    assertThat(budget.kept()).isZero();
  }

  @Test
  void what_a_connection_has_not_taken_is_not_dropped_and_its_writer_waits() throws Exception {
    SessionStreams small =
        new SessionStreams(SessionLimitsOf.streams(4, 3, 50), budget.of(TestSession.ANNA), clock);
    Attached call = small.openForCall();
    CountDownLatch done = new CountDownLatch(1);
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    small.append(call.log(), ("event " + i).getBytes(UTF_8), i == 199);
                  }
                  done.countDown();
                });
    assertThat(writer.join(Duration.ofMillis(50))).as("it waits for the connection").isFalse();

    List<String> got = take(small, call);

    assertThat(done.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    assertThat(got).hasSize(200).startsWith("event 0").endsWith("event 199");
  }

  @Test
  void a_writer_that_waits_for_a_connection_is_let_go_when_it_breaks() throws Exception {
    SessionStreams small =
        new SessionStreams(SessionLimitsOf.streams(4, 3, 10), budget.of(TestSession.ANNA), clock);
    Attached call = small.openForCall();
    small.append(call.log(), new byte[20], false);
    Thread writer = Thread.ofVirtual().start(() -> small.append(call.log(), new byte[20], false));

    small.detach(call);

    assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void finished_streams_make_room_for_new_ones_and_running_ones_do_not() {
    SessionStreams few =
        new SessionStreams(
            SessionLimitsOf.streams(2, 10, 1_000), budget.of(TestSession.ANNA), clock);
    Attached running = few.openForCall();
    few.detach(running);
    Attached finished = few.openForCall();
    few.append(finished.log(), new byte[1], true);
    few.detach(finished);

    Attached standing = few.openStanding().orElseThrow();

    assertThat(few.resume("2.0")).isEmpty();
    assertThat(few.resume("1.0")).isPresent();
    assertThat(few.openStanding()).as("both places are in use").isEmpty();
    assertThat(few.openForCall()).as("calls are bounded elsewhere").isNotNull();
    few.detach(standing);
    assertThat(few.openStanding()).isPresent();
  }

  // ---- letting go of the connection

  @Test
  void a_pause_comes_after_everything_said_before_and_the_stream_goes_on() { // LH-09
    Attached call = streams.openForCall();
    say(call, "one");
    streams.pause(call.log());
    say(call, "two");

    assertThat(step(call)).contains("one");
    assertThat(step(call)).contains("two");
    assertThat(streams.next(call)).isInstanceOf(Step.Pause.class);
    streams.detach(call);
    last(call, "three");
    assertThat(take(streams, streams.resume("1.2").orElseThrow())).containsExactly("three");
  }

  // ---- what belongs to no call

  @Test
  void changes_wait_for_a_standing_stream_and_replace_their_like() { // 2.5
    tell("tools", "tools 1");
    tell("prompts", "prompts 1");
    tell("tools", "tools 2");

    Attached standing = streams.openStanding().orElseThrow();
    assertThat(step(standing)).contains("tools 2");
    assertThat(step(standing)).contains("prompts 1");
    tell("tools", "tools 3");
    assertThat(step(standing)).contains("tools 3");
  }

  @Test
  void each_change_is_on_one_stream_the_newest() throws InterruptedException { // LH-14
    Attached old = streams.openStanding().orElseThrow();
    Attached fresh = streams.openStanding().orElseThrow();
    List<String> gotOld = new ArrayList<>();
    List<String> gotFresh = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      tell("change " + i, "change " + i);
    }
    CountDownLatch all = new CountDownLatch(50);
    Thread one = Thread.ofVirtual().start(() -> gotOld.addAll(take(streams, old)));
    Thread other =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (Optional<String> change = step(fresh);
                      change.isPresent();
                      change = step(fresh)) {
                    gotFresh.add(change.get());
                    all.countDown();
                  }
                });

    LegacySessionTest.await(all);
    streams.close();
    assertThat(one.join(Duration.ofSeconds(10))).isTrue();
    assertThat(other.join(Duration.ofSeconds(10))).isTrue();

    assertThat(gotOld).isEmpty();
    assertThat(gotFresh).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void when_the_newest_stream_is_gone_an_older_one_takes_over() {
    Attached old = streams.openStanding().orElseThrow();
    Attached fresh = streams.openStanding().orElseThrow();
    tell("a", "a");
    assertThat(step(fresh)).contains("a");
    streams.detach(fresh);
    tell("b", "b");

    assertThat(step(old)).contains("b");
  }

  @Test
  void a_calls_stream_never_carries_changes() { // LH-13
    Attached call = streams.openForCall();
    tell("a", "a");
    last(call, "reply");

    assertThat(take(streams, call)).containsExactly("reply");
  }

  @Test
  void changes_are_bounded() {
    for (int i = 0; i < SessionLimits.DEFAULT.subscriptions() + 3; i++) {
      assertThat(tell("change " + i, "x")).isTrue();
    }

    assertThat(tell("one more", "x")).isFalse();
    assertThat(tell("change 1", "y")).isTrue();
  }

  // ---- the end

  @Test
  void the_end_of_the_session_ends_standing_streams_and_lets_calls_finish() {
    Attached call = streams.openForCall();
    Attached standing = streams.openStanding().orElseThrow();

    streams.close();

    assertThat(streams.next(standing)).isInstanceOf(Step.End.class);
    assertThat(streams.openStanding()).isEmpty();
    assertThat(tell("a", "a")).isFalse();
    last(call, "cancelled");
    assertThat(take(streams, call)).containsExactly("cancelled");
  }

  @Test
  void nothing_can_be_said_after_the_end_of_a_stream() {
    Attached call = streams.openForCall();
    last(call, "reply");

    assertThat(streams.append(call.log(), "late".getBytes(UTF_8), false)).isFalse();
    assertThat(take(streams, call)).containsExactly("reply");
  }

  // ---- hands

  private void say(Attached stream, String what) {
    assertThat(streams.append(stream.log(), what.getBytes(UTF_8), false)).isTrue();
  }

  private void last(Attached stream, String what) {
    assertThat(streams.append(stream.log(), what.getBytes(UTF_8), true)).isTrue();
  }

  private boolean tell(String name, String what) {
    return streams.tell(name, what.getBytes(UTF_8));
  }

  private Optional<String> step(Attached by) {
    if (streams.next(by) instanceof Step.Send(var event)) {
      streams.sent(by, event);
      return Optional.of(new String(event.data(), UTF_8));
    }
    return Optional.empty();
  }

  /** Takes all there is until the stream ends. */
  private static List<String> take(SessionStreams streams, Attached by) {
    List<String> got = new ArrayList<>();
    while (streams.next(by) instanceof Step.Send(var event)) {
      got.add(new String(event.data(), UTF_8));
      streams.sent(by, event);
    }
    return got;
  }
}
