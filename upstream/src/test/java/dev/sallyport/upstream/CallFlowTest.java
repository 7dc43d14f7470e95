package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.failed;
import static dev.sallyport.upstream.Fakes.json;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.stdio.ServerNotice;
import dev.sallyport.upstream.stdio.WireBounds;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Remark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens round a call: progress, log messages, cancellation, time limits, crashes. */
final class CallFlowTest {
  private static final Fakes SHARED = new Fakes();

  private final Fakes fakes = new Fakes();

  @AfterAll
  static void nothing_shared_is_left() throws Exception {
    SHARED.close();
  }

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  private static UnaryOperator<UpstreamOptions> limits(long callMillis, long longestMillis) {
    return options -> {
      UpstreamOptions.Patience patience = options.patience();
      return options.withPatience(
          new UpstreamOptions.Patience(
              patience.probe(),
              patience.handshake(),
              Duration.ofMillis(callMillis),
              Duration.ofMillis(longestMillis),
              patience.questions(),
              patience.eof(),
              patience.term()));
    };
  }

  private static List<String> heard(Fakes.Ask ask, String member) {
    return ask.heard.stream()
        .map(notification -> notification.params().get(member).map(Json::text).orElse("-"))
        .toList();
  }

  private static List<JsonObject> received(UpstreamServer server) throws Exception {
    List<JsonObject> lines = new ArrayList<>();
    for (Json line : Json.parse(text(call("received").of(server))).asArray().orElseThrow()) {
      lines.add(line.asObject().orElseThrow());
    }
    return lines;
  }

