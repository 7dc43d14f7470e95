package dev.sallyport.gateway.telemetry.otel;

import static dev.sallyport.gateway.telemetry.otel.OtlpReceiver.attributes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundClient;
import dev.sallyport.transport.outbound.OutboundOptions;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.UpstreamOptions;
import dev.sallyport.upstream.UpstreamServer;
import dev.sallyport.upstream.http.RemoteServer;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in, what goes out and what is sent, on real sockets and pipes. */
final class TraceFlowTest {
  private static final String CHILD =
      """
      #!/bin/sh
      while read -r line; do
        printf '%s\\n' "$line" >>"$1"
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case $line in
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"c","version":"1"}}}' ;;
          *'"tools/list"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[{"name":"search","inputSchema":{"type":"object"}}]}}' ;;
          *'"tools/call"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"content":[{"type":"text","text":"r3sult-0f-a-t00l"}]}}' ;;
          *'"id":'*) echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"no"}}' ;;
        esac
      done
      """;
  private static final UpstreamOptions LEGACY = UpstreamOptions.DEFAULT.withEra(EraChoice.LEGACY);
  private static final Span.SpanKind SERVER = Span.SpanKind.SPAN_KIND_SERVER;
  private static final Span.SpanKind CLIENT = Span.SpanKind.SPAN_KIND_CLIENT;
  private static final String IN_META = "\"traceparent\":\"" + Traced.PARENT + "\"";

  @TempDir Path folder;
  private OtlpReceiver receiver;
  private final AtomicReference<Exchange> reached = new AtomicReference<>();
  private final AtomicReference<Optional<String>> logged = new AtomicReference<>(Optional.empty());

  @BeforeEach
  void openReceiver() throws Exception {
    receiver = OtlpReceiver.open();
  }

  @AfterEach
  void closeReceiver() {
    receiver.close();
  }

  /** A server of this process. */
  private Outcome answer(Exchange exchange) {
    if (!exchange.method().equals("tools/call")) {
      return exchange.method().equals("resources/read")
          ? new Outcome.Complete(JsonObject.of("contents", Json.arrayOf(List.of())))
          : new Outcome.Failed(RpcError.methodNotFound());
    }
    reached.set(exchange);
    logged.set(Log.traceId());
    return switch (exchange.params().string("name").orElse("")) {
      case "search" -> new Outcome.Complete(JsonObject.of("content", Json.arrayOf(List.of())));
      case "fails" -> new Outcome.Complete(JsonObject.of("isError", Json.TRUE));
      case "breaks" -> new Outcome.Failed(RpcError.internal("m3ssage-of-an-err0r"));
      default -> new Outcome.Failed(RpcError.invalidParams("Unknown tool"));
    };
  }

  private JsonObject meta() {
    return reached.get().params().object("_meta").orElse(JsonObject.EMPTY);
  }

  private Traced traced(double traces, boolean followCallers) throws Exception {
    return Traced.open(
        Traced.some(receiver.url(), traces, followCallers),
        Peer.here("notes").withBaggage(true),
        this::answer);
  }

  @Test
  void a_call_is_one_trace_from_its_client_to_a_process_that_is_run_here() throws Exception {
    Path heard = folder.resolve("heard");
    Path script = Files.writeString(folder.resolve("server"), CHILD);
    try (UpstreamServer server =
            UpstreamServer.open(
                "notes", ChildCommand.of("sh", script.toString(), heard.toString()), LEGACY);
        Traced traced = Traced.open(Traced.all(receiver.url()), Peer.here("notes"), server)) {
      assertThat(traced.call("search", IN_META + ",\"tracestate\":\"a=b\"", Map.of()).statusCode())
          .isEqualTo(200);
    }

    Span ofClient = receiver.span(SERVER, "tools/call search");
    Span toServer = receiver.span(CLIENT, "tools/call search");
    assertThat(hex(ofClient.getTraceId())).isEqualTo(Traced.TRACE);
    assertThat(hex(ofClient.getParentSpanId())).isEqualTo(Traced.SPAN);
    assertThat(ofClient.getTraceState()).isEqualTo("a=b");
    assertThat(hex(toServer.getTraceId())).isEqualTo(Traced.TRACE);
    assertThat(toServer.getParentSpanId()).isEqualTo(ofClient.getSpanId());
    String call =
        Files.readAllLines(heard).stream()
            .filter(line -> line.contains("tools/call"))
            .findFirst()
            .orElseThrow();
    assertThat(call)
        .contains("\"traceparent\":\"" + parent(toServer) + "\"", "\"tracestate\":\"a=b\"");
    assertThat(attributes(toServer))
        .containsEntry("network.transport", "pipe")
        .containsEntry("sallyport.server", "notes")
        .containsEntry("mcp.protocol.version", "2025-11-25")
        .doesNotContainKeys("server.address", "server.port");
    assertThat(attributes(toServer).get("jsonrpc.request.id")).matches("[0-9]+");
  }

