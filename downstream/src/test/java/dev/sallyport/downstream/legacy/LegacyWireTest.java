package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.legacy.LegacyServer.Client;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.downstream.legacy.Wire.Event;
import dev.sallyport.downstream.legacy.Wire.Sent;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Legacy Streamable HTTP over real sockets: requests and their streams (mcp-reference A.5). */
final class LegacyWireTest {
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\","
          + "\"_meta\":{\"progressToken\":1}}}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";
  private static final String DONE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"done\":true}}";
  private static final Question NAME =
      new Question("name", "elicitation/create", object("{\"message\":\"Your name?\"}"));

  private final LegacyServer server;

  LegacyWireTest() throws Exception {
    server = new LegacyServer();
  }

  @AfterEach
  void nothing_goes_on_afterwards() {
    server.close();
  }

  // ---- sessions

  @Test
  void a_session_lives_from_initialize_to_delete() throws IOException { // LH-03 to LH-07
    Answer opened = server.exchange(Sent.post(LegacyServer.initialize("2025-11-25", "{}")));
    assertThat(opened.status()).isEqualTo(200);
    assertThat(opened.field("Content-Type")).contains("application/json");
    assertThat(opened.body()).contains("\"protocolVersion\":\"2025-11-25\"");
    assertThat(opened.field("Mcp-Session-Id").orElseThrow()).matches("[\\x21-\\x7E]+");

    Client client = server.open("2025-11-25", "{}");
    Answer initialized =
        client.exchange("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    assertThat(initialized.status()).isEqualTo(202);
    assertThat(initialized.body()).isEmpty();
    Answer listed = client.exchange(LIST);
    assertThat(listed.status()).isEqualTo(200);
    assertThat(listed.field("Mcp-Session-Id")).isEmpty();
    assertThat(listed.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[]}}");

    assertThat(client.exchange(Sent.delete()).status()).isEqualTo(204);
    assertThat(client.exchange(LIST).status()).isEqualTo(404);
    assertThat(client.exchange(Sent.get()).status()).isEqualTo(404);
    assertThat(client.exchange(Sent.delete()).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "GET", "DELETE"})
  void a_session_of_another_caller_does_not_exist(String method) throws IOException { // LH-21, T39
    Client annas = server.open("2025-11-25", "{}");
    Sent request =
        switch (method) {
          case "POST" -> Sent.post(LIST);
          case "GET" -> Sent.get();
          default -> Sent.delete();
        };

    Answer refused = server.exchange(annas.in(request).by("bert"));

    assertThat(refused.status()).isEqualTo(404);
    Answer unknown =
        server.exchange(annas.in(request).by("bert").with("Mcp-Session-Id", "unknown"));
    assertThat(refused.body()).isEqualTo(unknown.body());
    assertThat(annas.exchange(LIST).status()).isEqualTo(200);
    assertThat(server.handler.count("tools/list")).isEqualTo(1);
  }

  @Test
  void an_unused_session_expires() throws IOException {
    Client client = server.open("2025-11-25", "{}");
    server.clock.advance(Duration.ofMinutes(29));
    assertThat(client.exchange(LIST).status()).isEqualTo(200);
    server.clock.advance(Duration.ofMinutes(30));

    assertThat(client.exchange(LIST).status()).isEqualTo(404);
  }

  @Test
  void a_session_with_an_open_stream_is_in_use() throws Exception {
    Client client = server.open("2025-11-25", "{}");
    try (Wire stream = client.get()) {
      assertThat(stream.answer().status()).isEqualTo(200);
      stream.event();
      server.clock.advance(Duration.ofHours(5));
      assertThat(client.exchange(LIST).status()).isEqualTo(200);
    }
  }

