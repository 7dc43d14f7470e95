package dev.sallyport.downstream.modern;

import static dev.sallyport.downstream.modern.Bench.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments mirrored in headers, by schemas somebody listed (HD-10 to HD-14, 4-T10). */
final class ToolHeadersTest {
  private final Bench bench = new Bench();

  ToolHeadersTest() {
    bench.handler.answer("tools/call", "{\"content\":[]}");
    list("Region");
  }

  private void list(String header) {
    bench.handler.answer("tools/list", tools(header));
  }

  private static String tools(String header) {
    return """
    {"tools":[{"name":"plain","inputSchema":{"type":"object"}},
     {"name":"t","inputSchema":{"type":"object","properties":{
       "region":{"type":"string","x-mcp-header":"%s"},
       "count":{"type":"integer","x-mcp-header":"Count"},
       "sure":{"type":"boolean","x-mcp-header":"Sure"}}}}]}\
    """
        .formatted(header);
  }

  private Bench.Asking call(String arguments) {
    return bench.asking("tools/call", "{\"name\":\"t\",\"arguments\":" + arguments + "}");
  }

  private Bench.Asking good() {
    return call("{\"region\":\"eu\"}").header("Mcp-Param-Region", "eu");
  }

  private Bench.Asking bad() {
    return call("{\"region\":\"eu\"}").header("Mcp-Param-Region", "us");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "{\"region\":\"eu\"},Region,eu",
        "{\"region\":\"eu\"},Region,=?base64?ZXU=?=",
        "{\"region\":\"\"},Region,||",
        "{\"count\":42.0},Count,42",
        "{\"count\":42},Count,42.0",
        "{\"sure\":true},Sure,true",
        "{\"region\":null},Other,x",
        "{},Other,x"
      })
  void a_call_whose_headers_agree_is_carried_out(String arguments, String name, String value) {
    assertThat(call(arguments).header("Mcp-Param-" + name, value).result().has("content")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "{\"region\":\"eu\"},Other,x",
        "{\"region\":\"eu\"},Region,us",
        "{\"region\":\"eu\"},Region,EU",
        "{\"region\":\"eu\"},Region,||",
        "{\"region\":\"eu\"},Region,=?base64?ZXU?=",
        "{\"region\":\"ü\"},Region,ü",
        "{\"count\":42},Count,43",
        "{\"sure\":true},Sure,TRUE",
        "{},Region,eu",
        "{\"region\":null},Region,eu"
      })
  void a_call_whose_headers_do_not_is_refused(String arguments, String name, String value) {
    assertThat(verdict(call(arguments).header("Mcp-Param-" + name, value).run()))
        .containsExactly(400, -32020);
    assertThat(bench.handler.count("tools/call")).isZero();
  }

  @Test
  void an_annotation_behind_an_escape_counts_too() {
    bench.handler.answer("tools/list", tools("Region").replace("x-mcp", "x\\u002dmcp"));

    assertThat(verdict(bad().run())).containsExactly(400, -32020);
  }

  @Test
  void an_annotation_that_breaks_the_rules_binds_nobody() {
    bench.handler.answer("tools/list", tools("not a token"));

    assertThat(bad().result().has("content")).isTrue();
  }

  @Test
  void over_a_pipe_there_are_no_headers_to_agree() {
    assertThat(bad().overAPipe().result().has("content")).isTrue();
    assertThat(bench.handler.count("tools/list")).isZero();
  }

  @Test
  void the_tools_are_listed_once_for_each_caller() {
    good().result();
    good().result();
    bench.asking("tools/call", "{\"name\":\"plain\"}").result();
    assertThat(bench.handler.count("tools/list")).isEqualTo(1);

    good().by(Bench.BERT).result();
    assertThat(bench.handler.all("tools/list").stream().map(Exchange::caller))
        .containsExactly(Bench.ANNA, Bench.BERT);
  }

  @Test
  void a_list_that_passes_by_saves_one_of_our_own() {
    bench.asking("tools/list").result();
    good().result();
    assertThat(verdict(bad().run())).containsExactly(400, -32020);

    assertThat(bench.handler.count("tools/list")).isEqualTo(1);
  }

  @Test
  void a_part_of_a_list_that_passes_by_does_not() {
    bench.asking("tools/list", "{\"cursor\":\"x\"}").result();
    good().result();

    assertThat(bench.handler.count("tools/list")).isEqualTo(2);
  }

  @Test
  void every_page_is_read() {
    bench.handler.on(
        "tools/list",
        exchange -> {
          JsonObject page = dev.sallyport.downstream.ScriptedHandler.object("{\"tools\":[]}");
          return exchange.params().string("cursor").orElse("").equals("2")
              ? new Outcome.Complete(
                  dev.sallyport.downstream.ScriptedHandler.object(tools("Region")))
              : new Outcome.Complete(page.with("nextCursor", Json.of("2")));
        });

    assertThat(verdict(bad().run())).containsExactly(400, -32020);
    assertThat(bench.handler.count("tools/list")).isEqualTo(2);
  }

  @Test
  void a_list_without_an_end_is_given_up() {
    bench.handler.answer("tools/list", "{\"tools\":[],\"nextCursor\":\"more\"}");

    assertThat(verdict(good().run())).containsExactly(200, -32603);
    assertThat(bench.handler.count("tools/call")).isZero();
  }

  @Test
  void a_change_of_the_list_makes_us_read_it_again() {
    good().result();
    list("Place");
    bench.handler.on(
        "subscriptions/listen",
        exchange -> {
          exchange.notify(
              new dev.sallyport.protocol.Message.Notification(
                  "notifications/tools/list_changed", JsonObject.EMPTY));
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    bench.asking("subscriptions/listen", "{\"notifications\":{}}").result();

    assertThat(verdict(good().run())).containsExactly(400, -32020);
    assertThat(call("{\"region\":\"eu\"}").header("Mcp-Param-Place", "eu").result().has("content"))
        .isTrue();
  }

  @Test
  void an_old_list_is_read_again_before_a_call_is_refused_and_a_new_one_is_not() {
    good().result();
    list("Place");
    Bench.Asking moved = call("{\"region\":\"eu\"}").header("Mcp-Param-Place", "eu");
    assertThat(verdict(moved.run())).containsExactly(400, -32020);
    assertThat(bench.handler.count("tools/list")).isEqualTo(1);

    bench.clock.advance(Duration.ofSeconds(3));
    assertThat(moved.result().has("content")).isTrue();
    assertThat(bench.handler.count("tools/list")).isEqualTo(2);
  }

  @Test
  void a_list_is_forgotten_after_a_while() {
    good().result();
    bench.clock.advance(Duration.ofMinutes(1));
    good().result();

    assertThat(bench.handler.count("tools/list")).isEqualTo(2);
  }

  @Test
  void a_server_without_a_list_has_no_parameters_to_check() {
    bench.handler.on("tools/list", exchange -> new Outcome.Failed(RpcError.methodNotFound()));

    assertThat(bad().result().has("content")).isTrue();
  }

  @Test
  void a_call_that_cannot_be_checked_fails_as_the_list_did() {
    bench.handler.on("tools/list", exchange -> new Outcome.Failed(RpcError.internal("down")));
    assertThat(verdict(good().run())).containsExactly(200, -32603);

    bench.handler.on(
        "tools/list",
        exchange -> new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "slower")));
    assertThat(verdict(good().run())).containsExactly(429, 429);
    assertThat(bench.handler.count("tools/call")).isZero();
  }
}
