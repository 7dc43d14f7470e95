package dev.sallyport.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a wait ends (CN-06). */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WatchTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final FakeWire wire = new FakeWire();
  private final Call call = wire.calls().begin().orElseThrow();
  private final Mail.Answered answer =
      new Mail.Answered(new Message.Result(call.id(), JsonObject.EMPTY));
  private final AtomicInteger told = new AtomicInteger();

  private static Mail.Notified log(int number) {
    return new Mail.Notified(
        new Message.Notification(
            "notifications/message",
            JsonObject.of("level", Json.of("info"), "data", Json.of(number))));
  }

  private static Mail.Notified progress(int number) {
    return new Mail.Notified(
        new Message.Notification(
            "notifications/progress", JsonObject.of("progress", Json.of(number))));
  }

  /** As from a server that always has said more by the time its client has read what it said. */
  private Exchange flooded(IntFunction<Mail> next) {
    call.put(next.apply(0));
    return exchange(() -> call.put(next.apply(told.incrementAndGet())));
  }

  private static Exchange exchange(Runnable onNotification) {
    return new Exchange(
        "tools/call",
        JsonObject.EMPTY,
        Optional.empty(),
        Origin.of(new Caller("key", "alice", "k1"), "test"),
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, JsonObject.EMPTY, Optional.empty(), LogLevel.of("info")),
        Optional.of(Json.of("token")),
        _ -> onNotification.run(),
        new Cancellation());
  }

  @Test
  void who_logs_without_end_is_quiet_all_the_same() {
    Watch watch = new Watch(SHORT, LONG);

    assertThat(watch.await(flooded(WatchTest::log), call, watch.end()))
        .isEqualTo(new Watch.Turn.TimedOut());
  }

  @Test
  void who_progresses_without_end_meets_the_cap() {
    Watch watch = new Watch(LONG, SHORT);

    assertThat(watch.await(flooded(WatchTest::progress), call, watch.end()))
        .isEqualTo(new Watch.Turn.TimedOut());
  }

  @Test
  void progress_that_waits_behind_a_slow_client_breaks_the_quiet() {
    Watch watch = new Watch(Duration.ZERO, LONG);
    call.put(log(1));
    call.put(progress(1));
    Exchange exchange = exchange(() -> call.put(answer));

    assertThat(watch.await(exchange, call, watch.end()))
        .isEqualTo(new Watch.Turn.Answered(answer.reply()));
  }

  @Test
  void progress_that_does_not_progress_does_not() {
    Watch watch = new Watch(Duration.ZERO, LONG);
    assertThat(call.advancesTo(2)).isTrue();
    call.put(progress(1));

    assertThat(watch.await(exchange(() -> {}), call, watch.end()))
        .isEqualTo(new Watch.Turn.TimedOut());
  }

  @Test
  void an_answer_that_is_there_counts_however_late_it_is() {
    Watch watch = new Watch(LONG, LONG);
    call.put(log(1));
    call.put(new Mail.Asked());
    call.put(answer);

    assertThat(watch.await(exchange(() -> {}), call, System.nanoTime()))
        .isEqualTo(new Watch.Turn.Answered(answer.reply()));
  }

  @Test
  void a_question_wins_a_quiet_call_time_but_none_beyond_the_cap() {
    Watch watch = new Watch(Duration.ZERO, LONG);
    call.put(new Mail.Asked());
    assertThat(watch.await(exchange(() -> {}), call, watch.end()))
        .isEqualTo(new Watch.Turn.Asked());

    call.put(new Mail.Asked());
    assertThat(watch.await(exchange(() -> {}), call, System.nanoTime()))
        .isEqualTo(new Watch.Turn.TimedOut());
  }
}