  @Test
  void sessions_of_a_caller_are_bounded() throws Exception { // T44
    try (LegacyServer small = new LegacyServer(SessionLimitsOf.sessions(2, 10))) {
      small.open("2025-11-25", "{}");
      small.open("2025-11-25", "{}");

      Answer third = small.exchange(Sent.post(LegacyServer.initialize("2025-11-25", "{}")));
      assertThat(third.status()).isEqualTo(429);
      assertThat(third.field("Retry-After")).isPresent();
      assertThat(third.field("Mcp-Session-Id")).isEmpty();
      assertThat(small.handler.count("server/discover")).isEqualTo(2);
      small.open("2025-11-25", "{}", "bert");
    }
  }

  @Test
  void without_a_version_field_a_session_speaks_what_was_agreed() throws IOException { // VN-14
    server.handler.answer("tools/call", "{\"structuredContent\":[1]}");
    Client old = server.open("2025-03-26", "{}");
    Client recent = server.open("2025-11-25", "{}");

    assertThat(server.exchange(old.in(Sent.post(CALL)).without("MCP-Protocol-Version")).body())
        .doesNotContain("structuredContent");
    assertThat(server.exchange(recent.in(Sent.post(CALL)).without("MCP-Protocol-Version")).body())
        .contains("\"structuredContent\":{\"result\":[1]}");
  }

  @Test
  void stray_modern_marks_do_not_make_a_legacy_request_modern() throws IOException { // VN-18
    Client client = server.open("2025-11-25", "{}");
    String marked =
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{\"_meta\":{"
            + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";

    for (Sent request :
        List.of(client.post(marked), client.post(marked).without("MCP-Protocol-Version"))) {
      Answer answer = server.exchange(request);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).doesNotContain("resultType");
    }
    assertThat(server.handler.all("tools/list"))
        .allSatisfy(exchange -> assertThat(exchange.params().isEmpty()).isTrue());
  }

  // ---- plain or stream

