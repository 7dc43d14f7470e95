package dev.sallyport.downstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a session hears of without having asked in a call (mcp-reference 2.1 rows 6 and 7). */
final class ChangesTest {
  private static final String DISCOVERED =
      "{\"capabilities\":{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":false},"
          + "\"resources\":{\"subscribe\":true,\"listChanged\":true}}}";

  /** Long enough for a thread that should not be there to show itself. */
  private static final Duration A_WHILE = Duration.ofMillis(200);

  private final ScriptedHandler handler =
      new ScriptedHandler().answer("server/discover", DISCOVERED);
  private final Subscribable server = new Subscribable();
  private final TestSession session;

  ChangesTest() {
    server.handles(handler);
    session = TestSession.open(handler, "2025-11-25", "{}");
  }

  @AfterEach
  void nothing_goes_on_when_a_session_is_over() {
    session.session.close();
    handler.awaitIdle();
  }

  @Test
  void lists_are_listened_to_once_the_client_is_ready_and_can_be_told() { // VN-12
    session.session.canTellChanges();
    assertThat(server.nobodyListens(A_WHILE)).isTrue();

    session.notice("notifications/initialized", "{}");

    Subscribable.Listening listening = server.next();
    assertThat(listening.filter().toJson().text())
        .isEqualTo("{\"toolsListChanged\":true,\"resourcesListChanged\":true}");
    assertThat(listening.exchange.caller()).isEqualTo(TestSession.ANNA);
  }

  @Test
  void a_second_subscription_is_told_what_becomes_of_the_first() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    handler.on(
        "subscriptions/listen",
        _ -> {
          asked.countDown();
          LegacySessionTest.await(answer);
          return new Outcome.Failed(RpcError.invalidParams("no such thing"));
        });
    TestSession.Running first = session.start(1, "resources/subscribe", "{\"uri\":\"a:b\"}");
    LegacySessionTest.await(asked);
    TestSession.Running second = session.start(2, "resources/subscribe", "{\"uri\":\"a:b\"}");
    answer.countDown();

    assertThat(first.error().message()).isEqualTo("no such thing");
    assertThat(second.error().message()).isEqualTo("no such thing");
    assertThat(handler.count("subscriptions/listen")).isLessThanOrEqualTo(2);
  }

  @Test
  void a_client_without_a_stream_costs_no_listen() {
    session.notice("notifications/initialized", "{}");

    assertThat(server.nobodyListens(A_WHILE)).isTrue();
  }

  @Test
  void becoming_ready_twice_makes_one_listen() {
    ready();
    ready();
    server.next();

    assertThat(server.nobodyListens(A_WHILE)).isTrue();
  }

  @Test
  void a_server_without_changes_is_not_listened_to() {
    handler.answer("server/discover", "{\"capabilities\":{\"tools\":{}}}");
    TestSession other = TestSession.open(handler, "2025-11-25", "{}");

    other.session.canTellChanges();
    other.notice("notifications/initialized", "{}");

    assertThat(server.nobodyListens(A_WHILE)).isTrue();
  }

  @Test
  void changes_reach_the_client_and_nothing_else_does() { // SB-09
    ready();
    Subscribable.Listening listening = server.next();

    listening.say("notifications/progress", "{\"progress\":1}");
    listening.say("notifications/message", "{\"level\":\"info\"}");
    listening.say("example/vendor", "{}");
    listening.say("notifications/tools/list_changed", "{}");

    assertThat(session.unsolicited.nextNotification().method())
        .isEqualTo("notifications/tools/list_changed");
    assertThat(session.unsolicited.isEmpty()).isTrue();
  }

  @Test
  void a_listen_that_the_server_ended_is_made_again_and_what_was_missed_is_told() { // 2.5
    ready();
    server.next().end(new Outcome.Complete(JsonObject.EMPTY));

    server.next();

    assertThat(session.unsolicited.nextNotification().method())
        .isEqualTo("notifications/tools/list_changed");
    assertThat(session.unsolicited.nextNotification().method())
        .isEqualTo("notifications/resources/list_changed");
    assertThat(session.unsolicited.isEmpty()).isTrue();
  }

  @Test
  void a_listen_that_was_refused_is_tried_again() {
    server.refuse(new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "too many")));
    ready();
    server.awaitRefused();
    server.accept();

    server.next();
    assertThat(session.unsolicited.isEmpty()).isTrue();
  }

  @Test
  void a_server_that_knows_no_listen_is_not_bothered_again() {
    server.refuse(new Outcome.Failed(RpcError.methodNotFound()));
    ready();
    server.awaitRefused();
    server.accept();

    // Another attempt would come after half a second.
    assertThat(server.nobodyListens(Duration.ofMillis(800))).isTrue();
  }

  // ---- resources

  @Test
  void a_subscription_is_taken_once_the_server_took_it() {
    assertThat(session.call("resources/subscribe", "{\"uri\":\"a:b\"}").isEmpty()).isTrue();

    Subscribable.Listening listening = server.next();
    assertThat(listening.filter().toJson().text())
        .isEqualTo("{\"resourceSubscriptions\":[\"a:b\"]}");
    listening.say("notifications/resources/updated", "{\"uri\":\"a:b\"}");
    Message.Notification told = session.unsolicited.nextNotification();
    assertThat(told.method()).isEqualTo("notifications/resources/updated");
    assertThat(told.params().string("uri")).contains("a:b");
  }

  @Test
  void a_resource_the_server_does_not_honour_is_refused_and_not_listened_to() {
    server.doesNotKnow("a:secret");

    assertThat(session.fail("resources/subscribe", "{\"uri\":\"a:secret\"}").code())
        .isEqualTo(RpcError.INVALID_PARAMS);

    assertThat(server.next().isOver()).isTrue();
  }

  @Test
  void a_refusal_of_the_server_is_the_answer() {
    server.refuse(new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "too many")));

    assertThat(session.fail("resources/subscribe", "{\"uri\":\"a:b\"}").message())
        .isEqualTo("too many");
    handler.awaitIdle();
    assertThat(handler.count("subscriptions/listen")).isEqualTo(1);
  }

  @Test
  void subscribing_twice_makes_one_listen() {
    session.call("resources/subscribe", "{\"uri\":\"a:b\"}");
    session.call("resources/subscribe", "{\"uri\":\"a:b\"}");

    assertThat(handler.count("subscriptions/listen")).isEqualTo(1);
  }

  @Test
  void unsubscribing_ends_the_listen_and_nothing_more_is_told() {
    session.call("resources/subscribe", "{\"uri\":\"a:b\"}");
    Subscribable.Listening listening = server.next();

    assertThat(session.call("resources/unsubscribe", "{\"uri\":\"a:b\"}").isEmpty()).isTrue();

    assertThat(listening.isOver()).isTrue();
    listening.say("notifications/resources/updated", "{\"uri\":\"a:b\"}");
    assertThat(session.unsolicited.isEmpty()).isTrue();
    assertThat(session.call("resources/unsubscribe", "{\"uri\":\"a:b\"}").isEmpty()).isTrue();
  }

  @Test
  void after_a_gap_a_subscribed_resource_may_have_changed() { // 2.5
    session.call("resources/subscribe", "{\"uri\":\"a:b\"}");
    server.next().end(new Outcome.Failed(RpcError.internal("the child died")));

    server.next();

    assertThat(session.unsolicited.nextNotification().params().string("uri")).contains("a:b");
  }

  @Test
  void subscriptions_are_bounded() {
    TestSession few =
        TestSession.open(handler, "2025-11-25", "{}", SessionLimitsOf.subscriptions(2));
    few.call("resources/subscribe", "{\"uri\":\"a:1\"}");
    few.call("resources/subscribe", "{\"uri\":\"a:2\"}");

    assertThat(few.fail("resources/subscribe", "{\"uri\":\"a:3\"}").code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    few.call("resources/unsubscribe", "{\"uri\":\"a:1\"}");
    assertThat(few.call("resources/subscribe", "{\"uri\":\"a:3\"}").isEmpty()).isTrue();
    few.session.close();
  }

  @Test
  void a_uri_is_a_string() {
    assertThat(session.fail("resources/subscribe", "{}").code()).isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(session.fail("resources/unsubscribe", "{\"uri\":[]}").code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_server_without_subscriptions_has_no_such_methods() { // JR-14
    handler.answer("server/discover", "{\"capabilities\":{\"resources\":{}}}");
    TestSession other = TestSession.open(handler, "2025-11-25", "{}");

    assertThat(other.fail("resources/subscribe", "{\"uri\":\"a:b\"}").code())
        .isEqualTo(RpcError.METHOD_NOT_FOUND);
    assertThat(other.fail("resources/unsubscribe", "{\"uri\":\"a:b\"}").code())
        .isEqualTo(RpcError.METHOD_NOT_FOUND);
  }

  @Test
  void a_cancelled_subscribe_leaves_nothing_behind() {
    // Nobody acknowledges this one.
    handler.on(
        "subscriptions/listen",
        exchange -> {
          LegacySessionTest.awaitCancelled(exchange, Duration.ofSeconds(10));
          return new Outcome.Cancelled();
        });
    TestSession.Running subscribe = session.start(9, "resources/subscribe", "{\"uri\":\"a:b\"}");

    while (handler.count("subscriptions/listen") == 0) {
      Thread.onSpinWait();
    }
    session.notice("notifications/cancelled", "{\"requestId\":9}");

    assertThat(subscribe.ending()).isInstanceOf(Ending.Silent.class);
  }

  @Test
  void the_end_of_the_session_ends_every_listen() {
    ready();
    session.call("resources/subscribe", "{\"uri\":\"a:b\"}");
    Subscribable.Listening one = server.next();
    Subscribable.Listening other = server.next();

    session.session.close();

    assertThat(one.isOver()).isTrue();
    assertThat(other.isOver()).isTrue();
  }

  private void ready() {
    session.session.canTellChanges();
    session.notice("notifications/initialized", "{}");
  }
}
