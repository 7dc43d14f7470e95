package dev.sallyport.downstream.modern;

import static dev.sallyport.downstream.modern.Bench.CAPABILITIES;
import static dev.sallyport.downstream.modern.Bench.VERSION;
import static dev.sallyport.downstream.modern.Bench.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which check speaks first (mcp-reference 2.0, rule 4; 4-T08). */
final class LadderTest {
  private final Bench bench = new Bench();

  LadderTest() {
    bench.handler.answer("tools/call", "{\"content\":[]}");
    bench.handler.answer("resources/read", "{\"contents\":[]}");
    bench.handler.answer("x/vendor", "{}");
  }

  private Bench.Asking call() {
    return bench.asking("tools/call", "{\"name\":\"t\"}");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("VN-04: no _meta", 400, -32602, a -> a.noMeta(VERSION).noMeta(CAPABILITIES)),
        fault("VN-04: no version", 400, -32602, a -> a.noMeta(VERSION)),
        fault("VN-04: a version of a wrong type", 400, -32602, a -> a.meta(VERSION, "1")),
        fault("VN-04: no capabilities", 400, -32602, a -> a.noMeta(CAPABILITIES)),
        fault("VN-04: capabilities of a wrong type", 400, -32602, a -> a.meta(CAPABILITIES, "[]")),
        fault(
            "FE-17: a log level nobody knows",
            400,
            -32602,
            a -> a.meta(Meta.LOG_LEVEL, "\"loud\"")),
        fault(
            "PR-01: a fraction as progress token",
            400,
            -32602,
            a -> a.meta("progressToken", "1.5")),
        fault("SH-17: no version header", 400, -32020, a -> a.noHeader("MCP-Protocol-Version")),
        fault(
            "SH-17: another version in the header",
            400,
            -32020,
            a -> a.header("MCP-Protocol-Version", "2025-11-25")),
        fault(
            "4-T55: two version headers",
            400,
            -32020,
            a -> a.header("MCP-Protocol-Version", "2026-07-28", "2026-07-28")),
        fault(
            "VN-03: a version nobody knows",
            400,
            -32022,
            a -> a.meta(VERSION, "\"1900-01-01\"").header("MCP-Protocol-Version", "1900-01-01")),
        fault(
            "VN-03: a version that is not served",
            400,
            -32022,
            a -> a.meta(VERSION, "\"2024-11-05\"").header("MCP-Protocol-Version", "2024-11-05")),
        fault("HD-01: no method header", 400, -32020, a -> a.noHeader("Mcp-Method")),
        fault(
            "HD-04: a method header in another case",
            400,
            -32020,
            a -> a.header("Mcp-Method", "TOOLS/CALL")),
        fault(
            "HD-01: another method in the header",
            400,
            -32020,
            a -> a.header("Mcp-Method", "tools/list")),
        fault(
            "4-T55: two method headers",
            400,
            -32020,
            a -> a.header("Mcp-Method", "tools/call", "tools/call")),
        fault("HD-02: no name header", 400, -32020, a -> a.noHeader("Mcp-Name")),
        fault("HD-02: another name in the header", 400, -32020, a -> a.header("Mcp-Name", "u")),
        fault(
            "HD-07: broken Base64 in the name",
            400,
            -32020,
            a -> a.header("Mcp-Name", "=?base64?d!==?=")),
        fault(
            "HD-08: no padding in the name",
            400,
            -32020,
            a -> a.header("Mcp-Name", "=?base64?dA?=")),
        fault(
            "MR-11: answers that are not an object",
            200,
            -32602,
            a -> a.with("inputResponses", "5")),
        fault(
            "MR-11: an answer that is not an object",
            200,
            -32602,
            a -> a.with("inputResponses", "{\"k\":1}")),
        fault(
            "MR-06: a state that never was one", 200, -32602, a -> a.with("requestState", "\"x\"")),
        fault(
            "MR-06: a state that is not a string", 200, -32602, a -> a.with("requestState", "{}")));
  }

  private static Arguments fault(
      String name, int status, int code, UnaryOperator<Bench.Asking> change) {
    return Arguments.of(Named.of(name, change), status, code);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_fault_is_named_and_the_handler_sees_nothing(
      UnaryOperator<Bench.Asking> change, int status, int code) {
    Ending ending = change.apply(call()).run();

    assertThat(verdict(ending)).containsExactly(status, code);
    assertThat(((Message.Failure) ending.message().orElseThrow()).id().orElseThrow().token().text())
        .isEqualTo("\"7\"");
    assertThat(bench.handler.count("tools/call")).isZero();
  }

  static Stream<Arguments> orders() {
    return Stream.of(
        fault(
            "metadata before headers",
            400,
            -32602,
            a -> a.noMeta(VERSION).noHeader("MCP-Protocol-Version")),
        fault("agreement before support", 400, -32020, a -> a.meta(VERSION, "\"v999.0.0\"")),
        fault(
            "support before the method header",
            400,
            -32022,
            a ->
                a.meta(VERSION, "\"9\"")
                    .header("MCP-Protocol-Version", "9")
                    .noHeader("Mcp-Method")),
        fault(
            "the method header before the name header",
            400,
            -32020,
            a -> a.noHeader("Mcp-Method").noHeader("Mcp-Name")),
        fault(
            "headers before parameters",
            400,
            -32020,
            a -> a.noHeader("Mcp-Name").with("inputResponses", "5")));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void of_two_faults_the_one_higher_up_is_named(
      UnaryOperator<Bench.Asking> change, int status, int code) {
    assertThat(verdict(change.apply(call()).run())).containsExactly(status, code);
  }

  static Stream<Arguments> sound() {
    return Stream.of(
        Arguments.of(Named.of("as it is", (UnaryOperator<Bench.Asking>) a -> a)),
        Arguments.of(
            Named.of(
                "VN-05: no clientInfo",
                (UnaryOperator<Bench.Asking>) a -> a.noMeta(Meta.CLIENT_INFO))),
        Arguments.of(
            Named.of(
                "HD-05: space round the name",
                (UnaryOperator<Bench.Asking>) a -> a.header("Mcp-Name", "  t\t"))),
        Arguments.of(
            Named.of(
                "HD-06: the name encoded",
                (UnaryOperator<Bench.Asking>) a -> a.header("Mcp-Name", "=?base64?dA==?="))),
        Arguments.of(
            Named.of(
                "HD-14: a parameter header of nobody",
                (UnaryOperator<Bench.Asking>) a -> a.header("Mcp-Param-Nobody", "x"))),
        Arguments.of(
            Named.of(
                "JR-28: vendor metadata",
                (UnaryOperator<Bench.Asking>) a -> a.meta("com.example/x", "[1]"))));
  }

  @ParameterizedTest
  @MethodSource("sound")
  void a_sound_request_is_carried_out(UnaryOperator<Bench.Asking> change) {
    assertThat(change.apply(call()).result().has("content")).isTrue();
  }

  @Test
  void over_a_pipe_no_headers_are_wanted_but_everything_else_is() {
    Bench.Asking bare = call().noHeader("MCP-Protocol-Version").noHeader("Mcp-Method");
    assertThat(bare.overAPipe().result().has("content")).isTrue();
    assertThat(verdict(call().noMeta(CAPABILITIES).overAPipe().run())).containsExactly(400, -32602);
    assertThat(verdict(call().meta(VERSION, "\"9\"").overAPipe().run()))
        .containsExactly(400, -32022);
  }

  @Test
  void a_version_that_is_not_served_is_echoed_beside_those_that_are() {
    Bench.Asking asking =
        call().meta(VERSION, "\"1900-01-01\"").header("MCP-Protocol-Version", "1900-01-01");
    RpcError error = ((Message.Failure) asking.run().message().orElseThrow()).error();

    assertThat(error.data().orElseThrow().text())
        .isEqualTo("{\"supported\":[\"2026-07-28\"],\"requested\":\"1900-01-01\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "sampling/createMessage",
        "elicitation/create",
        "roots/list",
        "notifications/cancelled",
        "notifications/progress"
      })
  void removed_methods_and_those_of_the_other_side_are_unknown(String method) {
    bench.handler.answer(method, "{}");

    assertThat(verdict(bench.asking(method, "{\"uri\":\"u\"}").run())).containsExactly(404, -32601);
    assertThat(bench.handler.count(method)).isZero();
  }

  @Test
  void a_method_nobody_has_heard_of_is_the_handlers_to_judge() {
    assertThat(verdict(bench.asking("foo/bar").run())).containsExactly(404, -32601);
    assertThat(bench.asking("x/vendor").result().has("resultType")).isTrue();
  }

  @Test
  void an_initialize_without_modern_marks_learns_which_versions_there_are() {
    Bench.Asking asking =
        bench
            .asking("initialize", "{\"protocolVersion\":\"2025-11-25\"}")
            .noMeta(VERSION)
            .noMeta(CAPABILITIES);
    Ending ending = asking.run();

    assertThat(verdict(ending)).containsExactly(400, -32022);
    assertThat(
            new String(
                ending.message().orElseThrow().toBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("[\"2026-07-28\"]")
        .contains("\"requested\":\"2025-11-25\"");
  }

  @Test
  void what_became_typed_is_gone_from_the_parameters_and_the_rest_stays() {
    call()
        .meta(Meta.CLIENT_INFO, "{\"name\":\"c\"}")
        .meta(Meta.LOG_LEVEL, "\"error\"")
        .meta("progressToken", "\"p\"")
        .meta("com.example/x", "[1.0]")
        .with("arguments", "{\"n\":1.50}")
        .with("inputResponses", "{\"k\":{\"action\":\"accept\"}}")
        .result();

    var seen = bench.handler.only("tools/call");
    assertThat(seen.params().toJson().text())
        .isEqualTo(
            "{\"name\":\"t\",\"arguments\":{\"n\":1.50},\"_meta\":{\"com.example/x\":[1.0]}}");
    assertThat(seen.client().info().orElseThrow().string("name")).contains("c");
    assertThat(seen.client().logLevel()).contains(LogLevel.ERROR);
    assertThat(seen.progressToken().orElseThrow().text()).isEqualTo("\"p\"");
    assertThat(seen.continuation().orElseThrow().answers().has("k")).isTrue();
    assertThat(seen.continuation().orElseThrow().handle()).isEmpty();
    assertThat(seen.caller()).isEqualTo(Bench.ANNA);
  }

  @Test
  void two_requests_with_other_capabilities_know_nothing_of_each_other() {
    call().meta(CAPABILITIES, "{\"sampling\":{}}").run();
    call().run();

    assertThat(bench.handler.count("tools/call")).isEqualTo(2);
    assertThat(
            bench.handler.all("tools/call").stream()
                .map(exchange -> exchange.client().can("sampling")))
        .containsExactly(true, false);
  }

  @Test
  void a_notification_is_taken_with_or_without_headers_unless_they_disagree() {
    Message.Notification notification =
        ScriptedHandler.notification("notifications/cancelled", "{\"requestId\":1}");

    assertThat(bench.protocol.check(notification, Mirror.NONE)).isEmpty();
    assertThat(bench.protocol.check(notification, Mirror.of(name -> List.of()))).isEmpty();
    assertThat(
            bench.protocol.check(
                notification,
                Mirror.of(name -> name.equals("Mcp-Method") ? List.of("tools/call") : List.of())))
        .map(RpcError::code)
        .contains(-32020);
  }
}
