package dev.sallyport.downstream.modern;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static dev.sallyport.downstream.modern.Bench.CAPABILITIES;
import static dev.sallyport.downstream.modern.Bench.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.CallLimits;
import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a handler's outcome and of its notifications. */
final class ModernCallTest {
  private final Bench bench = new Bench();

  private Bench.Asking call() {
    return bench.asking("tools/call", "{\"name\":\"t\"}");
  }

  // Results

  @Test
  void a_result_gets_its_type_and_the_name_of_the_server() {
    bench.handler.answer("tools/call", "{\"content\":[],\"x\":1.0}");

    assertThat(call().result().toJson().text())
        .isEqualTo(
            "{\"content\":[],\"x\":1.0,\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
                + ScriptedHandler.SERVER_INFO
                + "}}");
  }

  @Test
  void what_a_result_has_already_stays() {
    String whole =
        "{\"resultType\":\"complete\",\"tools\":[],\"ttlMs\":5,\"cacheScope\":\"public\",\"_meta\":"
            + "{\"a\":1,\"io.modelcontextprotocol/serverInfo\":{\"name\":\"other\",\"version\":\"2\"}}}";
    bench.handler.answer("tools/list", whole);

    assertThat(bench.asking("tools/list").result().toJson().text()).isEqualTo(whole);
  }