  @Test
  void the_same_to_a_server_at_a_url_which_is_told_in_its_headers_too() throws Exception {
    try (UrlServer there = UrlServer.open();
        HttpEngine engine = HttpEngine.begin();
        OutboundClient client = OutboundClient.open(engine, OutboundOptions.DEFAULT)) {
      HttpUrl url = HttpUrl.of("http://127.0.0.1:" + there.port() + "/mcp").orElseThrow();
      try (UpstreamServer server =
              UpstreamServer.open(
                  "tickets", new RemoteServer(client, url, HttpFields.empty()), LEGACY);
          Traced traced =
              Traced.open(
                  Traced.all(receiver.url()),
                  new Peer("tickets", "127.0.0.1", there.port()).withBaggage(true),
                  server)) {
        traced.call("search", IN_META + ",\"baggage\":\"team=blue\"", Map.of());
      }

      Span ofClient = receiver.span(SERVER, "tools/call search");
      Span toServer = receiver.span(CLIENT, "tools/call search");
      assertThat(toServer.getParentSpanId()).isEqualTo(ofClient.getSpanId());
      assertThat(there.last().header("traceparent")).contains(parent(toServer));
      assertThat(there.last().header("baggage")).contains("team=blue");
      assertThat(there.last().header("tracestate")).isEmpty();
      assertThat(there.last().meta().string("traceparent")).contains(parent(toServer));
      assertThat(there.last().meta().string("baggage")).contains("team=blue");
      assertThat(attributes(toServer))
          .containsEntry("network.transport", "tcp")
          .containsEntry("server.address", "127.0.0.1")
          .containsEntry("server.port", Integer.toString(there.port()));
    }
  }

  @Test
  void baggage_goes_to_no_server_that_is_not_configured_for_it_and_the_trace_does()
      throws Exception {
    try (UrlServer there = UrlServer.open();
        HttpEngine engine = HttpEngine.begin();
        OutboundClient client = OutboundClient.open(engine, OutboundOptions.DEFAULT)) {
      HttpUrl url = HttpUrl.of("http://127.0.0.1:" + there.port() + "/mcp").orElseThrow();
      Peer peer = new Peer("tickets", "127.0.0.1", there.port());
      try (UpstreamServer server =
              UpstreamServer.open(
                  "tickets", new RemoteServer(client, url, HttpFields.empty()), LEGACY);
          Traced traced = Traced.open(Traced.all(receiver.url()), peer, server)) {
        traced.call("search", IN_META + ",\"baggage\":\"team=blue\"", Map.of("baggage", "a=b"));
      }

      assertThat(there.last().header("traceparent")).isPresent();
      assertThat(there.last().meta().has("traceparent")).isTrue();
      assertThat(there.last().header("baggage")).isEmpty();
      assertThat(there.last().meta().has("baggage")).isFalse();
    }
  }

