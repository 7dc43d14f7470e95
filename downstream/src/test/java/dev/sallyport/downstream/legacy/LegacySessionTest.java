package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static dev.sallyport.downstream.legacy.TestSession.EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of a session, without a transport. */
final class LegacySessionTest {
  private static final String DISCOVERED =
      "{\"capabilities\":{\"tools\":{},\"resources\":{\"subscribe\":true},\"logging\":{}}}";
  private static final Question NAME =
      new Question("name", "elicitation/create", object("{\"message\":\"Your name?\"}"));
  private static final Question ROOTS = new Question("roots", "roots/list", JsonObject.EMPTY);
  private static final Question SAMPLE =
      new Question("sample", "sampling/createMessage", object("{\"messages\":[]}"));

  private final ScriptedHandler handler =
      new ScriptedHandler().answer("server/discover", DISCOVERED);

  // ---- plain requests

  @Test
  void a_request_reaches_the_handler_in_the_modern_form() {
    handler.answer("tools/call", "{\"content\":[]}");
    TestSession session = TestSession.open(handler, "2025-06-18", EVERYTHING);

    session.call(
        "tools/call",
        """
        {"name":"t","arguments":{"a":1.0},
         "_meta":{"progressToken":"p","io.modelcontextprotocol/protocolVersion":"2026-07-28",
                  "vendor.example/x":true}}
        """);

    Exchange exchange = handler.only("tools/call");
    assertThat(exchange.params().toJson().text())
        .isEqualTo(
            "{\"name\":\"t\",\"arguments\":{\"a\":1.0},\"_meta\":{\"vendor.example/x\":true}}");
    assertThat(exchange.progressToken()).contains(Json.of("p"));
    assertThat(exchange.caller()).isEqualTo(TestSession.ANNA);
    assertThat(exchange.client().version().text()).isEqualTo("2025-06-18");
    assertThat(exchange.client().capabilities().toJson().text())
        .isEqualTo("{\"roots\":{},\"sampling\":{},\"elicitation\":{\"form\":{}}}");
    assertThat(exchange.client().logLevel()).isEmpty();
    assertThat(exchange.continuation()).isEmpty();
  }

  @Test
  void ids_come_back_with_their_type_and_text() { // JR-03
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    for (RpcId id : List.of(RpcId.of(1), RpcId.of("1"), RpcId.of(-5))) {
      Ending ending =
          session.session.handle(
              new Message.Request(id, "tools/list", JsonObject.EMPTY), Claims.NONE, new Recorded());
      assertThat(((Ending.Replied) ending).reply()).extracting("id").isEqualTo(id);
    }
  }

  @Test
  void ping_is_answered_here() { // LH-19
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    assertThat(session.call("ping", "{}").isEmpty()).isTrue();
    assertThat(handler.count("ping")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo/bar",
        "server/discover",
        "subscriptions/listen",
        "tasks/get",
        "sampling/createMessage",
        "roots/list",
        "notifications/initialized",
        ""
      })
  void unknown_methods_and_those_of_another_era_or_direction_are_not_found(String method) { // JR-13
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");
    int before = handler.count("server/discover");

    assertThat(session.fail(method, "{}").code()).isEqualTo(RpcError.METHOD_NOT_FOUND);
    assertThat(handler.count("server/discover")).isEqualTo(before);
  }

  @Test
  void a_session_is_initialized_once() {
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    assertThat(
            session
                .fail("initialize", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}")
                .code())
        .isEqualTo(RpcError.INVALID_REQUEST);
  }

