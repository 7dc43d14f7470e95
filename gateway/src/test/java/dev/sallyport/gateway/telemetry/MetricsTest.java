package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.ServerCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts, under which labels, and what does not. */
final class MetricsTest {
  private static final String COUNT = "mcp_server_operation_duration_seconds_count";
  private static final String SUM = "mcp_server_operation_duration_seconds_sum";
  private static final Outcome DONE = new Outcome.Complete(JsonObject.EMPTY);

  private final AtomicLong nanos = new AtomicLong();
  private final Metrics metrics = new Metrics("1.2.3", nanos::get);

  @Test
  void a_call_counts_once_with_its_time_and_all_that_is_known_of_it() {
    Outcome outcome =
        metrics
            .around(
                (Handler)
                    _ -> {
                      nanos.addAndGet(Duration.ofMillis(30).toNanos());
                      return DONE;
                    })
            .handle(Told.call("search"));

    assertThat(outcome).isSameAs(DONE);
    Map<String, String> labels =
        Map.of(
            "mcp_method_name", "tools/call",
            "gen_ai_tool_name", "search",
            "mcp_protocol_version", "2026-07-28",
            "error_type", "",
            "sallyport_route", "/mcp");
    StrictPage page = page();
    assertThat(page.values(COUNT, labels)).containsExactly(1.0);
    assertThat(page.values(SUM, labels)).containsExactly(0.03);
    assertThat(page.values(COUNT, Map.of())).hasSize(1);
  }

  @Test
  void what_we_ask_ourselves_on_its_behalf_is_no_request_of_a_client() {
    Exchange theirs = Told.call("search");

    assertThat(ended(theirs.withOrigin(theirs.origin().ours()), DONE)).isSameAs(DONE);
    assertThat(page().values(COUNT, Map.of())).isEmpty();
    ended(theirs, DONE);
    assertThat(page().values(COUNT, Map.of())).containsExactly(1.0);
  }

  @ParameterizedTest
  @CsvSource({
    "-32700, ''",
    "-32600, ''",
    "-32601, ''",
    "-32602, ''",
    "-32002, ''",
    "-32603, -32603",
    "-32000, -32000",
    "-32768, -32768",
    "-32042, -32042",
    "-32769, _OTHER",
    "-31999, _OTHER",
    "0, _OTHER",
    "1, _OTHER",
    "-2147483648, _OTHER"
  })
  void an_error_has_its_code_unless_the_client_is_to_blame_or_it_is_made_up(int code, String type) {
    ended(Told.call("search"), new Outcome.Failed(RpcError.of(code, "x")));

    assertThat(page().values(COUNT, Map.of("error_type", type))).containsExactly(1.0);
  }

  @Test
  void a_tool_that_says_that_it_failed_is_a_tool_error_and_nothing_else_is() {
    Outcome failed = new Outcome.Complete(JsonObject.of("isError", Json.TRUE));
    ended(Told.call("search"), failed);
    ended(Told.call("search"), new Outcome.Complete(JsonObject.of("isError", Json.FALSE)));
    ended(Told.call("search"), new Outcome.Complete(JsonObject.of("isError", Json.of("true"))));
    ended(Told.request("prompts/get", JsonObject.EMPTY), failed);

    assertThat(page().values(COUNT, Map.of("error_type", "tool_error"))).containsExactly(1.0);
    assertThat(page().sum(COUNT, Map.of("error_type", ""))).isEqualTo(3);
  }

  @Test
  void a_question_is_no_error_and_a_cancelled_request_is_one_by_that_name() {
    ended(Told.call("ask"), new Outcome.InputRequired(List.of(), "handle"));
    ended(Told.call("ask"), new Outcome.Cancelled());

    assertThat(page().values(COUNT, Map.of("error_type", ""))).containsExactly(1.0);
    assertThat(page().values(COUNT, Map.of("error_type", "cancelled"))).containsExactly(1.0);
  }