  @Test
  void a_notification_before_the_result_makes_a_stream() throws IOException {
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          return done();
        });
    Client client = server.open("2025-11-25", "{}");

    try (Wire wire = client.send(CALL)) {
      Answer answer = wire.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.isStream()).isTrue();
      Event priming = wire.event().orElseThrow();
      assertThat(priming.data()).isEmpty(); // LH-08
      assertThat(priming.id()).isPresent();
      assertThat(priming.retry()).isPresent();
      Event progress = wire.event().orElseThrow();
      assertThat(progress.data()).contains("notifications/progress");
      Event result = wire.event().orElseThrow();
      assertThat(result.data()).isEqualTo(DONE);
      assertThat(List.of(priming.id(), progress.id(), result.id())).doesNotHaveDuplicates();
      assertThat(wire.event()).as("the result ends the stream").isEmpty(); // LH-10
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-03-26", "2025-06-18"})
  void older_clients_get_no_event_without_data(String version) throws IOException { // 4-T20
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          exchange.closeStream();
          return done();
        });
    Client client = server.open(version, "{}");

    try (Wire wire = client.send(CALL)) {
      wire.answer();
      Event progress = wire.event().orElseThrow();
      assertThat(progress.data()).contains("notifications/progress");
      assertThat(progress.id()).isPresent();
      assertThat(wire.event().orElseThrow().data()).isEqualTo(DONE); // LH-11
      assertThat(wire.event()).isEmpty();
    }
  }

  @Test
  void a_client_that_reads_only_streams_gets_one_and_one_that_reads_none_gets_none()
      throws IOException {
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          return done();
        });
    Client client = server.open("2025-06-18", "{}");

    try (Wire wire = server.connect()) {
      Answer answer = wire.exchange(client.post(LIST).with("Accept", "text/event-stream"));
      assertThat(answer.isStream()).isTrue();
      assertThat(wire.event().orElseThrow().data()).contains("\"tools\":[]");
    }
    Answer plain = server.exchange(client.post(CALL).with("Accept", "application/json"));
    assertThat(plain.body()).isEqualTo(DONE);
  }

  @Test
  void a_refusal_has_a_status_of_its_own_until_something_was_sent() throws IOException {
    Refusal refusal =
        Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "slow down").retryAfter(Duration.ofSeconds(7));
    server.handler.on("tools/call", _ -> new Outcome.Refused(refusal));
    Client client = server.open("2025-11-25", "{}");

    Answer answer = client.exchange(CALL);
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.field("Retry-After")).contains("7");
    assertThat(answer.body()).contains("\"id\":1");

    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          return new Outcome.Refused(refusal);
        });
    try (Wire wire = client.send(CALL)) {
      assertThat(wire.answer().status()).isEqualTo(200);
      assertThat(wire.message().data()).contains("progress");
      assertThat(wire.message().data()).contains("slow down").contains("\"id\":1");
      assertThat(wire.event()).isEmpty();
    }
  }

  // ---- questions

  @Test
  void a_question_is_asked_on_the_calls_own_stream_and_answered_with_a_post()
      throws IOException { // LH-12
    asks();
    Client client = server.open("2025-11-25", "{\"elicitation\":{}}");

    try (Wire standing = client.get();
        Wire call = client.send(CALL)) {
      assertThat(standing.answer().status()).isEqualTo(200);
      call.answer();
      String question = call.message().data();
      assertThat(question).contains("\"method\":\"elicitation/create\"").contains("Your name?");
      String id = object(question).string("id").orElseThrow();

      Answer taken =
          client.exchange(
              "{\"jsonrpc\":\"2.0\",\"id\":\""
                  + id
                  + "\",\"result\":{\"action\":\"accept\",\"content\":{}}}");
      assertThat(taken.status()).isEqualTo(202);
      assertThat(taken.body()).isEmpty();
      assertThat(call.message().data()).isEqualTo(DONE);
      assertThat(call.event()).isEmpty();

      client.exchange(Sent.delete());
      assertThat(standing.event().orElseThrow().data()).as("only what primes").isEmpty();
      assertThat(standing.event()).isEmpty();
    }
  }

  @Test
  void nobody_else_can_answer_a_question() throws IOException {
    asks();
    Client annas = server.open("2025-11-25", "{\"elicitation\":{}}");
    Client annasOther = server.open("2025-11-25", "{\"elicitation\":{}}");
    Client berts = server.open("2025-11-25", "{\"elicitation\":{}}", "bert");

    try (Wire call = annas.send(CALL)) {
      call.answer();
      String id = object(call.message().data()).string("id").orElseThrow();
      String evil = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"action\":\"evil\"}}";

      assertThat(berts.exchange(evil).status()).isEqualTo(202);
      assertThat(annasOther.exchange(evil).status()).isEqualTo(202);
      assertThat(server.exchange(annas.post(evil).by("bert")).status()).isEqualTo(404);
      annas.exchange(evil.replace("evil", "good"));

      assertThat(call.message().data()).isEqualTo(DONE);
      assertThat(server.handler.all("tools/call").getLast().continuation().orElseThrow().answers())
          .extracting(answers -> answers.toJson().text())
          .isEqualTo("{\"name\":{\"action\":\"good\"}}");
    }
  }

  @Test
  void a_client_that_reads_no_streams_cannot_be_asked() throws IOException { // 2.3.10
    asks();
    Client client = server.open("2025-11-25", "{\"elicitation\":{}}");

    Answer answer = server.exchange(client.post(CALL).with("Accept", "application/json"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"code\":-32603");
  }

  // ---- disconnects and resuming

  @Test
  void a_client_that_leaves_does_not_cancel_and_finds_its_result() throws Exception { // LH-17
    CountDownLatch go = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          LegacySessionTest.await(go);
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":2}"));
          return exchange.cancellation().isCancelled() ? new Outcome.Cancelled() : done();
        });
    Client client = server.open("2025-11-25", "{}");
    String seen;
    try (Wire wire = client.send(CALL)) {
      wire.answer();
      seen = wire.message().id().orElseThrow();
      wire.reset();
    }
    go.countDown();

    try (Wire again = client.resume(seen)) {
      assertThat(again.answer().status()).isEqualTo(200);
      assertThat(again.event().orElseThrow().data()).contains("\"progress\":2");
      assertThat(again.event().orElseThrow().data()).isEqualTo(DONE);
      assertThat(again.event()).isEmpty();
    }
  }

  @Test
  void a_call_may_let_the_connection_go_and_is_found_again() throws IOException { // LH-09
    CountDownLatch go = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.closeStream();
          LegacySessionTest.await(go);
          return done();
        });
    Client client = server.open("2025-11-25", "{}");
    try (Wire wire = client.send(CALL)) {
      assertThat(wire.answer().isStream()).isTrue();
      Event first = wire.event().orElseThrow();
      assertThat(first.data()).isEmpty();
      Event last = wire.event().orElseThrow();
      assertThat(last.retry()).isPresent();
      assertThat(last.id()).as("it is no place to resume from").isEmpty();
      assertThat(wire.event()).isEmpty();

      // On the same connection, as clients with a pool do it, while the call still runs.
      Sent resume = Sent.get().with("Last-Event-ID", first.id().orElseThrow());
      assertThat(wire.exchange(client.in(resume)).isStream()).isTrue();
      go.countDown();
      assertThat(wire.event().orElseThrow().data()).isEqualTo(DONE);
      assertThat(wire.event()).isEmpty();
    }
  }

  @Test
  void an_event_id_is_worth_something_in_its_own_session_only() throws IOException { // T41
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          return done();
        });
    Client annas = server.open("2025-11-25", "{}");
    Client annasOther = server.open("2025-11-25", "{}");
    Client berts = server.open("2025-11-25", "{}", "bert");
    try (Wire wire = annas.send(CALL)) {
      wire.answer();
      String id = wire.message().id().orElseThrow();

      assertThat(berts.exchange(Sent.get().with("Last-Event-ID", id)).status()).isEqualTo(400);
      assertThat(annasOther.exchange(Sent.get().with("Last-Event-ID", id)).status()).isEqualTo(400);
      assertThat(
              server.exchange(annas.in(Sent.get().with("Last-Event-ID", id)).by("bert")).status())
          .isEqualTo(404);
    }
  }

  @Test
  void a_caller_who_is_not_known_any_more_gets_nothing_more() throws IOException { // T11, T12
    CountDownLatch go = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          LegacySessionTest.await(go);
          return done();
        });
    Client client = server.open("2025-06-18", "{}");
    try (Wire call = client.send(CALL)) {
      call.answer();
      assertThat(call.message().data()).contains("progress");

      server.revoke("anna");
      go.countDown();

      assertThat(call.event()).isEmpty();
      assertThat(client.exchange(LIST).status()).isEqualTo(401);
    }
  }

  @Test
  void what_a_caller_left_open_ends_once_nobody_knows_them_any_more() throws IOException { // T11
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        exchange -> {
          running.countDown();
          LegacySessionTest.awaitCancelled(exchange, Duration.ofSeconds(10));
          cancelled.countDown();
          return done();
        });
    Client client = server.open("2025-06-18", "{}");
    try (Wire quiet = client.get();
        Wire call = client.send(CALL)) {
      quiet.answer();
      LegacySessionTest.await(running);

      server.revoke("anna");

      assertThat(quiet.event()).isEmpty();
      assertThat(call.answer().status()).isEqualTo(401);
      LegacySessionTest.await(cancelled);
    }
  }

  // ---- cancelling

  @Test
  void a_cancelled_call_gets_no_answer_and_its_stream_ends() throws IOException { // CN-02
    CountDownLatch running = new CountDownLatch(2);
    server.handler.on(
        "tools/call",
        exchange -> {
          if (exchange.params().string("name").orElse("").equals("loud")) {
            exchange.notify(
                notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          }
          running.countDown();
          LegacySessionTest.awaitCancelled(exchange, Duration.ofSeconds(10));
          return new Outcome.Cancelled();
        });
    Client client = server.open("2025-06-18", "{}");
    try (Wire loud = client.send(CALL.replace("\"t\"", "\"loud\""));
        Wire quiet = client.send(CALL.replace("\"id\":1", "\"id\":\"1\""))) {
      loud.answer();
      loud.event();
      LegacySessionTest.await(running);

      for (String id : List.of("1", "\"1\"")) {
        assertThat(
                client
                    .exchange(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":"
                            + "{\"requestId\":"
                            + id
                            + "}}")
                    .status())
            .isEqualTo(202);
      }

      assertThat(loud.event()).isEmpty();
      assertThat(quiet.answer().isStream()).isTrue();
      assertThat(quiet.event()).isEmpty();
    }
  }

  // ---- callers side by side

  @Test
  void two_callers_with_equal_ids_get_each_their_own() throws Exception {
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("example/told", "{\"for\":\"" + exchange.caller().subject() + "\"}"));
          return new Outcome.Complete(JsonObject.EMPTY.with("for", exchange.caller().subject()));
        });
    Client annas = server.open("2025-11-25", "{}", "anna");
    Client berts = server.open("2025-11-25", "{}", "bert");
    List<Thread> threads = new ArrayList<>();
    List<String> foreign = java.util.Collections.synchronizedList(new ArrayList<>());
    CountDownLatch fine = new CountDownLatch(8 * 20);
    for (int i = 0; i < 8; i++) {
      Client client = i % 2 == 0 ? annas : berts;
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int n = 0; n < 20; n++) {
                      callOnce(client, number, foreign);
                      fine.countDown();
                    }
                  }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }

    assertThat(fine.getCount()).isZero();
    assertThat(foreign).isEmpty();
  }

  private static void callOnce(Client client, int number, List<String> foreign) {
    // Equal ids in the two sessions, at the same time.
    String id = "\"id\":" + number / 2;
    try (Wire wire = client.send(CALL.replace("\"id\":1", id))) {
      wire.answer();
      for (Optional<Event> event = wire.event(); event.isPresent(); event = wire.event()) {
        String data = event.get().data();
        if (!data.isEmpty() && !data.contains("\"for\":\"" + client.caller + "\"")) {
          foreign.add(client.caller + " got " + data);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---- the end

  @Test
  void a_listener_that_stops_ends_standing_streams_and_lets_calls_finish() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          running.countDown();
          LegacySessionTest.await(go);
          return done();
        });
    Client client = server.open("2025-06-18", "{}");
    try (Wire standing = client.get();
        Wire call = client.send(CALL)) {
      standing.answer();
      LegacySessionTest.await(running);
      Thread draining = Thread.ofVirtual().start(server::drain);

      assertThat(standing.event()).isEmpty();
      go.countDown();
      call.answer();
      assertThat(call.message().data()).contains("progress");
      assertThat(call.message().data()).isEqualTo(DONE);
      assertThat(call.event()).isEmpty();
      assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void an_endpoint_that_closes_cancels_calls_and_says_so() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          running.countDown();
          LegacySessionTest.awaitCancelled(exchange, Duration.ofSeconds(10));
          return new Outcome.Cancelled();
        });
    Client client = server.open("2025-06-18", "{}");
    try (Wire call = client.send(CALL)) {
      call.answer();
      call.event();
      LegacySessionTest.await(running);

      server.endpoint.close();

      assertThat(call.message().data()).contains("\"error\"").contains("\"id\":1");
      assertThat(call.event()).isEmpty();
      assertThat(client.exchange(LIST).status()).isEqualTo(404);
    }
  }

  // ---- hands

  private void asks() {
    server.handler.on(
        "tools/call",
        exchange ->
            exchange.continuation().isEmpty()
                ? new Outcome.InputRequired(List.of(NAME), "h")
                : done());
  }

  private static Outcome done() {
    return new Outcome.Complete(object("{\"done\":true}"));
  }
}