  @Test
  void what_only_the_head_says_counts_and_where_the_message_says_another_it_is_linked()
      throws Exception {
    String other = "00-" + Traced.TRACE + "-1111111111111111-01";
    try (Traced traced = traced(1, false)) {
      traced.call("search", "", Map.of("traceparent", Traced.PARENT, "baggage", "a=b"));
      assertThat(meta().string("baggage")).contains("a=b");
      traced.call("fails", IN_META, Map.of("traceparent", other));
    }

    Span fromHead = receiver.span(SERVER, "tools/call search");
    assertThat(hex(fromHead.getTraceId())).isEqualTo(Traced.TRACE);
    assertThat(hex(fromHead.getParentSpanId())).isEqualTo(Traced.SPAN);
    assertThat(fromHead.getLinksCount()).isZero();
    Span fromMessage = receiver.span(SERVER, "tools/call fails");
    assertThat(hex(fromMessage.getParentSpanId())).isEqualTo(Traced.SPAN);
    assertThat(fromMessage.getLinksList())
        .extracting(link -> hex(link.getSpanId()))
        .containsExactly("1111111111111111");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "7",
        "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7\"",
        "\"00-00000000000000000000000000000000-00f067aa0ba902b7-01\"",
        "\"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01\"",
        "\"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"",
        "\"00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01\"",
        "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more\""
      })
  void a_malformed_parent_is_as_good_as_none_and_the_call_goes_on(String malformed)
      throws Exception {
    try (Traced traced = traced(1, false)) {
      assertThat(
              traced
                  .call(
                      "search",
                      "\"traceparent\":" + malformed + ",\"tracestate\":\"a=b\"",
                      Map.of())
                  .statusCode())
          .isEqualTo(200);
      assertThat(meta().has("tracestate")).isFalse();
    }

    Span span = receiver.span(SERVER, "tools/call search");
    assertThat(span.getParentSpanId().isEmpty()).isTrue();
    assertThat(hex(span.getTraceId())).isNotEqualTo(Traced.TRACE);
    assertThat(meta().string("traceparent"))
        .contains(parent(receiver.span(CLIENT, "tools/call search")));
  }

  @Test
  void baggage_that_no_header_can_hold_or_that_is_too_long_goes_no_further() throws Exception {
    try (Traced traced = traced(1, false)) {
      traced.call("search", "\"baggage\":\"a=b\\r\\nX-Evil: 1\"", Map.of());
      assertThat(meta().has("baggage")).isFalse();
      traced.call("search", "\"baggage\":\"a=" + "b".repeat(8_191) + "\"", Map.of());
      assertThat(meta().has("baggage")).isFalse();
      traced.call("search", "\"baggage\":\"a=" + "b".repeat(8_190) + "\"", Map.of());
      assertThat(meta().has("baggage")).isTrue();
    }
  }

  @Test
  void at_a_ratio_of_zero_nothing_is_sent_and_servers_are_told_so() throws Exception {
    try (Traced traced = traced(0, false)) {
      assertThat(traced.call("search", IN_META, Map.of()).statusCode()).isEqualTo(200);
      assertThat(meta().string("traceparent").orElseThrow())
          .startsWith("00-" + Traced.TRACE)
          .endsWith("-00")
          .doesNotContain(Traced.SPAN);
      assertThat(logged.get()).contains(Traced.TRACE);
    }

    assertThat(receiver.posts()).isEmpty();
  }

  @Test
  void a_caller_that_wants_its_trace_sampled_decides_only_where_it_may() throws Exception {
    try (Traced traced = traced(0, true)) {
      traced.call("search", IN_META, Map.of());
      traced.call(
          "fails", "\"traceparent\":\"00-" + Traced.TRACE + "-" + Traced.SPAN + "-00\"", Map.of());
      traced.call("breaks", "", Map.of());
    }

    assertThat(receiver.spans())
        .extracting(Span::getName)
        .containsExactlyInAnyOrder("tools/call search", "tools/call search");
  }

  @ParameterizedTest
  @CsvSource({
    "search, '', '', ERROR_NONE",
    "fails, tool_error, '', ERROR",
    "breaks, -32603, -32603, ERROR",
    "invented, '', -32602, ERROR_NONE"
  })
  void an_error_is_told_unless_it_is_the_clients(
      String tool, String error, String status, String code) throws Exception {
    try (Traced traced = traced(1, false)) {
      traced.call(tool, "", Map.of());
    }

    String name = tool.equals("invented") ? "tools/call" : "tools/call " + tool;
    for (Span.SpanKind kind : List.of(SERVER, CLIENT)) {
      Span span = receiver.span(kind, name);
      assertThat(attributes(span).getOrDefault("error.type", "")).isEqualTo(error);
      assertThat(attributes(span).getOrDefault("rpc.response.status_code", "")).isEqualTo(status);
      assertThat(span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
          .isEqualTo(code.equals("ERROR"));
      assertThat(span.getStatus().getMessage()).isEmpty();
    }
  }

  @Test
  void a_span_says_what_the_conventions_ask_for_and_nothing_else() throws Exception {
    try (Traced traced = traced(1, false)) {
      traced.call("search", "", Map.of());
      traced.ask(
          "resources/read",
          "\"uri\":\"db://user:pa55word@host/table?token=s3cret#part\"",
          "db://user:pa55word@host/table?token=s3cret#part",
          "",
          Map.of());
    }

    assertThat(attributes(receiver.span(SERVER, "tools/call search")))
        .isEqualTo(
            Map.of(
                "mcp.method.name", "tools/call",
                "gen_ai.tool.name", "search",
                "gen_ai.operation.name", "execute_tool",
                "mcp.protocol.version", "2026-07-28",
                "jsonrpc.request.id", "req-1",
                "network.transport", "tcp",
                "network.protocol.name", "http",
                "sallyport.route", "/mcp"));
    assertThat(attributes(receiver.span(SERVER, "resources/read")))
        .containsEntry("mcp.resource.uri", "db://host/table");
    assertThat(receiver.spans())
        .flatExtracting(span -> attributes(span).keySet())
        .allMatch(name -> Conventions.SPAN.contains(name) || name.startsWith("sallyport."));
  }

  @Test
  void what_is_secret_is_in_nothing_that_is_sent() throws Exception {
    try (Traced traced =
        Traced.open(Traced.all(receiver.url()), Peer.here("notes"), this::answer)) {
      traced.call("search", IN_META + ",\"baggage\":\"b4ggage=1\"", Map.of("X-Any", "h3ader"));
      traced.call("breaks", "", Map.of());
      traced.call("1nvented-by-a-caller", "", Map.of());
    }

    assertThat(receiver.spans()).filteredOn(span -> span.getKind() == SERVER).hasSize(3);
    assertThat(receiver.metrics()).isNotEmpty();
    assertThat(receiver.everything())
        .contains("search", "team-gateway", "deployment.environment.name")
        .doesNotContain(
            "4rgument",
            "r3sult",
            "m3ssage",
            "b4ggage",
            "h3ader",
            "1nvented",
            "s3cret",
            Traced.CALLER);
    assertThat(receiver.posts())
        .allMatch(
            post ->
                post.headers()
                    .getOrDefault("X-secret", List.of())
                    .contains("s3cret-f0r-the-receiver"));
  }

  @Test
  void where_traces_are_off_numbers_are_sent_and_what_a_client_says_passes_as_it_came()
      throws Exception {
    try (Traced traced =
        Traced.open(Traced.numbers(receiver.url()), Peer.here("notes"), this::answer)) {
      traced.call("search", IN_META + ",\"baggage\":\"a=b\"", Map.of());
    }

    assertThat(meta().string("traceparent")).contains(Traced.PARENT);
    assertThat(meta().string("baggage")).contains("a=b");
    assertThat(reached.get().origin().witness().fields()).isEmpty();
    assertThat(receiver.spans()).isEmpty();
    assertThat(receiver.metrics()).isNotEmpty();
  }

  @Test
  void without_tracing_what_a_client_says_passes_as_it_came_and_in_no_header() throws Exception {
    Handler seen = new Metrics("x", System::nanoTime).toward(Peer.here("notes"), this::answer);
    seen.handle(
        Calls.call("search", JsonObject.of("traceparent", Json.of("what the client says"))));

    assertThat(meta().string("traceparent")).contains("what the client says");
    assertThat(reached.get().origin().witness().fields()).isEmpty();
    assertThat(logged.get()).isEmpty();
  }

  private static String parent(Span span) {
    return "00-"
        + hex(span.getTraceId())
        + "-"
        + hex(span.getSpanId())
        + "-"
        + HexFormat.of().toHexDigits((byte) span.getFlags());
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
