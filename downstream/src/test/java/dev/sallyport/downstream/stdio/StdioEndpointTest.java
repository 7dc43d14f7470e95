package dev.sallyport.downstream.stdio;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static dev.sallyport.downstream.stdio.Pipe.META;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both eras over a pipe (mcp-reference A.6). */
final class StdioEndpointTest {
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
  private static final String LISTED = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[]}}";
  private static final String MODERN_LIST =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" + META + "}}";
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}";
  private static final String MODERN_CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"t\","
          + META
          + "}}";

  private final ScriptedHandler handler = new ScriptedHandler();

  // ---- eras (SS-09, VN-07)

  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
  void a_handshake_opens_a_legacy_session(String version) throws IOException {
    try (Pipe pipe = new Pipe(handler).initialized(version, "{}")) {
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
      assertThat(handler.only("tools/list").caller().issuer()).isEqualTo("local");
      assertThat(handler.only("tools/list").client().version().text()).isEqualTo(version);
    }
  }

  @Test
  void a_modern_request_stands_for_itself() throws IOException {
    try (Pipe pipe = new Pipe(handler)) {
      JsonObject result = object(pipe.ask(MODERN_LIST)).object("result").orElseThrow();

      assertThat(result.string("resultType")).contains("complete");
      assertThat(handler.only("tools/list").client().canElicit("form")).isTrue();
    }
  }

  @Test
  void both_eras_may_be_mixed_on_one_pipe() throws IOException {
    try (Pipe pipe = new Pipe(handler)) {
      assertThat(pipe.ask(MODERN_LIST)).contains("resultType");
      pipe.initialized("2025-06-18", "{}");
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
      assertThat(pipe.ask(MODERN_LIST)).contains("resultType");
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
    }
  }

  @Test
  void a_request_that_claims_a_legacy_version_is_served_as_one() throws IOException { // 4-T03
    String claimed = MODERN_LIST.replace("2026-07-28", "2025-11-25");
    try (Pipe pipe = new Pipe(handler)) {
      assertThat(pipe.ask(claimed)).contains("-32600").contains("initialize");
      pipe.initialized("2025-11-25", "{}");
      assertThat(pipe.ask(claimed)).isEqualTo(LISTED);
    }
  }

  @Test
  void without_a_handshake_only_ping_is_answered() throws IOException {
    try (Pipe pipe = new Pipe(handler)) {
      assertThat(pipe.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"))
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
      assertThat(pipe.ask(LIST)).contains("\"code\":-32600");
      assertThat(handler.count("tools/list")).isZero();
    }
  }

  @Test
  void a_client_that_sends_ahead_is_answered_in_full() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    ScriptedHandler slow =
        new ScriptedHandler()
            .on(
                "server/discover",
                exchange -> {
                  // The modern request asks too, for the name of the server.
                  if (exchange.client().version().text().equals("2025-11-25")) {
                    await(go);
                  }
                  return new Outcome.Complete(object("{\"capabilities\":{}}"));
                });
    try (Pipe pipe = new Pipe(slow)) {
      pipe.send(
          "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
              + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}");
      pipe.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
      pipe.send(LIST);
      assertThat(pipe.ask(MODERN_LIST.replace("\"id\":1", "\"id\":2")))
          .as("needs no handshake")
          .contains("\"id\":2");
      go.countDown();

      assertThat(pipe.line()).contains("\"id\":0").contains("serverInfo");
      assertThat(pipe.line()).isEqualTo(LISTED);
    }
  }

  @Test
  void a_handshake_whose_server_is_slow_is_given_up_when_the_input_ends()
      throws Exception { // SS-05
    CountDownLatch asked = new CountDownLatch(1);
    ScriptedHandler starting =
        new ScriptedHandler()
            .on(
                "server/discover",
                exchange -> {
                  asked.countDown();
                  awaitCancelled(exchange);
                  return new Outcome.Cancelled();
                });
    try (Pipe pipe = new Pipe(starting)) {
      pipe.send(
          "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
              + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}");
      await(asked);

      pipe.endInput();

      assertThat(pipe.rest())
          .singleElement()
          .asString()
          .contains("\"id\":0", "The server is stopping");
    }
  }

  @Test
  void a_handshake_that_failed_can_be_tried_again() throws IOException {
    try (Pipe pipe = new Pipe(handler)) {
      assertThat(pipe.ask("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{}}"))
          .contains("-32602");
      pipe.initialized("2025-11-25", "{}");
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
      assertThat(pipe.ask("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{}}"))
          .contains("-32600");
    }
  }

  @Test
  void a_pipe_of_one_era_says_so_to_clients_of_the_other() throws IOException { // VN-08
    String initialize =
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}";
    try (Pipe modern = new Pipe(handler, StdioOptions.DEFAULT.withEras(Set.of(Era.MODERN)))) {
      assertThat(modern.ask(initialize)).contains("-32022").contains("[\"2026-07-28\"]");
      assertThat(modern.ask(MODERN_LIST)).contains("resultType");
    }
    try (Pipe legacy = new Pipe(handler, StdioOptions.DEFAULT.withEras(Set.of(Era.LEGACY)))) {
      assertThat(
              legacy.ask(
                  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{"
                      + META
                      + "}}"))
          .contains("-32601");
      assertThat(legacy.ask(initialize)).contains("2025-11-25");
      assertThat(legacy.ask(MODERN_LIST)).isEqualTo(LISTED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe"
      })
  void removed_methods_with_modern_metadata_are_not_found(String method)
      throws IOException { // VN-17
    try (Pipe pipe = new Pipe(handler)) {
      assertThat(
              pipe.ask(
                  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
                      + method
                      + "\",\"params\":{"
                      + META
                      + "}}"))
          .contains("\"code\":-32601");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server/discover", "subscriptions/listen"})
  void modern_methods_need_modern_metadata(String method) throws IOException { // 2.0 rule 6
    try (Pipe pipe = new Pipe(handler)) {
      assertThat(pipe.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}"))
          .contains("\"code\":-32602");
    }
  }

  // ---- what goes out (SS-01, SS-02)

  @Test
  void a_message_with_line_breaks_in_it_is_one_line() throws IOException {
    handler.on(
        "tools/call", _ -> new Outcome.Complete(object("{\"a\":\n{\"b\":\r\n\"line\\nbreak\"}}")));
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      JsonObject reply = object(pipe.ask(CALL));
      assertThat(
              reply
                  .object("result")
                  .flatMap(result -> result.object("a"))
                  .flatMap(a -> a.string("b")))
          .contains("line\nbreak");
    }
  }

  @Test
  void notifications_come_before_the_reply_and_none_after_it() throws IOException { // PR-02
    handler.on(
        "tools/call",
        exchange -> {
          for (int i = 0; i < 100; i++) {
            exchange.notify(notification("example/told", "{\"n\":" + i + "}"));
          }
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    for (String call : List.of(CALL, MODERN_CALL)) {
      try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
        pipe.send(call);
        int notifications = 0;
        JsonObject message = pipe.message();
        while (message.string("method").isPresent()) {
          notifications++;
          message = pipe.message();
        }
        assertThat(notifications).isEqualTo(100);
        assertThat(message.has("result")).isTrue();
        pipe.endInput();
        assertThat(pipe.rest()).isEmpty();
      }
    }
  }

  @Test
  void a_modern_client_is_never_sent_a_request() throws IOException { // SS-04
    asks();
    try (Pipe pipe = new Pipe(handler)) {
      JsonObject reply = object(pipe.ask(MODERN_CALL));

      assertThat(reply.object("result").flatMap(result -> result.string("resultType")))
          .contains("input_required");
      pipe.endInput();
      assertThat(pipe.rest()).isEmpty();
    }
  }

  @Test
  void a_legacy_client_is_asked_on_the_pipe() throws IOException {
    asks();
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{\"elicitation\":{}}")) {
      JsonObject question = object(pipe.ask(CALL));
      assertThat(question.string("method")).contains("elicitation/create");

      String reply =
          pipe.ask(
              "{\"jsonrpc\":\"2.0\",\"id\":\""
                  + question.string("id").orElseThrow()
                  + "\",\"result\":{\"action\":\"accept\"}}");

      assertThat(reply).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"done\":true}}");
    }
  }

  // ---- cancelling

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = "legacy\nmodern")
  void a_cancelled_request_is_stopped_and_nothing_more_is_said_of_it(String era)
      throws Exception { // SS-07
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    handler.on(
        "tools/call",
        exchange -> {
          running.countDown();
          awaitCancelled(exchange);
          exchange.notify(notification("notifications/progress", "{\"progress\":1}"));
          stopped.countDown();
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      pipe.send(era.equals("legacy") ? CALL : MODERN_CALL);
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
      pipe.send(cancelled("7"));
      assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();

      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
      pipe.endInput();
      assertThat(pipe.rest()).isEmpty();
    }
  }

  @Test
  void a_cancellation_right_behind_its_request_is_never_missed() throws Exception {
    handler.on(
        "tools/call",
        exchange -> {
          awaitCancelled(exchange);
          return new Outcome.Cancelled();
        });
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      for (int i = 0; i < 200; i++) {
        String call = i % 2 == 0 ? CALL : MODERN_CALL;
        pipe.send(call.replace("\"id\":7", "\"id\":" + i) + "\n" + cancelled("" + i));
      }
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
      handler.awaitIdle();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "\"7\"", "null", "{}"})
  void a_cancellation_of_something_else_changes_nothing(String id) throws Exception { // CN-03
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          await(go);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      pipe.send(CALL);
      await(running);
      pipe.send(cancelled(id));
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
      go.countDown();
      assertThat(pipe.line()).contains("\"id\":7").contains("result");
    }
  }

  // ---- subscriptions (SS-08, 4-T01)

  @Test
  void a_subscription_tells_its_id_and_ends_both_ways_when_the_server_ends_it() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    handler.on("subscriptions/listen", exchange -> listen(exchange, end));
    try (Pipe pipe = new Pipe(handler)) {
      pipe.send(listenRequest("\"a\""));
      assertThat(pipe.line())
          .contains("notifications/subscriptions/acknowledged")
          .contains("\"io.modelcontextprotocol/subscriptionId\":\"a\"");
      assertThat(pipe.line())
          .contains("notifications/tools/list_changed")
          .contains("\"io.modelcontextprotocol/subscriptionId\":\"a\"");
      end.countDown();

      assertThat(pipe.line()).contains("\"id\":\"a\"").contains("\"resultType\":\"complete\"");
      assertThat(pipe.line())
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
                  + "\"params\":{\"requestId\":\"a\"}}");
    }
  }

  @Test
  void a_subscription_the_client_cancelled_ends_silently() throws IOException {
    handler.on("subscriptions/listen", exchange -> listen(exchange, new CountDownLatch(1)));
    try (Pipe pipe = new Pipe(handler)) {
      pipe.send(listenRequest("5"));
      pipe.line();
      pipe.line();
      pipe.send(cancelled("5"));
      handler.awaitIdle();
      pipe.endInput();
      assertThat(pipe.rest()).isEmpty();
    }
  }

  @Test
  void a_legacy_client_is_told_of_changes_once_it_is_ready() throws IOException {
    handler.answer("server/discover", "{\"capabilities\":{\"tools\":{\"listChanged\":true}}}");
    handler.on("subscriptions/listen", exchange -> listen(exchange, new CountDownLatch(1)));
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      assertThat(pipe.line())
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
    }
  }

  // ---- the end (SS-05)

  @Test
  void the_end_of_the_input_ends_everything_promptly() throws Exception {
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch cancelled = new CountDownLatch(2);
    handler.on(
        "tools/call",
        exchange -> {
          running.countDown();
          awaitCancelled(exchange);
          cancelled.countDown();
          return new Outcome.Cancelled();
        });
    handler.on("subscriptions/listen", exchange -> listen(exchange, new CountDownLatch(1)));
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      pipe.send(CALL).send(MODERN_CALL).send(listenRequest("9"));
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
      pipe.line();
      pipe.line();

      long before = System.nanoTime();
      pipe.endInput();
      List<String> rest = pipe.rest();

      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(rest).anyMatch(line -> line.contains("\"id\":9") && line.contains("resultType"));
      handler.awaitIdle();
    }
  }

  @Test
  void requests_written_ahead_of_the_end_are_still_answered() throws IOException {
    try (Pipe pipe = new Pipe(handler)) {
      pipe.send(
          "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
              + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}");
      pipe.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
      pipe.send(LIST);
      pipe.endInput();

      assertThat(pipe.rest()).hasSize(2).contains(LISTED);
    }
  }

  @Test
  void the_end_of_the_input_in_mid_line_is_an_end_all_the_same() throws IOException {
    try (Pipe pipe = new Pipe(handler)) {
      pipe.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"meth".getBytes(StandardCharsets.UTF_8));
      pipe.endInput();

      assertThat(pipe.rest()).isEmpty();
    }
  }

  // ---- bounds and batches

  @Test
  void too_many_requests_at_a_time_are_turned_away_and_the_rest_goes_on() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(2);
    handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          await(go);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    try (Pipe pipe =
        new Pipe(handler, StdioOptions.DEFAULT.withConcurrent(2)).initialized("2025-11-25", "{}")) {
      pipe.send(CALL).send(MODERN_CALL);
      await(running);
      assertThat(pipe.ask(LIST)).contains("\"id\":1").contains("\"code\":503");
      assertThat(pipe.ask(MODERN_LIST)).contains("\"id\":1").contains("\"code\":503");
      go.countDown();
      pipe.line();
      pipe.line();
      handler.awaitIdle();
      Set<String> answers = new HashSet<>();
      while (!answers.contains(LISTED)) {
        answers.add(pipe.ask(LIST));
      }
    }
  }

  @Test
  void a_refusal_is_an_error_with_its_id() throws IOException {
    handler.on(
        "tools/call",
        _ -> new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "slow down")));
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      assertThat(pipe.ask(CALL)).contains("\"id\":7").contains("slow down");
      assertThat(pipe.ask(MODERN_CALL)).contains("\"id\":7").contains("slow down");
    }
  }

  @Test
  void batches_are_for_the_one_version_that_has_them() throws IOException { // SS-11
    String batch = "[" + LIST + "," + LIST.replace("\"id\":1", "\"id\":2") + "]";
    try (Pipe pipe = new Pipe(handler)) {
      assertThat(pipe.ask(batch)).contains("-32600");
      pipe.initialized("2025-03-26", "{}");
      assertThat(pipe.ask(batch))
          .isEqualTo("[" + LISTED + "," + LISTED.replace("\"id\":1", "\"id\":2") + "]");
    }
    try (Pipe pipe = new Pipe(handler).initialized("2025-06-18", "{}")) {
      assertThat(pipe.ask(batch)).contains("-32600").startsWith("{");
    }
  }

  @Test
  void an_id_in_progress_is_refused() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          await(go);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    try (Pipe pipe = new Pipe(handler)) {
      pipe.send(MODERN_CALL);
      await(running);
      assertThat(pipe.ask(MODERN_CALL)).contains("-32600");
      go.countDown();
      assertThat(pipe.line()).contains("resultType");
    }
  }

  // ---- malformed lines

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          hello                                                    | -32700 | none
          {"jsonrpc":"2.0","id":1                                  | -32700 | none
          {"jsonrpc":"2.0","id":1,"method":"ping"}x                | -32700 | none
          {"jsonrpc":"2.0","id":1,"method":"a"}{"jsonrpc":"2.0"}   | -32700 | none
          {"jsonrpc":"2.0","id":1,"id":1,"method":"ping"}          | -32700 | none
          {"jsonrpc":"2.0","id":01,"method":"ping"}                | -32700 | none
          {'jsonrpc':'2.0'}                                        | -32700 | none
          7                                                        | -32600 | none
          null                                                     | -32600 | none
          []                                                       | -32600 | none
          [1]                                                      | -32600 | none
          {}                                                       | -32600 | none
          {"jsonrpc":"2.0","id":null,"method":"ping"}              | -32600 | none
          {"jsonrpc":"2.0","id":1.5,"method":"ping"}               | -32600 | none
          {"jsonrpc":"2.0","id":{},"method":"ping"}                | -32600 | none
          {"jsonrpc":"1.0","id":1,"method":"ping"}                 | -32600 | 1
          {"jsonrpc":2.0,"id":1,"method":"ping"}                   | -32600 | 1
          {"id":"x","method":"ping"}                               | -32600 | "x"
          {"jsonrpc":"2.0","id":1,"method":null}                   | -32600 | 1
          {"jsonrpc":"2.0","id":1,"method":"ping","params":[]}     | -32600 | 1
          {"jsonrpc":"2.0","id":1}                                 | -32600 | 1
          {"jsonrpc":"2.0","id":1,"result":[]}                     | -32600 | 1
          {"jsonrpc":"2.0","id":1,"method":"foo/bar"}              | -32601 | 1
          {"jsonrpc":"2.0","id":1,"method":"tasks/list"}           | -32601 | 1
          {"jsonrpc":"2.0","id":1,"method":"initialize","params":{}} | -32600 | 1
          {"jsonrpc":"2.0","id":1,"method":"logging/setLevel"}     | -32601 | 1
          {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":5}}} | -32602 | 1
          {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}} | -32602 | 1
          {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"v9","io.modelcontextprotocol/clientCapabilities":{}}}} | -32022 | 1
          """)
  void a_malformed_line_is_told_what_is_wrong_and_the_pipe_goes_on(String line, int code, String id)
      throws IOException {
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      JsonObject error = object(pipe.ask(line));

      assertThat(error.object("error").orElseThrow().integer("code")).hasValue(code);
      assertThat(error.get("id").map(value -> value.text()).orElse("none")).isEqualTo(id);
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r\n",
        "{\"jsonrpc\":\"2.0\",\"method\":\"what/ever\"}\n",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":\"ask-1\",\"error\":{\"code\":1,\"message\":\"\"}}\n",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
      })
  void some_lines_are_taken_without_a_word(String line) throws IOException { // JR-06
    try (Pipe pipe = new Pipe(handler).initialized("2025-11-25", "{}")) {
      pipe.send(line.getBytes(StandardCharsets.UTF_8));
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
    }
  }

  @Test
  void lines_that_are_no_utf_8_and_lines_that_are_too_long_are_refused() throws IOException {
    try (Pipe pipe =
        new Pipe(handler, StdioOptions.DEFAULT.withLineBytes(1_000))
            .initialized("2025-11-25", "{}")) {
      pipe.send(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"é\"}\n"
              .getBytes(StandardCharsets.ISO_8859_1));
      assertThat(pipe.line()).contains("-32700").doesNotContain("\"id\"");
      assertThat(pipe.ask("\"" + "x".repeat(5_000) + "\"")).contains("-32600");
      assertThat(pipe.ask(LIST)).isEqualTo(LISTED);
    }
  }

  // ---- hands

  private void asks() {
    handler.on(
        "tools/call",
        exchange ->
            exchange.continuation().isEmpty()
                ? new Outcome.InputRequired(
                    List.of(
                        new Question(
                            "name", "elicitation/create", object("{\"message\":\"Your name?\"}"))),
                    "h")
                : new Outcome.Complete(object("{\"done\":true}")));
  }

  /** Acknowledges, tells one change, and waits to be ended. */
  private static Outcome listen(Exchange exchange, CountDownLatch end) {
    try (var _ = exchange.cancellation().onCancel(end::countDown)) {
      exchange.notify(
          new Message.Notification(
              "notifications/subscriptions/acknowledged",
              JsonObject.EMPTY.with(
                  "notifications", exchange.params().object("notifications").orElseThrow())));
      exchange.notify(notification("notifications/tools/list_changed", "{}"));
      await(end);
      return exchange.cancellation().isCancelled()
          ? new Outcome.Cancelled()
          : new Outcome.Complete(JsonObject.EMPTY);
    }
  }

  private static String listenRequest(String id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":"
        + "{\"toolsListChanged\":true},"
        + META
        + "}}";
  }

  private static String cancelled(String id) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
        + id
        + "}}";
  }

  private static void awaitCancelled(Exchange exchange) {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (var _ = exchange.cancellation().onCancel(cancelled::countDown)) {
      await(cancelled);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