  @ParameterizedTest
  @EnumSource(Refusal.Reason.class)
  void a_refusal_counts_as_an_error_and_among_the_refusals(Refusal.Reason reason) {
    String label =
        reason == Refusal.Reason.FOREIGN_HOST || reason == Refusal.Reason.FOREIGN_ORIGIN
            ? "foreign"
            : reason.name().toLowerCase(java.util.Locale.ROOT);
    ended(Told.call("search"), new Outcome.Refused(Refusal.of(reason, "x")));

    StrictPage page = page();
    assertThat(page.values(COUNT, Map.of("error_type", "refused_" + label))).containsExactly(1.0);
    assertThat(page.values("sallyport_refused_total", Map.of("reason", label)))
        .containsExactly(1.0);
    assertThat(page.sum("sallyport_refused_total", Map.of())).isEqualTo(1);
  }

  @Test
  void before_anything_is_refused_every_reason_is_zero() {
    ended(Told.call("search"), new Outcome.Failed(RpcError.internal("x")));

    assertThat(page().values("sallyport_refused_total", Map.of())).hasSize(11).containsOnly(0.0);
  }

  @Test
  void a_flow_that_breaks_counts_as_an_internal_error_and_still_breaks() {
    IllegalStateException fault = new IllegalStateException("x");
    Handler broken =
        metrics.around(
            (Handler)
                _ -> {
                  throw fault;
                });

    assertThatThrownBy(() -> broken.handle(Told.call("search"))).isSameAs(fault);
    StrictPage page = page();
    assertThat(page.values(COUNT, Map.of("error_type", "-32603"))).containsExactly(1.0);
    assertThat(page.values("sallyport_requests_in_progress", Map.of())).containsExactly(0.0);
  }