  @Test
  void the_server_is_asked_for_its_name_once_and_again_after_a_while() {
    bench.handler.answer("tools/call", "{\"content\":[]}");
    call().result();
    call().result();
    assertThat(bench.handler.count("server/discover")).isEqualTo(1);

    bench.clock.advance(CallLimits.DEFAULT.schemaLife());
    assertThat(Meta.serverInfo(call().result())).as("what is known is told meanwhile").isPresent();
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (bench.handler.count("server/discover") < 2 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    call().result();
    assertThat(bench.handler.count("server/discover")).isEqualTo(2);
  }

  @Test
  void a_result_that_is_there_does_not_wait_for_the_name_of_a_busy_server() {
    CountDownLatch busy = new CountDownLatch(1);
    bench.handler.answer("tools/call", "{\"content\":[]}");
    bench.handler.on(
        "server/discover",
        _ -> {
          await(busy);
          return new Outcome.Complete(
              Meta.withServerInfo(JsonObject.EMPTY, object(ScriptedHandler.SERVER_INFO)));
        });

    assertThat(Meta.serverInfo(call().result())).isEmpty();

    busy.countDown();
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    Optional<JsonObject> told = Optional.empty();
    while (told.isEmpty() && System.nanoTime() < end) {
      told = Meta.serverInfo(call().result());
    }
    assertThat(told).isPresent();
    assertThat(bench.handler.count("server/discover")).isEqualTo(1);
  }

  @Test
  void what_a_server_calls_itself_is_told_to_nobody_but_the_caller_it_told() {
    bench.handler.answer("tools/call", "{\"content\":[]}");
    bench.handler.on(
        "server/discover",
        exchange ->
            new Outcome.Complete(
                Meta.withServerInfo(
                    JsonObject.EMPTY,
                    JsonObject.of("name", Json.of("for " + exchange.caller().subject())))));

    JsonObject annas = call().result();
    JsonObject berts = call().by(Bench.BERT).result();

    assertThat(Meta.serverInfo(annas).flatMap(info -> info.string("name"))).contains("for anna");
    assertThat(Meta.serverInfo(berts).flatMap(info -> info.string("name"))).contains("for bert");
  }

  @Test
  void a_server_without_a_name_is_asked_again_only_later() {
    bench.handler.answer("tools/call", "{\"content\":[]}");
    bench.handler.answer("server/discover", "{\"capabilities\":{}}");
    assertThat(Meta.serverInfo(call().result())).isEmpty();
    call().result();
    assertThat(bench.handler.count("server/discover")).isEqualTo(1);

    bench.clock.advance(Duration.ofSeconds(31));
    call().result();
    assertThat(bench.handler.count("server/discover")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server/discover",
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "resources/read"
      })
  void six_methods_get_caching_hints(String method) {
    if (!method.equals("server/discover")) {
      bench.handler.answer(method, "{}");
    }
    JsonObject result = bench.asking(method, "{\"uri\":\"u\"}").result();

    assertThat(result.integer("ttlMs")).hasValue(0);
    assertThat(result.string("cacheScope")).contains("private");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/call", "prompts/get", "completion/complete"})
  void other_methods_get_none(String method) {
    bench.handler.answer(method, "{}");

    assertThat(bench.asking(method, "{\"name\":\"n\"}").result().names())
        .doesNotContain("ttlMs", "cacheScope");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {"-1,\"public\"", "1.5,\"public\"", "\"1\",\"public\"", "1,\"PUBLIC\"", "1,null"})
  void a_hint_that_is_not_sound_is_replaced(String ttl, String scope) {
    bench.handler.answer(
        "tools/list", "{\"tools\":[],\"ttlMs\":" + ttl + ",\"cacheScope\":" + scope + "}");
    JsonObject result = bench.asking("tools/list").result();

    assertThat(result.integer("ttlMs").orElse(-1)).isIn(0L, 1L);
    assertThat(result.string("cacheScope").orElse("")).isIn("public", "private");
  }

  @Test
  void discover_says_what_the_endpoint_serves_and_not_what_the_handler_thinks() {
    bench.handler.answer("server/discover", "{\"supportedVersions\":[\"2024-11-05\"]}");
    JsonObject result = bench.asking("server/discover").result();

    assertThat(result.get("supportedVersions").map(Json::text)).contains("[\"2026-07-28\"]");
    assertThat(result.object("capabilities")).contains(JsonObject.EMPTY);
    assertThat(result.string("resultType")).contains("complete");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"task\"", "\"input_required\"", "\"x\"", "1", "null"})
  void a_result_of_a_type_the_client_does_not_know_is_an_internal_error(String type) {
    bench.handler.answer("tools/call", "{\"resultType\":" + type + "}");

    assertThat(verdict(call().run())).containsExactly(200, -32603);
  }

  @Test
  void a_task_reaches_a_client_that_declared_the_extension() {
    bench.handler.answer("tools/call", "{\"resultType\":\"task\",\"taskId\":\"1\"}");
    String declared = "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";

    assertThat(call().meta(CAPABILITIES, declared).result().string("taskId")).contains("1");
  }

  // Errors

  @ParameterizedTest
  @CsvSource({
    "-32601,404,-32601",
    "-32021,400,-32021",
    "-32602,200,-32602",
    "-32603,200,-32603",
    "-32700,200,-32700",
    "-32002,200,-32602",
    "-32042,200,-32603",
    "-32000,200,-32603",
    "-32019,200,-32603",
    "-32020,200,-32603",
    "-32022,200,-32603",
    "-32099,200,-32603",
    "-31999,200,-31999",
    "-32100,200,-32100",
    "17,200,17"
  })
  void an_error_has_the_status_and_the_code_of_the_table(int given, int status, int code) {
    bench.handler.on("tools/call", e -> new Outcome.Failed(RpcError.of(given, "m")));

    assertThat(verdict(call().run())).containsExactly(status, code);
  }

  @Test
  void a_code_that_must_not_be_sent_is_kept_beside_the_one_that_is() {
    bench.handler.on(
        "tools/call",
        e -> new Outcome.Failed(new RpcError(-32001, "m", Optional.of(Json.of("facts")))));

    RpcError error = ((Message.Failure) call().run().message().orElseThrow()).error();
    assertThat(error.data().orElseThrow().text())
        .isEqualTo(
            "{\"dev.sallyport/upstreamError\":{\"code\":-32001,\"message\":\"m\",\"data\":\"facts\"}}");
  }

  @Test
  void a_missing_resource_keeps_its_uri() {
    bench.handler.on("resources/read", e -> new Outcome.Failed(RpcError.resourceNotFound("a:b")));
    Ending ending = bench.asking("resources/read", "{\"uri\":\"a:b\"}").run();

    assertThat(verdict(ending)).containsExactly(200, -32602);
    assertThat(
            new String(
                ending.message().orElseThrow().toBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"data\":{\"uri\":\"a:b\"}");
  }

  @Test
  void an_exception_of_the_handler_is_an_internal_error_without_its_text() {
    bench.handler.on(
        "tools/call",
        e -> {
          throw new IllegalStateException("secret");
        });
    Ending ending = call().run();

    assertThat(verdict(ending)).containsExactly(200, -32603);
    assertThat(ending.message().orElseThrow().toString()).doesNotContain("secret");
  }

  @Test
  void a_refusal_keeps_its_status() {
    bench.handler.on(
        "tools/call",
        e -> new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "slower")));

    assertThat(verdict(call().run())).containsExactly(429, 429);
  }