  private static JsonObject waitFor(UpstreamServer server, String method) throws Exception {
    List<JsonObject> found = new ArrayList<>();
    Fakes.until(
        method,
        () -> {
          try {
            received(server).stream()
                .filter(line -> line.string("method").filter(method::equals).isPresent())
                .forEach(found::add);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return !found.isEmpty();
        });
    return found.getLast();
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void progress_carries_the_callers_own_token_and_only_increases(String era) throws Exception {
    UpstreamServer server = SHARED.shared(era);
    Fakes.Ask ask = call("progress", "{'values':[0,50,50,20,99.5,100]}").token(Json.of("my-token"));

    assertThat(text(ask.of(server))).isEqualTo("done");

    assertThat(heard(ask, "progress")).containsExactly("0", "50", "99.5", "100");
    assertThat(heard(ask, "progressToken")).containsOnly("\"my-token\"");
    assertThat(heard(ask, "total")).containsOnly("100");
  }

  @Test
  void a_number_as_token_stays_a_number() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("progress", "{'values':[1]}").token(Json.of(7));

    ask.of(server);

    assertThat(heard(ask, "progressToken")).containsExactly("7");
  }

  @Test
  void progress_nobody_asked_for_is_dropped() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Ask ask = call("progress", "{'values':[1,2]}");

    assertThat(text(ask.of(server))).isEqualTo("done");

    assertThat(ask.heard).isEmpty();
    assertThat(fakes.remark(Remark.Misbehaved.class).fault()).isEqualTo(Fault.UNKNOWN_PROGRESS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void log_messages_reach_the_only_call_at_the_level_it_wants(String era) throws Exception {
    UpstreamServer server = SHARED.shared(era);
    Fakes.Ask ask = call("log").logging("warning");

    ask.of(server);

    assertThat(heard(ask, "level")).containsExactly("\"warning\"", "\"error\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void a_call_that_asked_for_no_log_messages_gets_none(String era) throws Exception {
    UpstreamServer server = SHARED.shared(era);
    Fakes.Ask ask = call("log");

    ask.of(server);

    assertThat(ask.heard).isEmpty();
  }

  @Test
  void a_legacy_server_is_set_to_the_most_verbose_level_in_use_and_only_when_it_changes()
      throws Exception {
    UpstreamServer server = fakes.server();
    for (String level : List.of("warning", "error", "info", "warning")) {
      call("log").logging(level).of(server);
    }

    assertThat(
            received(server).stream()
                .filter(
                    line -> line.string("method").filter("logging/setLevel"::equals).isPresent())
                .map(line -> line.object("params").orElseThrow().string("level").orElseThrow()))
        .containsExactly("warning", "info");
  }

  @Test
  void a_legacy_log_message_with_two_calls_in_progress_is_the_operators_alone() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Hanging hanging = fakes.hang(server, call("hang").logging("debug"));
    Fakes.Ask logging = call("log").logging("debug");

    logging.of(server);

    assertThat(logging.heard).isEmpty();
    assertThat(hanging.ask().heard).isEmpty();
    assertThat(fakes.remark(Remark.Unattributed.class).params()).contains("at debug");
    hanging.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void cancelling_reaches_the_child_with_the_childs_own_id(String era) throws Exception {
    UpstreamServer server = fakes.server(era);
    Fakes.Ask ask = call("hang");
    Fakes.Running running = ask.start(server);
    JsonObject request = hangRequest(server);

    ask.cancellation.cancel();

    assertThat(running.outcome()).isEqualTo(new Outcome.Cancelled());
    JsonObject cancelled = waitFor(server, "notifications/cancelled");
    assertThat(cancelled.object("params").orElseThrow().get("requestId"))
        .isEqualTo(request.get("id"));
    assertThat(cancelled.has("id")).isFalse();
  }

  private static JsonObject hangRequest(UpstreamServer server) throws Exception {
    List<JsonObject> found = new ArrayList<>();
    Fakes.until(
        "the call that hangs",
        () -> {
          try {
            received(server).stream()
                .filter(line -> line.toJson().text().contains("\"hang\""))
                .forEach(found::add);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  @Test
  void an_exchange_that_is_cancelled_already_never_reaches_the_child() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("hang");
    ask.cancellation.cancel();

    assertThat(ask.of(server)).isEqualTo(new Outcome.Cancelled());

    assertThat(text(call("received").of(server))).doesNotContain("hang");
  }

  @Test
  void a_call_that_takes_too_long_is_cancelled_and_fails() throws Exception {
    UpstreamServer server = fakes.server(limits(300, 5_000));
    Fakes.Running other =
        call("progress", "{'values':[1,2,3,4,5,6,7,8],'pause':100}")
            .token(Json.of(1))
            .start(server);

    Outcome outcome = call("hang").of(server);

    assertThat(failed(outcome).error().code()).isEqualTo(-32603);
    assertThat(failed(outcome).error().message()).isEqualTo("upstream timed out");
    // Progress keeps the other one going for longer than the limit.
    assertThat(text(other.outcome())).isEqualTo("done");
    assertThat(waitFor(server, "notifications/cancelled").toJson().text()).contains("too long");
  }

  @Test
  void however_much_progress_there_is_a_call_ends_at_the_cap() throws Exception {
    UpstreamServer server = fakes.server(limits(400, 700));
    String values = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20";

    Outcome outcome =
        call("progress", "{'values':[" + values + "],'pause':100}").token(Json.of(1)).of(server);

    assertThat(failed(outcome).error().message()).isEqualTo("upstream timed out");
  }

  @Test
  void a_child_that_said_nothing_for_the_whole_time_is_replaced() throws Exception {
    UpstreamServer server = fakes.server(limits(500, 5_000));
    String first = text(call("pid").of(server));
    Fakes.freeze(first);

    assertThat(failed(call("pid").of(server)).error().message()).isEqualTo("upstream timed out");

    // A call that begins while the child is asked whether it lives ends with the child.
    Outcome next = call("pid").of(server);
    Outcome settled = next instanceof Outcome.Failed ? call("pid").of(server) : next;
    assertThat(text(settled)).isNotEqualTo(first);
  }

  @Test
  void a_child_that_is_only_slow_keeps_what_it_remembers() throws Exception {
    UpstreamServer server = fakes.server(limits(400, 5_000));
    String first = text(call("pid").of(server));

    assertThat(failed(call("hang").of(server)).error().message()).isEqualTo("upstream timed out");

    assertThat(text(call("pid").of(server))).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void a_child_that_does_not_even_answer_a_ping_is_replaced_whatever_else_is_in_progress(String era)
      throws Exception {
    UpstreamServer server = fakes.server(limits(1_600, 10_000), era);
    String first = text(call("pid").of(server));
    call("args").by(BOB).of(server);
    Fakes.freeze(first);
    Fakes.Running older = call("hang").start(server);
    passHalfTheLimit(server);
    Fakes.Running younger = call("pid").start(server);

    assertThat(failed(older.outcome()).error().message()).isEqualTo("upstream timed out");
    // Long before its own time is over.
    assertThat(failed(younger.outcome()).error().message()).isEqualTo("upstream terminated");
    assertThat(text(call("pid").of(server))).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void a_child_that_is_slow_with_one_call_keeps_its_younger_calls(String era) throws Exception {
    UpstreamServer server = fakes.server(limits(1_600, 10_000), era);
    String first = text(call("pid").of(server));
    call("args").by(BOB).of(server);
    Fakes.Running older = call("hang").start(server);
    passHalfTheLimit(server);
    Fakes.Running younger = call("late", "{'n':1200}").start(server);

    assertThat(failed(older.outcome()).error().message()).isEqualTo("upstream timed out");
    assertThat(text(younger.outcome())).isEqualTo("late");
    assertThat(text(call("pid").of(server))).isEqualTo(first);
  }

  /** On another child, so that the one under test stays silent. */
  private static void passHalfTheLimit(UpstreamServer server) throws Exception {
    assertThat(text(call("late", "{'n':800}").by(BOB).of(server))).isEqualTo("late");
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void a_crash_answers_every_pending_call_and_the_next_call_starts_a_new_child(String era)
      throws Exception {
    UpstreamServer server = fakes.server(era);
    String first = text(call("pid").of(server));
    List<Fakes.Running> pending = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pending.add(call("hang").start(server));
    }
    Fakes.until(
        "all five are there",
        () -> text(call("received").of(server)).split("\"hang\"", -1).length == 6);

    pending.add(call("die").start(server));

    for (Fakes.Running each : pending) {
      assertThat(failed(each.outcome()).error().code()).isEqualTo(-32603);
      assertThat(failed(each.outcome()).error().message()).isEqualTo("upstream terminated");
    }
    assertThat(text(call("pid").of(server))).isNotEqualTo(first);
    // T13: nothing was run again.
    assertThat(text(call("received").of(server))).doesNotContain("hang").doesNotContain("die");
    ServerNotice.Exited exited = fakes.notice(ServerNotice.Exited.class);
    while (!Long.toString(exited.pid()).equals(first)) {
      exited = fakes.notice(ServerNotice.Exited.class);
    }
    assertThat(exited.expected()).isFalse();
    assertThat(exited.exitCode()).hasValue(9);
    assertThat(exited.callsLost()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "close-stdout"})
  void an_output_that_ends_in_mid_answer_is_a_crash(String tool) throws Exception {
    UpstreamServer server = fakes.server();

    assertThat(failed(call(tool).of(server)).error().message()).isEqualTo("upstream terminated");

    assertThat(text(call("args").of(server))).isEqualTo("[]");
  }

  @Test
  void a_crash_of_one_callers_child_is_nothing_to_another() throws Exception {
    UpstreamServer server = fakes.server();
    String bobs = text(call("pid").by(BOB).of(server));
    Fakes.Hanging hanging = fakes.hang(server, call("hang").by(BOB));

    call("die").by(ALICE).of(server);

    assertThat(text(call("pid").by(BOB).of(server))).isEqualTo(bobs);
    assertThat(hanging.running().isDone()).isFalse();
    hanging.end();
  }

  @Test
  void a_slow_client_loses_old_notifications_but_no_answer_and_holds_up_nobody() throws Exception {
    UpstreamServer server = fakes.server();
    CountDownLatch slow = new CountDownLatch(1);
    Fakes.Ask flooded = call("flood", "{'n':10000}").logging("info");
    flooded.onHeard = notification -> awaitQuietly(slow);
    Fakes.Running running = flooded.start(server);

    assertThat(text(call("args").logging("error").of(server))).isEqualTo("[]");
    while (true) {
      Remark.Misbehaved misbehaved = fakes.remark(Remark.Misbehaved.class);
      if (misbehaved.fault() == Fault.NOTIFICATION_DROPPED && misbehaved.times() == 1_000) {
        break;
      }
    }
    slow.countDown();

    assertThat(text(running.outcome())).isEqualTo("done");
    assertThat(flooded.heard.size()).isBetween(1, 9_500);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void answers_far_larger_than_a_pipe_arrive_whole() throws Exception {
    UpstreamServer server = SHARED.shared();

    assertThat(text(call("big", "{'n':3000000}").of(server))).hasSize(3_000_000);
  }

  @Test
  void an_answer_beyond_the_bound_fails_its_call_and_nothing_else() throws Exception {
    WireBounds bounds = WireBounds.DEFAULT;
    UpstreamServer server =
        fakes.server(
            options ->
                options.withWire(
                    new WireBounds(
                        50_000,
                        bounds.queueBytes(),
                        bounds.writeDeadline(),
                        bounds.calls(),
                        bounds.notifications(),
                        bounds.notificationBytes(),
                        bounds.garbage())));

    assertThat(failed(call("big", "{'n':100000}").of(server)).error().message())
        .isEqualTo("The server's answer is larger than allowed");
    assertThat(text(call("big", "{'n':10}").of(server))).isEqualTo("yyyyyyyyyy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void an_answer_that_cannot_be_read_ends_its_call_at_once(String era) throws Exception {
    UpstreamServer server = fakes.server(limits(30_000, 60_000), era);

    assertThat(failed(call("unreadable").of(server)).error().message())
        .isEqualTo("The server's answer could not be read");
    // Whatever else cannot be read is no answer.
    assertThat(text(call("unreadable-notification").of(server))).isEqualTo("said");
  }

  @Test
  void stray_lines_are_skipped() throws Exception {
    UpstreamServer server = SHARED.shared();

    assertThat(text(call("garbage", "{'n':900}").of(server))).isEqualTo("done");
    assertThat(text(call("garbage", "{'n':900}").of(server))).isEqualTo("done");
  }

  @Test
  void a_server_that_writes_all_ids_as_strings_is_understood() throws Exception {
    UpstreamServer server = fakes.server("string-ids");

    assertThat(server.facts().tools()).isEqualTo(2);
    assertThat(text(call("big", "{'n':3}").of(server))).isEqualTo("yyy");
    assertThat(fakes.remark(Remark.Misbehaved.class).fault()).isEqualTo(Fault.ID_AS_STRING);
  }

  @Test
  void nothing_but_stray_lines_is_a_fault() throws Exception {
    UpstreamServer server = fakes.server();

    assertThat(failed(call("garbage", "{'n':2000}").of(server)).error().message())
        .isEqualTo("upstream terminated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'jsonrpc':'2.0','id':$ID,'result':5}",
        "{'jsonrpc':'2.0','id':$ID,'error':'no'}",
        "{'jsonrpc':'1.0','id':$ID,'result':{}}",
        "{'id':$ID,'result':{}}"
      })
  void a_malformed_answer_ends_its_call(String line) throws Exception {
    UpstreamServer server = SHARED.shared();
    JsonObject arguments = JsonObject.of("line", Json.of(line.replace('\'', '"')));

    Outcome outcome =
        new Fakes.Ask(
                "tools/call",
                JsonObject.of("name", Json.of("raw-line"), "arguments", arguments.toJson()))
            .of(server);

    assertThat(failed(outcome).error().message()).isEqualTo("The server's answer was malformed");
    assertThat(text(call("args").of(server))).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'jsonrpc':'2.0','id':$ID,'method':5}",
        "{'jsonrpc':'1.0','id':$ID,'method':'ping'}",
        "{'jsonrpc':'2.0','id':$ID,'method':'ping','params':[]}",
        "{'jsonrpc':'2.0','id':$ID,'method':'ping','result':{}}"
      })
  void a_malformed_request_ends_no_call_of_the_same_id(String line) throws Exception {
    UpstreamServer server = fakes.server();
    String answer = "{'jsonrpc':'2.0','id':$ID,'result':{'a':1}}";
    JsonObject arguments =
        JsonObject.of("line", Json.of((line + "\n" + answer).replace('\'', '"')));

    Outcome outcome =
        new Fakes.Ask(
                "tools/call",
                JsonObject.of("name", Json.of("raw-line"), "arguments", arguments.toJson()))
            .of(server);

    assertThat(outcome).isEqualTo(new Outcome.Complete(json("{'a':1}")));
    assertThat(fakes.remark(Remark.Misbehaved.class).fault()).isEqualTo(Fault.NOT_A_MESSAGE);
  }

  @Test
  void an_array_of_messages_is_taken_apart() throws Exception {
    UpstreamServer server = SHARED.shared();
    String line = "[{\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":{\"a\":1}}]";
    JsonObject arguments = JsonObject.of("line", Json.of(line));

    Outcome outcome =
        new Fakes.Ask(
                "tools/call",
                JsonObject.of("name", Json.of("raw-line"), "arguments", arguments.toJson()))
            .of(server);

    assertThat(outcome).isEqualTo(new Outcome.Complete(json("{'a':1}")));
  }

  @Test
  void a_child_that_reads_nothing_is_given_up_once_its_queue_is_full() throws Exception {
    WireBounds bounds = WireBounds.DEFAULT;
    UpstreamServer server =
        fakes.server(
            options ->
                options.withWire(
                    new WireBounds(
                        bounds.lineBytes(),
                        100_000,
                        Duration.ofMillis(300),
                        bounds.calls(),
                        bounds.notifications(),
                        bounds.notificationBytes(),
                        bounds.garbage())));
    String first = text(call("pid").of(server));
    Fakes.freeze(first);
    String padding = "p".repeat(90_000);
    List<Fakes.Running> pending = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pending.add(call("echo", "{'padding':'" + padding + "'}").start(server));
    }

    for (Fakes.Running each : pending) {
      assertThat(failed(each.outcome()).error().message()).isEqualTo("upstream terminated");
    }
    assertThat(text(call("pid").of(server))).isNotEqualTo(first);
  }

  @Test
  void too_many_calls_at_once_are_turned_away() throws Exception {
    WireBounds bounds = WireBounds.DEFAULT;
    UpstreamServer server =
        fakes.server(
            options ->
                options.withWire(
                    new WireBounds(
                        bounds.lineBytes(),
                        bounds.queueBytes(),
                        bounds.writeDeadline(),
                        2,
                        bounds.notifications(),
                        bounds.notificationBytes(),
                        bounds.garbage())));
    Fakes.Hanging one = fakes.hang(server, call("hang"));
    Fakes.Hanging two = fakes.hang(server, call("hang"));

    assertThat(call("args").of(server))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal().reason().httpStatus()).isEqualTo(503));

    one.end();
    assertThat(text(call("args").of(server))).isEqualTo("[]");
    two.end();
  }

  @Test
  void two_callers_with_a_thousand_calls_see_only_their_own() throws Exception {
    // All of them are in progress at once when the machine is slow.
    WireBounds roomy =
        new WireBounds(16 << 20, 8 << 20, Duration.ofSeconds(10), 1_000, 256, 1 << 20, 1_000);
    UpstreamServer server = fakes.server(options -> options.withWire(roomy));
    List<Fakes.Running> running = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String nonce = (i % 2 == 0 ? "alice-" : "bob-") + i;
      expected.add(nonce);
      running.add(
          call("echo", "{'nonce':'" + nonce + "'}").by(i % 2 == 0 ? ALICE : BOB).start(server));
      if (running.size() % 100 == 0) {
        running.get(i).outcome();
      }
    }
    for (int i = 0; i < running.size(); i++) {
      assertThat(text(running.get(i).outcome())).contains("\"" + expected.get(i) + "\"");
    }
    assertThat(text(call("received").by(ALICE).of(server))).doesNotContain("bob-");
    assertThat(text(call("received").by(BOB).of(server))).doesNotContain("alice-");
  }

  @Test
  void a_ping_from_the_child_is_answered() throws Exception {
    UpstreamServer server = fakes.server("ping-at-once");

    Fakes.until(
        "the pong",
        () ->
            text(call("received").of(server))
                .contains("{\"jsonrpc\":\"2.0\",\"id\":\"ping-1\",\"result\":{}}"));
  }

  @Test
  void completion_context_is_kept_from_versions_that_do_not_know_it() throws Exception {
    String params = "{'ref':{},'argument':{},'context':{'arguments':{}}}";
    UpstreamServer old = fakes.server("version=2025-03-26");
    UpstreamServer newer = fakes.server("version=2025-06-18");

    assertThat(seen(Fakes.ask("completion/complete", params).of(old)).has("context")).isFalse();
    assertThat(seen(Fakes.ask("completion/complete", params).of(newer)).has("context")).isTrue();
  }

  private static JsonObject seen(Outcome outcome) {
    return ((Outcome.Complete) outcome)
        .result()
        .object("completion")
        .orElseThrow()
        .object("seen")
        .orElseThrow();
  }

  @Test
  void notifications_arrive_before_the_answer_and_none_after() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("progress", "{'values':[1,2,3]}").token(Json.of(1));
    List<Message.Notification> before = new ArrayList<>();

    ask.of(server);
    ask.heard.drainTo(before);
    call("args").of(server);

    assertThat(before).hasSize(3);
    assertThat(ask.heard).isEmpty();
  }
}