  @Test
  void a_request_is_in_progress_until_it_ends_and_counts_when_it_has() {
    Handler flow =
        metrics.around(
            (Handler)
                _ -> {
                  StrictPage meanwhile = page();
                  assertThat(meanwhile.values("sallyport_requests_in_progress", Map.of()))
                      .containsExactly(1.0);
                  assertThat(meanwhile.values(COUNT, Map.of())).isEmpty();
                  return DONE;
                });

    flow.handle(Told.request("subscriptions/listen", JsonObject.EMPTY));

    assertThat(page().values("sallyport_requests_in_progress", Map.of())).containsExactly(0.0);
    assertThat(page().values(COUNT, Map.of("mcp_method_name", "subscriptions/listen")))
        .containsExactly(1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/list", "resources/read", "tasks/get"})
  void a_method_of_the_protocol_is_a_label(String method) {
    ended(Told.request(method, JsonObject.EMPTY), DONE);

    assertThat(page().values(COUNT, Map.of("mcp_method_name", method, "gen_ai_tool_name", "")))
        .containsExactly(1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/call2", "", "a\"} 1\nb 2", "tasks/list"})
  void any_other_method_is_other(String method) {
    ended(Told.request(method, JsonObject.of("name", Json.of("search"))), DONE);

    assertThat(page().values(COUNT, Map.of("mcp_method_name", "other", "gen_ai_tool_name", "")))
        .containsExactly(1.0);
  }

  @Test
  void what_a_handshake_asks_is_initialize_and_what_a_client_discovers_is_not() {
    ended(Told.inSession("server/discover"), DONE);
    ended(Told.request("server/discover", JsonObject.EMPTY), DONE);

    StrictPage page = page();
    assertThat(
            page.values(
                COUNT,
                Map.of("mcp_method_name", "initialize", "mcp_protocol_version", "2025-11-25")))
        .containsExactly(1.0);
    assertThat(page.values(COUNT, Map.of("mcp_method_name", "server/discover")))
        .containsExactly(1.0);
  }

  @Test
  void tools_that_callers_invent_are_one_series_whatever_they_are_called() {
    Outcome unknown = new Outcome.Failed(RpcError.invalidParams("Unknown tool"));
    for (int i = 0; i < 1_000; i++) {
      ended(Told.call("invented" + i), unknown);
    }
    ended(Told.call("x".repeat(1 << 20)), DONE);
    ended(Told.call("a\nb"), DONE);
    ended(Told.call("real"), DONE);
    ended(Told.call("real"), unknown);

    StrictPage page = page();
    assertThat(page.sum(COUNT, Map.of("gen_ai_tool_name", "other"))).isEqualTo(1_002);
    assertThat(page.values(COUNT, Map.of("gen_ai_tool_name", "other"))).hasSize(2);
    assertThat(page.sum(COUNT, Map.of("gen_ai_tool_name", "real"))).isEqualTo(2);
  }

  @Test
  void hostile_names_that_answer_make_no_more_series_than_there_is_room_for() {
    for (int i = 0; i < 3_000; i++) {
      ended(Told.call("\"} 1\\" + i), DONE);
      ended(Told.call("fails" + i), new Outcome.Failed(RpcError.of(-32_000 - i % 100, "x")));
    }

    StrictPage page = page();
    assertThat(page.values(COUNT, Map.of()).size()).isBetween(500, Durations.MOST_SERIES + 1);
    assertThat(page.sum(COUNT, Map.of())).isEqualTo(6_000);
  }

  @Test
  void a_call_without_a_name_is_a_call_of_another_tool() {
    ended(Told.request("tools/call", JsonObject.EMPTY), DONE);

    assertThat(page().values(COUNT, Map.of("gen_ai_tool_name", "other"))).containsExactly(1.0);
  }

  @Test
  void servers_are_told_of_as_they_stand_and_one_that_is_not_up_too() {
    StrictPage page =
        StrictPage.of(
            metrics.page(
                List.of(
                    new ServerReading(
                        "notes",
                        new ServerCounts(
                            true, 3, 2, 1, Map.of("started", 4L), Map.of("not_json", 5L))),
                    new ServerReading("weird \"\n\\", ServerCounts.NOT_UP))));

    Map<String, String> notes = Map.of("server", "notes");
    Map<String, String> down = Map.of("server", "weird \"\n\\");
    assertThat(page.values("sallyport_server_up", notes)).containsExactly(1.0);
    assertThat(page.values("sallyport_server_processes", notes)).containsExactly(3.0);
    assertThat(page.values("sallyport_server_calls", notes)).containsExactly(2.0);
    assertThat(page.values("sallyport_server_waiting", notes)).containsExactly(1.0);
    assertThat(
            page.values(
                "sallyport_server_events_total", Map.of("server", "notes", "event", "started")))
        .containsExactly(4.0);
    assertThat(
            page.values(
                "sallyport_server_faults_total", Map.of("server", "notes", "fault", "not_json")))
        .containsExactly(5.0);
    assertThat(page.values("sallyport_server_up", down)).containsExactly(0.0);
    assertThat(page.values("sallyport_server_events_total", down)).isEmpty();
  }

  @Test
  void the_process_and_its_version_are_told() {
    StrictPage page = page();

    assertThat(page.values("sallyport_build_info", Map.of("version", "1.2.3")))
        .containsExactly(1.0);
    for (String name :
        List.of(
            "process_cpu_seconds_total",
            "process_start_time_seconds",
            "jvm_threads_current",
            "jvm_memory_used_bytes")) {
      assertThat(page.values(name, Map.of())).as(name).isNotEmpty().allMatch(value -> value > 0);
    }
    assertThat(page.types()).containsEntry("jvm_gc_collection_seconds", "summary");
  }

  private Outcome ended(Exchange exchange, Outcome outcome) {
    return metrics.around((Handler) _ -> outcome).handle(exchange);
  }

  private StrictPage page() {
    return StrictPage.of(metrics.page(List.of()));
  }
}