  // Cancellation

  @Test
  void nothing_is_said_to_a_client_that_left() {
    bench.handler.on(
        "tools/call",
        e -> {
          bench.gone.cancel();
          assertThat(e.cancellation().isCancelled()).isTrue();
          return new Outcome.Complete(JsonObject.EMPTY);
        });

    assertThat(call().run()).isInstanceOf(Ending.Nothing.class);
  }

  @Test
  void a_call_that_we_stop_is_refused_and_not_left_unanswered() {
    bench.handler.on(
        "tools/call",
        e -> {
          bench.protocol.close();
          return new Outcome.Cancelled();
        });

    assertThat(verdict(call().run())).containsExactly(503, 503);
  }

  @Test
  void a_call_leaves_nothing_behind_at_what_could_have_cancelled_it() {
    bench.handler.answer("tools/call", "{}");
    call().result();
    var seen = bench.handler.only("tools/call").cancellation();

    bench.gone.cancel();
    bench.protocol.close();
    assertThat(seen.isCancelled()).isFalse();
  }

  // Notifications

  private void notifying(Message.Notification... notifications) {
    bench.handler.on(
        "tools/call",
        e -> {
          List.of(notifications).forEach(e::notify);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
  }

  private static Message.Notification progress(String token, String progress) {
    return notification(
        "notifications/progress",
        "{\"progressToken\":" + token + ",\"progress\":" + progress + "}");
  }

  private static Message.Notification log(String level) {
    return notification(
        "notifications/message", "{\"level\":\"" + level + "\",\"data\":\"" + level + "\"}");
  }

  @Test
  void progress_passes_with_the_clients_token_and_only_as_it_grows() {
    notifying(
        progress("5", "1"),
        progress("5", "1"),
        progress("5", "0.5"),
        progress("\"5\"", "2"),
        progress("6", "3"),
        progress("5", "\"4\""),
        progress("5", "2.5"),
        progress("5", "1e2"));
    call().meta("progressToken", "5").run();

    assertThat(bench.notified.stream().map(one -> one.params().get("progress").get().text()))
        .containsExactly("1", "2.5", "1e2");
  }

  @Test
  void without_a_token_there_is_no_progress() {
    notifying(progress("5", "1"), progress("null", "2"));
    call().run();

    assertThat(bench.notified).isEmpty();
  }

  @Test
  void log_messages_pass_from_the_level_on_that_was_asked_for() {
    notifying(log("debug"), log("notice"), log("warning"), log("error"), log("odd"));
    call().meta(Meta.LOG_LEVEL, "\"warning\"").run();

    assertThat(bench.notified.stream().map(one -> one.params().string("level").orElseThrow()))
        .containsExactly("warning", "error");
  }

  @Test
  void without_a_level_there_are_no_log_messages() {
    notifying(log("emergency"));
    call().run();

    assertThat(bench.notified).isEmpty();
  }

  @Test
  void what_belongs_to_subscriptions_or_to_us_stays_off_the_stream_of_a_call() {
    notifying(
        notification("notifications/tools/list_changed", "{}"),
        notification("notifications/resources/updated", "{\"uri\":\"u\"}"),
        notification("notifications/subscriptions/acknowledged", "{}"),
        notification("notifications/cancelled", "{}"),
        notification("com.example/event", "{\"a\":1}"));
    call().run();

    assertThat(bench.notified.stream().map(Message.Notification::method))
        .containsExactly("com.example/event");
  }

  // Questions are in QuestionsTest, subscriptions in ListenTest.

  @Test
  void an_id_keeps_its_type() {
    bench.handler.answer("tools/call", "{}");

    assertThat(((Message.Result) call().run().message().orElseThrow()).id().token().text())
        .isEqualTo("\"7\"");
    assertThat(object("{\"id\":7}").get("id").orElseThrow().text()).isEqualTo("7");
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
