package dev.sallyport.downstream;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Modern Streamable HTTP over real sockets: answers, streams, the end of streams. */
final class ModernWireTest {
  private final Served served = new Served();

  ModernWireTest() throws Exception {
    served.handler.answer("tools/call", "{\"content\":[]}");
  }

  @AfterEach
  void close() {
    served.close();
  }

  private RawClient.Answer exchange(Served.Post post) throws IOException {
    try (RawClient client = served.connect()) {
      return client.send(post.bytes()).answer();
    }
  }

  private void notifying(int times, Outcome outcome) {
    served.handler.on(
        "tools/call",
        exchange -> {
          for (int i = 1; i <= times; i++) {
            exchange.notify(
                notification(
                    "notifications/progress", "{\"progressToken\":1,\"progress\":" + i + "}"));
          }
          return outcome;
        });
  }

  private static Served.Post withProgress(String id) {
    return Served.modern(id, "tools/call", "\"name\":\"t\",")
        .body(
            ("{\"jsonrpc\":\"2.0\",\"id\":"
                    + id
                    + ",\"method\":\"tools/call\",\"params\":{\"name\":\"t\","
                    + Served.META.replaceFirst("\\{", "{\"progressToken\":1,")
                    + "}}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Outcome done() {
    return new Outcome.Complete(object("{\"content\":[]}"));
  }

  @Test
  void a_result_without_notifications_is_plain_json() throws IOException {
    RawClient.Answer answer = exchange(Served.call("1"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).contains("application/json");
    assertThat(answer.field("Mcp-Session-Id")).isEmpty(); // SH-20
    assertThat(answer.text())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[],\"resultType\":\"complete\","
                + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
                + ScriptedHandler.SERVER_INFO
                + "}}}");
  }

  @Test
  void ids_keep_type_and_text() throws IOException {
    for (String id : List.of("1", "\"1\"", "-7", "123456789012345678901234567890", "\"\"", "0")) {
      assertThat(exchange(Served.call(id)).text()).contains("\"id\":" + id + ",");
    }
  }

  @Test
  void the_first_notification_turns_the_answer_into_a_stream_that_ends_with_the_result()
      throws IOException {
    notifying(2, done());
    try (RawClient client = served.connect()) {
      RawClient.Answer head = client.send(withProgress("\"a\"").bytes()).answer();

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.isStream()).isTrue();
      assertThat(head.field("X-Accel-Buffering")).contains("no"); // SH-13
      assertThat(head.field("Cache-Control").orElse("")).contains("no-cache");
      assertThat(client.event().orElseThrow())
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                  + "\"params\":{\"progressToken\":1,\"progress\":1}}");
      assertThat(client.event().orElseThrow()).contains("\"progress\":2");
      assertThat(client.event().orElseThrow())
          .startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\"");
      assertThat(client.event()).isEmpty(); // SH-11
      assertThat(client.send(withProgress("2").bytes()).answer().isStream()).isTrue();
    }
  }

  @Test
  void an_error_after_the_first_notification_is_the_last_event() throws IOException {
    notifying(1, new Outcome.Failed(RpcError.missingCapability(object("{\"sampling\":{}}"))));
    try (RawClient client = served.connect()) {
      assertThat(client.send(withProgress("1").bytes()).answer().status()).isEqualTo(200);
      client.event();
      assertThat(client.event().orElseThrow()).contains("\"code\":-32021");
      assertThat(client.event()).isEmpty();
    }
    notifying(0, new Outcome.Failed(RpcError.missingCapability(object("{\"sampling\":{}}"))));
    RawClient.Answer plain = exchange(withProgress("1"));
    assertThat(plain.status()).isEqualTo(400);
    assertThat(plain.text()).contains("\"requiredCapabilities\":{\"sampling\":{}}");
  }

  @Test
  void a_client_that_reads_no_streams_gets_the_result_alone() throws IOException {
    notifying(3, done());
    RawClient.Answer answer = exchange(withProgress("1").with("Accept", "application/json"));

    assertThat(answer.isStream()).isFalse();
    assertThat(answer.text()).contains("\"result\"");
  }

  @Test
  void a_client_that_reads_nothing_else_gets_a_stream() throws IOException {
    try (RawClient client = served.connect()) {
      Served.Post post = Served.call("1").with("Accept", "text/event-stream");
      assertThat(client.send(post.bytes()).answer().isStream()).isTrue();
      assertThat(client.event().orElseThrow()).contains("\"result\"");
      assertThat(client.event()).isEmpty();
    }
  }

  @Test
  void line_breaks_inside_a_result_do_not_break_an_event() throws IOException {
    notifying(1, new Outcome.Complete(object("{\"content\":[\r\n\r\n{\"type\":\n\"x\"}]}")));
    try (RawClient client = served.connect()) {
      client.send(withProgress("1").bytes()).answer();
      client.event();
      assertThat(object(client.event().orElseThrow()).object("result").orElseThrow().has("content"))
          .isTrue();
    }
  }

  @Test
  void a_quiet_stream_shows_that_it_lives() throws Exception {
    CountDownLatch enough = new CountDownLatch(1);
    served.handler.on(
        "subscriptions/listen",
        exchange -> {
          acknowledge(exchange);
          await(enough);
          exchange.notify(notification("notifications/tools/list_changed", "{}"));
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    try (RawClient client = served.connect()) {
      client.send(listen("1").bytes()).answer();
      client.event();
      assertThat(client.comment()).startsWith(":"); // SH-14
      enough.countDown();
      assertThat(client.event().orElseThrow()).contains("list_changed");
    }
  }

  @Test
  void a_notification_is_accepted_with_an_empty_body() throws IOException {
    Served.Post post =
        new Served.Post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}")
            .with("MCP-Protocol-Version", "2026-07-28");
    RawClient.Answer answer = exchange(post);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text()).isEmpty();
    assertThat(exchange(post.with("Mcp-Method", "tools/call")).status()).isEqualTo(400);
  }

  @Test
  void a_page_of_our_own_origin_may_read_answers_and_streams() throws IOException {
    notifying(1, done());
    String origin = "http://localhost";
    RawClient.Answer plain = exchange(Served.call("1").with("Origin", origin));
    RawClient.Answer stream = exchange(withProgress("1").with("Origin", origin));

    for (RawClient.Answer answer : List.of(plain, stream)) {
      assertThat(answer.field("Access-Control-Allow-Origin")).contains(origin);
      assertThat(answer.field("Access-Control-Expose-Headers").orElse(""))
          .contains("Mcp-Session-Id");
    }
    assertThat(stream.isStream()).isTrue();
    assertThat(exchange(Served.call("1")).field("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void leaving_cancels_before_the_answer_and_in_the_middle_of_a_stream() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(4);
    CountDownLatch running = new CountDownLatch(4);
    served.handler.on(
        "tools/call",
        exchange -> {
          if (exchange.progressToken().isPresent()) {
            exchange.notify(
                notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          }
          running.countDown();
          return untilCancelled(exchange, cancelled);
        });
    RawClient plain = served.connect().send(Served.call("1").bytes());
    RawClient half = served.connect().send(Served.call("1").bytes());
    RawClient broken = served.connect().send(withProgress("1").bytes());
    RawClient stream = served.connect().send(withProgress("1").bytes());
    stream.answer();
    stream.event();
    await(running);

    plain.close();
    half.halfClose();
    broken.reset();
    stream.close();
    await(cancelled);
    assertThat(half.isClosed()).isTrue(); // not a byte more (SH-16)
    half.close();
  }

  @Test
  void a_client_that_stays_is_not_cancelled() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    served.handler.on(
        "tools/call",
        exchange -> {
          await(asked);
          return exchange.cancellation().isCancelled() ? new Outcome.Cancelled() : done();
        });
    try (RawClient client = served.connect()) {
      client.send(Served.call("1").bytes());
      try (RawClient other = served.connect()) {
        other.send(Served.modern("1", "tools/list", "").bytes()).answer();
      }
      asked.countDown();
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void stopping_ends_subscriptions_with_a_result_and_lets_calls_finish() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    served.handler.on(
        "subscriptions/listen",
        exchange -> {
          acknowledge(exchange);
          return untilCancelled(exchange, finish);
        });
    served.handler.on(
        "tools/call",
        exchange -> {
          working.countDown();
          await(finish);
          return done();
        });
    try (RawClient listening = served.connect();
        RawClient calling = served.connect()) {
      listening.send(listen("\"s\"").bytes()).answer();
      assertThat(listening.event().orElseThrow()).contains("acknowledged");
      calling.send(Served.call("1").bytes());
      await(working);

      Thread drain =
          Thread.ofVirtual().start(() -> served.listener.drain(Duration.ofSeconds(10), () -> {}));
      String last = listening.event().orElseThrow();
      assertThat(last)
          .contains("\"id\":\"s\"", "\"result\"", "\"resultType\":\"complete\"")
          .contains("\"io.modelcontextprotocol/subscriptionId\":\"s\""); // SB-06
      assertThat(listening.event()).isEmpty();
      assertThat(calling.answer().status()).isEqualTo(200);
      assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void two_subscriptions_with_equal_ids_get_their_own_events() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    served.handler.on(
        "subscriptions/listen",
        exchange -> {
          acknowledge(exchange);
          both.countDown();
          await(both);
          exchange.notify(
              notification(
                  "notifications/resources/updated",
                  "{\"uri\":\"for:" + exchange.caller().subject() + "\"}"));
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    try (RawClient anna = served.connect();
        RawClient bert = served.connect()) {
      anna.send(listen("1").bytes()).answer();
      bert.send(listen("1").by("bert").bytes()).answer();
      for (RawClient client : List.of(anna, bert)) {
        String name = client.equals(anna) ? "anna" : "bert";
        assertThat(client.event().orElseThrow()).contains("acknowledged");
        assertThat(client.event().orElseThrow())
            .contains("\"uri\":\"for:" + name + "\"")
            .contains("\"io.modelcontextprotocol/subscriptionId\":1");
        assertThat(client.event().orElseThrow()).contains("\"id\":1,\"result\"");
        assertThat(client.event()).isEmpty();
      }
    }
  }

  @Test
  void a_state_serves_its_caller_on_any_connection_and_nobody_else() throws IOException {
    served.handler.on(
        "tools/call",
        exchange ->
            exchange.continuation().isPresent()
                ? done()
                : new Outcome.InputRequired(
                    List.of(new Question("k", "elicitation/create", JsonObject.EMPTY)), "h"));
    RawClient.Answer first = exchange(Served.call("1"));
    assertThat(first.isStream()).isFalse(); // MR-12
    String state =
        object(first.text())
            .object("result")
            .flatMap(result -> result.string("requestState"))
            .orElseThrow();
    String again =
        "\"name\":\"t\",\"inputResponses\":{\"k\":{}},\"requestState\":\"" + state + "\",";

    assertThat(exchange(Served.modern("2", "tools/call", again)).text()).contains("\"content\"");
    RawClient.Answer stolen = exchange(Served.modern("2", "tools/call", again).by("bert"));
    assertThat(stolen.status()).isEqualTo(200);
    assertThat(stolen.text()).contains("\"code\":-32602", "requestState is not valid here");
  }

  static Served.Post listen(String id) {
    return Served.modern(
        id,
        "subscriptions/listen",
        "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:b\"]},");
  }

  static void acknowledge(Exchange exchange) {
    exchange.notify(
        notification("notifications/subscriptions/acknowledged", "{\"notifications\":{}}"));
  }

  static Outcome untilCancelled(Exchange exchange, CountDownLatch cancelled) {
    CountDownLatch latch = new CountDownLatch(1);
    try (var _ = exchange.cancellation().onCancel(latch::countDown)) {
      await(latch);
    }
    cancelled.countDown();
    return new Outcome.Cancelled();
  }

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("waited in vain");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