  @Test
  void errors_refusals_and_broken_handlers_end_a_request_each_in_its_way() {
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    handler.on("resources/read", _ -> new Outcome.Failed(RpcError.resourceNotFound("a:b")));
    assertThat(session.fail("resources/read", "{}").code()).isEqualTo(-32002); // LH-25

    handler.on(
        "tools/call",
        _ -> new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "slow down")));
    assertThat(session.start(1, "tools/call", "{}").ending()).isInstanceOf(Ending.Refused.class);

    handler.on(
        "tools/call",
        _ -> {
          throw new IllegalStateException("a secret");
        });
    assertThat(session.fail("tools/call", "{}").message()).isEqualTo("Internal error");

    handler.answer("tools/call", "{\"resultType\":\"task\"}");
    assertThat(session.fail("tools/call", "{}").code()).isEqualTo(RpcError.INTERNAL);

    assertThat(session.session.isBusy()).isFalse();
  }

  @Test
  void notifications_come_before_the_ending_and_none_after_it() { // PR-02
    AtomicReference<Exchange> kept = new AtomicReference<>();
    handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(progress("5", "1"));
          exchange.notify(notification("notifications/tools/list_changed", "{}"));
          exchange.notify(notification("notifications/message", "{\"level\":\"info\"}"));
          kept.set(exchange);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    TestSession.Running running =
        session.start(1, "tools/call", "{\"_meta\":{\"progressToken\":5}}");
    running.result();
    kept.get().notify(progress("5", "2"));

    assertThat(running.sink.nextNotification().method()).isEqualTo("notifications/progress");
    assertThat(running.sink.nextNotification().method()).isEqualTo("notifications/message");
    assertThat(running.sink.isEmpty()).isTrue();
  }

  @Test
  void a_handler_may_let_the_connection_go_and_the_client_hears_nothing_of_it() { // LH-09
    handler.on(
        "tools/call",
        exchange -> {
          exchange.closeStream();
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    TestSession.Running running = session.start(1, "tools/call", "{}");
    running.result();

    assertThat(running.sink.closes()).isEqualTo(1);
    assertThat(running.sink.isEmpty()).isTrue();
  }

  @Test
  void progress_is_what_was_asked_for_and_grows() { // PR-01, PR-03
    handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(progress("5", "1"));
          exchange.notify(progress("5", "1"));
          exchange.notify(progress("5", "0.5"));
          exchange.notify(progress("\"5\"", "2"));
          exchange.notify(progress("5", "\"2\""));
          exchange.notify(progress("5", "3"));
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    TestSession.Running asked = session.start(1, "tools/call", "{\"_meta\":{\"progressToken\":5}}");
    asked.result();
    assertThat(asked.sink.nextNotification().params().get("progress")).contains(Json.of(1));
    assertThat(asked.sink.nextNotification().params().get("progress")).contains(Json.of(3));
    assertThat(asked.sink.isEmpty()).isTrue();

    TestSession.Running unasked = session.start(2, "tools/call", "{}");
    unasked.result();
    assertThat(unasked.sink.isEmpty()).isTrue();
  }

  private static Message.Notification progress(String token, String number) {
    return notification(
        "notifications/progress", "{\"progressToken\":" + token + ",\"progress\":" + number + "}");
  }

  // ---- log level

  @Test
  void log_messages_are_as_severe_as_was_asked_for() { // LH-20
    handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(notification("notifications/message", "{\"level\":\"info\"}"));
          exchange.notify(notification("notifications/message", "{\"level\":\"error\"}"));
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");
    session.call("logging/setLevel", "{\"level\":\"warning\"}");

    TestSession.Running call = session.start(1, "tools/call", "{}");
    call.result();

    assertThat(call.sink.nextNotification().params().string("level")).contains("error");
    assertThat(call.sink.isEmpty()).isTrue();
  }

  @Test
  void the_log_level_holds_for_the_requests_that_follow() { // LH-20, row 8
    handler.answer("tools/call", "{}");
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    assertThat(session.call("logging/setLevel", "{\"level\":\"debug\"}").isEmpty()).isTrue();
    session.call("tools/call", "{}");

    assertThat(handler.only("tools/call").client().logLevel()).contains(LogLevel.DEBUG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\":\"loud\"}", "{\"level\":5}", "{\"level\":\"DEBUG\"}"})
  void a_log_level_that_is_none_is_refused(String params) {
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    assertThat(session.fail("logging/setLevel", params).code()).isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_server_without_logging_has_no_such_method() { // JR-14
    handler.answer("server/discover", "{\"capabilities\":{}}");
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    assertThat(session.fail("logging/setLevel", "{\"level\":\"debug\"}").code())
        .isEqualTo(RpcError.METHOD_NOT_FOUND);
  }

  // ---- cancellation

  @Test
  void a_cancelled_request_is_stopped_and_gets_no_answer() { // CN-02, LH-22
    CountDownLatch running = handlerThatWaitsForCancellation();
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");
    TestSession.Running call = session.start(5, "tools/call", "{}");
    await(running);

    session.notice("notifications/cancelled", "{\"requestId\":5,\"reason\":\"enough\"}");

    assertThat(call.ending()).isInstanceOf(Ending.Silent.class);
    assertThat(session.session.isBusy()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"requestId\":6}",
        "{\"requestId\":\"5\"}",
        "{\"requestId\":null}",
        "{\"requestId\":5.0}",
        "{\"requestId\":{}}"
      })
  void a_cancellation_of_nothing_in_progress_is_ignored(String params) { // CN-03
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          await(go);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");
    TestSession.Running call = session.start(5, "tools/call", "{}");
    await(running);

    session.notice("notifications/cancelled", params);
    go.countDown();

    assertThat(call.result().isEmpty()).isTrue();
  }

  @Test
  void a_session_cannot_cancel_what_another_one_asked() { // security T50
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          await(go);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    TestSession one = TestSession.open(handler, "2025-11-25", "{}");
    TestSession other = TestSession.open(handler, "2025-11-25", "{}");
    TestSession.Running call = one.start(5, "tools/call", "{}");
    await(running);

    other.notice("notifications/cancelled", "{\"requestId\":5}");
    go.countDown();

    assertThat(call.result().isEmpty()).isTrue();
  }

  @Test
  void an_id_in_progress_is_refused_and_free_again_afterwards() { // LH-23
    CountDownLatch running = handlerThatWaitsForCancellation();
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");
    TestSession.Running call = session.start(5, "tools/call", "{}");
    await(running);

    assertThat(session.start(5, "tools/list", "{}").error().code())
        .isEqualTo(RpcError.INVALID_REQUEST);

    session.notice("notifications/cancelled", "{\"requestId\":5}");
    call.ending();
    assertThat(session.start(5, "tools/list", "{}").result().has("tools")).isTrue();
  }

  @Test
  void the_end_of_a_session_ends_its_requests_with_an_error() {
    CountDownLatch running = handlerThatWaitsForCancellation();
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");
    TestSession.Running call = session.start(5, "tools/call", "{}");
    await(running);

    session.session.close();

    assertThat(call.error().code()).isEqualTo(RpcError.INTERNAL);
    assertThat(session.fail("tools/list", "{}").code()).isEqualTo(RpcError.INTERNAL);
  }

  // ---- questions (mcp-reference 2.3)

  @Test
  void a_question_is_a_request_of_ours_and_its_answer_continues_the_call() {
    asks(List.of(NAME), "handle-1");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{\"name\":\"t\"}");

    Message.Request question = call.sink.nextRequest();
    assertThat(question.method()).isEqualTo("elicitation/create");
    assertThat(question.params().string("message")).contains("Your name?");
    session.answer(
        question.id(), "{\"action\":\"accept\",\"content\":{\"n\":\"A\"},\"_meta\":{\"x\":1}}");

    assertThat(call.result().has("done")).isTrue();
    Exchange second = handler.all("tools/call").getLast();
    assertThat(second.params().string("name")).contains("t");
    assertThat(second.continuation().orElseThrow().handle()).contains("handle-1");
    assertThat(second.continuation().orElseThrow().answers().toJson().text())
        .isEqualTo(
            "{\"name\":{\"action\":\"accept\",\"content\":{\"n\":\"A\"},\"_meta\":{\"x\":1}}}");
  }

  @Test
  void what_is_not_for_the_user_is_asked_at_once_and_all_is_answered_by_key() {
    asks(List.of(NAME, ROOTS, SAMPLE), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");

    List<Message.Request> asked =
        List.of(call.sink.nextRequest(), call.sink.nextRequest(), call.sink.nextRequest());
    for (Message.Request question : asked.reversed()) {
      session.answer(question.id(), "{\"of\":\"" + question.method() + "\"}");
    }

    call.result();
    assertThat(asked)
        .extracting(Message.Request::method)
        .containsExactlyInAnyOrder("elicitation/create", "roots/list", "sampling/createMessage");
    assertThat(asked).extracting(Message.Request::id).doesNotHaveDuplicates(); // LH-23
    JsonObject answers = handler.all("tools/call").getLast().continuation().orElseThrow().answers();
    assertThat(answers.object("roots").flatMap(answer -> answer.string("of")))
        .contains("roots/list");
    assertThat(answers.object("sample").flatMap(answer -> answer.string("of")))
        .contains("sampling/createMessage");
  }

  @Test
  void a_user_is_asked_one_thing_after_the_other() {
    Question again = new Question("again", NAME.method(), NAME.params());
    asks(List.of(NAME, again), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");

    Message.Request first = call.sink.nextRequest();
    assertThat(call.sink.isEmpty()).isTrue();
    session.answer(first.id(), "{\"action\":\"accept\"}");
    session.answer(call.sink.nextRequest().id(), "{\"action\":\"decline\"}");

    call.result();
    JsonObject answers = handler.all("tools/call").getLast().continuation().orElseThrow().answers();
    assertThat(answers.object("again").flatMap(answer -> answer.string("action")))
        .contains("decline");
  }

  @Test
  void one_that_is_refused_does_not_end_the_others() {
    asks(List.of(ROOTS, SAMPLE), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");

    Message.Request roots = call.sink.nextRequest();
    Message.Request sample = call.sink.nextRequest();
    declines(session, roots.id(), -1);
    session.answer(sample.id(), "{\"role\":\"assistant\"}");

    call.result();
    Continuation given = handler.all("tools/call").getLast().continuation().orElseThrow();
    assertThat(given.declined()).containsOnlyKeys("roots");
    assertThat(given.answers().names()).containsExactly("sample");
  }

  @Test
  void what_the_server_takes_back_is_taken_back_from_the_client() { // 3.5
    AtomicReference<Consumer<String>> takeBack = new AtomicReference<>();
    handler.on(
        "tools/call",
        exchange ->
            exchange.continuation().isPresent()
                ? new Outcome.Complete(object("{\"done\":true}"))
                : new Outcome.InputRequired(
                    List.of(NAME),
                    Optional.of("h"),
                    JsonObject.EMPTY,
                    listener -> {
                      takeBack.set(listener);
                      return () -> {};
                    }));
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");
    Message.Request question = call.sink.nextRequest();

    takeBack.get().accept("name");

    Message.Notification taken = call.sink.nextNotification();
    assertThat(taken.method()).isEqualTo("notifications/cancelled");
    assertThat(taken.params().get("requestId")).contains(question.id().token());
    assertThat(call.result().has("done")).isTrue();
  }

  @Test
  void ids_of_questions_never_repeat_in_a_session() { // LH-23
    asks(List.of(ROOTS), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    Set<RpcId> ids = new HashSet<>();

    for (int i = 0; i < 20; i++) {
      TestSession.Running call = session.start(i, "tools/call", "{}");
      RpcId id = call.sink.nextRequest().id();
      ids.add(id);
      session.answer(id, "{\"roots\":[]}");
      call.result();
    }

    assertThat(ids).hasSize(20);
  }

  @Test
  void an_answer_counts_once_and_only_while_it_is_waited_for() {
    asks(List.of(ROOTS), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");
    RpcId id = call.sink.nextRequest().id();

    session.answer(RpcId.of("ask-99"), "{\"roots\":[1]}");
    session.answer(id, "{\"roots\":[2]}");
    session.answer(id, "{\"roots\":[3]}");
    call.result();
    session.answer(id, "{\"roots\":[4]}");

    assertThat(handler.all("tools/call").getLast().continuation().orElseThrow().answers())
        .extracting(answers -> answers.toJson().text())
        .isEqualTo("{\"roots\":{\"roots\":[2]}}");
  }

  @Test
  void another_session_cannot_answer() { // LH-21
    asks(List.of(ROOTS), "h");
    TestSession mine = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession theirs = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = mine.start(1, "tools/call", "{}");
    RpcId id = call.sink.nextRequest().id();

    theirs.answer(id, "{\"roots\":[\"theirs\"]}");
    mine.answer(id, "{\"roots\":[\"mine\"]}");
    call.result();

    assertThat(
            handler
                .all("tools/call")
                .getLast()
                .continuation()
                .orElseThrow()
                .answers()
                .toJson()
                .text())
        .contains("mine");
  }

  @ParameterizedTest
  @CsvSource({"-1", "-32601", "-32602"})
  void a_client_that_will_not_elicit_gives_no_answer_but_refuses_nothing_either(int code) { // T22
    asks(List.of(NAME), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");

    declines(session, call.sink.nextRequest().id(), code);
    call.result();

    Continuation given = handler.all("tools/call").getLast().continuation().orElseThrow();
    assertThat(given.fault()).isEmpty();
    assertThat(given.answersInFull().toJson().text())
        .isEqualTo("{\"name\":{\"action\":\"cancel\"}}");
    assertThat(given.declined())
        .hasEntrySatisfying("name", no -> assertThat(no.error().code()).isEqualTo(code));
  }

  @Test
  void a_handler_learns_that_a_client_will_not_sample_and_why() { // T23
    asks(List.of(SAMPLE), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");

    declines(session, call.sink.nextRequest().id(), -1);

    call.result();
    Continuation given = handler.all("tools/call").getLast().continuation().orElseThrow();
    assertThat(given.fault().orElseThrow().message()).contains("sampling/createMessage");
    assertThat(given.declined())
        .hasEntrySatisfying(
            "sample", no -> assertThat(no.error().message()).isEqualTo("I would rather not"));
  }

  @Test
  void nothing_is_sent_when_one_of_the_questions_cannot_be_asked() { // MR-05
    asks(List.of(ROOTS, NAME), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", "{\"roots\":{}}");

    TestSession.Running call = session.start(1, "tools/call", "{}");

    RpcError error = call.error();
    assertThat(error.code()).isEqualTo(RpcError.INVALID_PARAMS); // 2.1.1
    assertThat(error.data().map(Json::text))
        .contains("{\"requiredCapabilities\":{\"elicitation\":{\"form\":{}}}}");
    assertThat(call.sink.isEmpty()).isTrue();
    assertThat(handler.count("tools/call")).isEqualTo(1);
  }

  @Test
  void a_client_that_cannot_be_reached_fails_the_call() { // 2.3.10
    asks(List.of(NAME), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);

    Ending ending =
        session.session.handle(
            TestSession.request(1, "tools/call", "{}"), Claims.NONE, new Recorded().deaf());

    assertThat(TestSession.error(ending).code()).isEqualTo(RpcError.INTERNAL);
  }

  @Test
  void an_answer_that_does_not_come_is_not_waited_for_for_ever() { // MR-09
    asks(List.of(NAME), "h");
    TestSession session =
        TestSession.open(
            handler, "2025-11-25", EVERYTHING, SessionLimitsOf.questions(Duration.ofMillis(20), 8));
    TestSession.Running call = session.start(1, "tools/call", "{}");

    RpcId id = call.sink.nextRequest().id();
    Message.Notification withdrawn = call.sink.nextNotification();

    assertThat(withdrawn.method()).isEqualTo("notifications/cancelled");
    assertThat(withdrawn.params().get("requestId")).contains(id.token());
    call.result();
    assertThat(
            handler
                .all("tools/call")
                .getLast()
                .continuation()
                .orElseThrow()
                .answers()
                .toJson()
                .text())
        .isEqualTo("{\"name\":{\"action\":\"cancel\"}}");
  }

  @Test
  void a_round_has_one_time_limit_however_many_questions_it_has() { // MR-09
    Question age = new Question("age", "elicitation/create", object("{\"message\":\"Age?\"}"));
    asks(List.of(NAME, age), "h");
    TestSession session =
        TestSession.open(
            handler, "2025-11-25", EVERYTHING, SessionLimitsOf.questions(Duration.ofMillis(20), 8));
    TestSession.Running call = session.start(1, "tools/call", "{}");
    call.sink.nextRequest();
    assertThat(call.sink.nextNotification().method()).isEqualTo("notifications/cancelled");

    call.result();

    assertThat(call.sink.isEmpty()).as("nobody would wait for the second answer").isTrue();
    Exchange again = handler.all("tools/call").getLast();
    assertThat(again.continuation().orElseThrow().answers().toJson().text())
        .isEqualTo("{\"name\":{\"action\":\"cancel\"},\"age\":{\"action\":\"cancel\"}}");
  }

  @Test
  void a_call_that_is_cancelled_while_it_asks_takes_its_question_back() {
    asks(List.of(NAME), "h");
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, "tools/call", "{}");
    RpcId id = call.sink.nextRequest().id();

    session.notice("notifications/cancelled", "{\"requestId\":1}");

    assertThat(call.ending()).isInstanceOf(Ending.Silent.class);
    assertThat(call.sink.nextNotification().params().get("requestId")).contains(id.token());
    assertThat(handler.count("tools/call")).isEqualTo(1);
  }

  @Test
  void rounds_are_bounded() { // 2.3.5
    handler.on("tools/call", _ -> new Outcome.InputRequired(List.of(ROOTS), "h"));
    TestSession session =
        TestSession.open(
            handler,
            "2025-11-25",
            EVERYTHING,
            SessionLimitsOf.questions(Duration.ofSeconds(10), 3));
    TestSession.Running call = session.start(1, "tools/call", "{}");

    for (int i = 0; i < 3; i++) {
      session.answer(call.sink.nextRequest().id(), "{\"roots\":[]}");
    }

    assertThat(call.error().code()).isEqualTo(RpcError.INTERNAL);
    assertThat(call.sink.isEmpty()).isTrue();
    assertThat(handler.count("tools/call")).isEqualTo(4);
  }

  @Test
  void a_handle_without_questions_means_come_again() { // 2.3.6
    AtomicInteger rounds = new AtomicInteger();
    handler.on(
        "tools/call",
        exchange ->
            rounds.getAndIncrement() == 0
                ? new Outcome.InputRequired(List.of(), "later")
                : new Outcome.Complete(
                    JsonObject.EMPTY.with(
                        "handle", exchange.continuation().orElseThrow().handle().orElseThrow())));
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    assertThat(session.call("tools/call", "{}").string("handle")).contains("later");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/list", "prompts/list", "completion/complete"})
  void only_some_methods_may_ask(String method) { // MR-02
    handler.on(method, _ -> new Outcome.InputRequired(List.of(ROOTS), "h"));
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, method, "{}");

    assertThat(call.error().code()).isEqualTo(RpcError.INTERNAL);
    assertThat(call.sink.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/call", "prompts/get", "resources/read"})
  void the_others_may(String method) { // MR-02
    handler.on(method, asking(List.of(ROOTS), "h"));
    TestSession session = TestSession.open(handler, "2025-11-25", EVERYTHING);
    TestSession.Running call = session.start(1, method, "{}");

    session.answer(call.sink.nextRequest().id(), "{\"roots\":[]}");

    assertThat(call.result().has("done")).isTrue();
  }

  // ---- hands

  private void asks(List<Question> questions, String handle) {
    handler.on("tools/call", asking(questions, handle));
  }

  private static Function<Exchange, Outcome> asking(List<Question> questions, String handle) {
    return exchange ->
        exchange.continuation().isEmpty()
            ? new Outcome.InputRequired(questions, handle)
            : new Outcome.Complete(object("{\"done\":true}"));
  }

  private static void declines(TestSession session, RpcId question, int code) {
    session.session.answer(
        new Message.Failure(Optional.of(question), RpcError.of(code, "I would rather not")));
  }

  private CountDownLatch handlerThatWaitsForCancellation() {
    CountDownLatch running = new CountDownLatch(1);
    handler.on(
        "tools/call",
        exchange -> {
          running.countDown();
          awaitCancelled(exchange, Duration.ofSeconds(10));
          return new Outcome.Cancelled();
        });
    return running;
  }

  static void awaitCancelled(Exchange exchange, Duration patience) {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (var _ = exchange.cancellation().onCancel(cancelled::countDown)) {
      assertThat(cancelled.await(patience.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void requests_with_different_ids_go_on_at_the_same_time() {
    CountDownLatch all = new CountDownLatch(5);
    handler.on(
        "tools/call",
        _ -> {
          all.countDown();
          await(all);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    TestSession session = TestSession.open(handler, "2025-11-25", "{}");

    List<TestSession.Running> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(session.start(i, "tools/call", "{}"));
    }

    assertThat(calls).allSatisfy(call -> assertThat(call.result().isEmpty()).isTrue());
  }
}
