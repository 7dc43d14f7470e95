package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.SsePaths;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.downstream.legacy.Wire.Event;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.transport.http.ListenOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP+SSE over real sockets: what the two sides say to each other (LH-24). */
final class SseWireTest {
  static final EndpointOptions OPTIONS =
      EndpointOptions.of("team", "/mcp").withSse(SsePaths.DEFAULT);

  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\","
          + "\"_meta\":{\"progressToken\":1}}}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}";
  private static final String DONE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"done\":true}}";
  private static final String LISTED = "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[]}}";
  private static final String PONG = "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}";

  private final LegacyServer server;

  SseWireTest() throws Exception {
    server =
        new LegacyServer(
            OPTIONS, ListenOptions.at("127.0.0.1", 0).withKeepAlive(Duration.ofMillis(200)));
  }

  @AfterEach
  void nothing_goes_on_afterwards() {
    server.close();
  }

  // ---- the stream

  @Test
  void the_first_event_says_where_to_post_and_nothing_else() throws IOException {
    try (Wire one = server.connect();
        Wire two = server.connect()) {
      Answer head = one.exchange(SseClient.get());
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.field("Content-Type")).contains("text/event-stream");
      assertThat(head.field("Mcp-Session-Id")).isEmpty();
      Event first = one.event().orElseThrow();
      assertThat(first.type()).contains("endpoint");
      assertThat(first.id()).as("nothing can be resumed").isEmpty();
      assertThat(first.data()).matches("/messages\\?sessionId=[A-Za-z0-9_-]{43}");

      two.exchange(SseClient.get());
      assertThat(two.event().orElseThrow().data()).isNotEqualTo(first.data());
    }
  }

  @Test
  void behind_a_proxy_that_changes_paths_it_says_what_the_client_must_write() throws Exception {
    SsePaths paths = SsePaths.DEFAULT.withShown("/team/messages");
    try (LegacyServer proxied = new LegacyServer(OPTIONS.withSse(paths));
        SseClient client = SseClient.connect(proxied)) {
      assertThat(client.uri).startsWith("/team/messages?sessionId=");
      assertThat(client.post(PING).status()).as("not by way of the proxy").isEqualTo(404);

      String here = client.uri.substring("/team".length());
      assertThat(proxied.exchange(client.message(PING).to(here)).status()).isEqualTo(202);
      assertThat(client.next()).isEqualTo(PONG);
    }
  }

  @Test
  void a_quiet_stream_gets_comments() throws IOException {
    try (SseClient client = SseClient.connect(server)) {
      client.stream.comment();
      client.stream.comment();
    }
  }

  // ---- the handshake

  @ParameterizedTest
  @CsvSource({ // VN-09
    "2024-11-05, 2024-11-05",
    "2025-03-26, 2025-03-26",
    "2025-06-18, 2025-06-18",
    "2025-11-25, 2025-11-25",
    "2026-07-28, 2025-11-25",
    "2030-01-01, 2025-11-25",
    "1.0, 2025-11-25"
  })
  void a_version_that_is_known_is_agreed_on_and_else_the_latest(String asked, String agreed)
      throws IOException {
    try (SseClient client = SseClient.connect(server)) {
      assertThat(client.handshake(asked, "{}"))
          .startsWith("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"" + agreed);
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
    }
    assertThat(server.handler.only("tools/list").client().version().text()).isEqualTo(agreed);
  }

  @Test
  void the_older_version_stays_one_of_this_transport_alone() throws IOException {
    try (SseClient client = SseClient.connect(server)) {
      assertThat(client.handshake("2024-11-05", "{}")).contains("2024-11-05");
    }
    Answer streamable =
        server.exchange(Wire.Sent.post(LegacyServer.initialize("2024-11-05", "{}")));
    assertThat(streamable.body()).contains("\"protocolVersion\":\"2025-11-25\"");
  }

  @Test
  void before_the_handshake_there_are_pings_only() throws IOException {
    try (SseClient client = SseClient.connect(server)) {
      client.take(PING);
      assertThat(client.next()).isEqualTo(PONG);
      client.take(LIST);
      assertThat(client.next()).contains("\"id\":2", "-32600", "initialize");
      client.take(LIST.replace("tools/list", "server/discover"));
      assertThat(client.next()).contains("\"id\":2", "-32601");

      client.handshake("2024-11-05", "{}");
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
      client.take(LegacyServer.initialize("2024-11-05", "{}"));
      assertThat(client.next()).contains("\"id\":0", "-32600");
    }
  }

  @Test
  void what_is_sent_ahead_of_the_handshakes_answer_waits_for_it() throws IOException {
    CountDownLatch up = new CountDownLatch(1);
    server.handler.on(
        "server/discover",
        _ -> {
          LegacySessionTest.await(up);
          return new Outcome.Complete(object("{\"capabilities\":{\"tools\":{}}}"));
        });
    try (SseClient client = SseClient.connect(server)) {
      client.take(LegacyServer.initialize("2024-11-05", "{}"));
      client.take(LIST);
      up.countDown();
      assertThat(client.next()).contains("\"id\":0", "protocolVersion");
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  // ---- calls

  @Test
  void progress_and_result_come_on_the_stream_in_the_form_of_the_version() throws IOException {
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification(
                  "notifications/progress",
                  "{\"progressToken\":1,\"progress\":1,\"message\":\"on it\"}"));
          return new Outcome.Complete(
              object(
                  "{\"content\":[],\"structuredContent\":{\"a\":1},\"resultType\":\"complete\"}"));
        });
    try (SseClient old = SseClient.open(server, "2024-11-05", "{}");
        SseClient recent = SseClient.open(server, "2025-11-25", "{}")) {
      old.take(CALL);
      assertThat(old.next())
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                  + "{\"progressToken\":1,\"progress\":1}}");
      assertThat(old.next())
          .contains("\"id\":1,\"result\":{\"content\":")
          .doesNotContain("structured");

      recent.take(CALL);
      assertThat(recent.next()).contains("\"message\":\"on it\"");
      assertThat(recent.next()).contains("\"structuredContent\":{\"a\":1}");
    }
  }

  @Test
  void a_post_is_taken_before_its_request_is_carried_out() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        _ -> {
          LegacySessionTest.await(go);
          return done();
        });
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      client.take(CALL);
      client.take(LIST);
      assertThat(client.next()).as("nobody waits for another's answer").isEqualTo(LISTED);
      go.countDown();
      assertThat(client.next()).isEqualTo(DONE);
    }
  }

  @Test
  void a_batch_is_taken_where_the_version_has_them() throws IOException { // LH-18
    try (SseClient client = SseClient.open(server, "2025-03-26", "{}");
        SseClient other = SseClient.open(server, "2024-11-05", "{}")) {
      client.take("[" + PING + "," + LIST + "]");
      assertThat(client.next()).isEqualTo("[" + PONG + "," + LISTED + "]");
      other.take("[" + PING + "]");
      assertThat(other.next()).contains("-32600").doesNotContain("\"id\"");
    }
  }

  @Test
  void a_cancelled_call_gets_no_answer() throws IOException { // CN-02
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    server.handler.on("tools/call", exchange -> untilCancelled(exchange, running, cancelled));
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      client.take(CALL);
      LegacySessionTest.await(running);
      client.take(cancellation("7"));
      client.take(PING);
      assertThat(client.next()).isEqualTo(PONG);
      assertThat(cancelled.getCount()).as("another id means another call").isEqualTo(1);

      client.take(cancellation("1"));
      LegacySessionTest.await(cancelled);
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  // ---- questions

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2024-11-05 | {\"sampling\":{}} | sampling/createMessage",
        "2024-11-05 | {\"roots\":{}} | roots/list",
        "2025-06-18 | {\"elicitation\":{}} | elicitation/create"
      })
  void a_call_that_asks_is_answered_with_a_post(String version, String capabilities, String method)
      throws IOException {
    asks(method);
    try (SseClient client = SseClient.open(server, version, capabilities);
        SseClient mute = SseClient.open(server, version, "{}")) {
      client.take(CALL);
      String question = client.next();
      assertThat(question).contains("\"method\":\"" + method + "\"");
      String id = object(question).string("id").orElseThrow();
      String answer =
          "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"action\":\"accept\"}}";
      mute.take(answer);
      client.take(answer);
      assertThat(client.next()).isEqualTo(DONE);

      mute.take(CALL);
      assertThat(mute.next()).as("who cannot be asked is not").contains("\"error\"");
    }
    assertThat(server.handler.all("tools/call")).hasSize(3);
  }

  // ---- changes

  @Test
  void changes_come_on_the_stream_of_who_is_ready_for_them() throws IOException { // VN-12
    Subscribable changing = new Subscribable();
    changing.handles(server.handler);
    server.handler.answer(
        "server/discover",
        "{\"capabilities\":{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true}}}");
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}");
        SseClient early = SseClient.connect(server)) {
      early.take(LegacyServer.initialize("2024-11-05", "{}"));
      early.next();
      Subscribable.Listening lists = changing.next();
      lists.say("notifications/tools/list_changed", "{}");
      assertThat(client.next()).contains("notifications/tools/list_changed");

      client.take(
          "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"resources/subscribe\","
              + "\"params\":{\"uri\":\"a:b\"}}");
      changing.next().say("notifications/resources/updated", "{\"uri\":\"a:b\"}");
      assertThat(List.of(client.next(), client.next()))
          .anyMatch(message -> message.contains("\"id\":4,\"result\":{}"))
          .anyMatch(message -> message.contains("\"uri\":\"a:b\""));

      early.take(PING);
      assertThat(early.next()).as("nothing before that").isEqualTo(PONG);
      client.stream.reset();
      assertThat(lists.isOver()).isTrue();
    }
  }

  // ---- hands

  private void asks(String method) {
    Question question =
        new Question("q", method, object("{\"message\":\"Who?\",\"messages\":[],\"maxTokens\":5}"));
    server.handler.on(
        "tools/call",
        exchange ->
            exchange.continuation().isEmpty()
                ? new Outcome.InputRequired(List.of(question), "h")
                : done());
  }

  static Outcome untilCancelled(
      Exchange exchange, CountDownLatch running, CountDownLatch cancelled) {
    running.countDown();
    LegacySessionTest.awaitCancelled(exchange, Duration.ofSeconds(10));
    cancelled.countDown();
    return new Outcome.Cancelled();
  }

  private static String cancellation(String id) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
        + id
        + "}}";
  }

  private static Outcome done() {
    return new Outcome.Complete(object("{\"done\":true}"));
  }
}
