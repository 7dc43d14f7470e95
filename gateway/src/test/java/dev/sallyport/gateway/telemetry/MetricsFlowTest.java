package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.gateway.Credentials;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.Operations;
import dev.sallyport.gateway.Route;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.upstream.ServerCounts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway and its port for operators on real sockets: what is called there is read here. */
final class MetricsFlowTest {
  private static final String COUNT = "mcp_server_operation_duration_seconds_count";
  private static final int BURST = 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Metrics metrics = new Metrics("1.2.3", System::nanoTime);
  private final AtomicInteger statuses = new AtomicInteger();

  /** What the operator's port tells of; to be asked for the status is to ask the servers. */
  private final class Standing implements Operations.Standing {
    @Override
    public Optional<String> notReady() {
      return Optional.empty();
    }

    @Override
    public List<String> servers() {
      return List.of("notes: up");
    }

    @Override
    public JsonObject outline() {
      statuses.incrementAndGet();
      return JsonObject.EMPTY;
    }

    @Override
    public List<ServerReading> readings() {
      return List.of(
          new ServerReading(
              "notes", new ServerCounts(true, 1, 0, 0, Map.of("started", 1L), Map.of())));
    }
  }

  @AfterEach
  void closeClient() {
    http.close();
  }

  private static Outcome answer(Exchange exchange) {
    return switch (exchange.method()) {
      case "server/discover" ->
          new Outcome.Complete(
              JsonObject.of(
                  "capabilities", JsonObject.EMPTY.with("tools", JsonObject.EMPTY).toJson()));
      case "tools/list" -> new Outcome.Complete(JsonObject.of("tools", Json.arrayOf(List.of())));
      case "tools/call" -> called(exchange.params().string("name").orElse(""));
      default -> new Outcome.Failed(RpcError.methodNotFound());
    };
  }

  private static Outcome called(String tool) {
    return switch (tool) {
      case "fails" -> new Outcome.Complete(JsonObject.of("isError", Json.TRUE));
      case "breaks" -> new Outcome.Failed(RpcError.internal("no"));
      case "works", "wor\"ks" -> new Outcome.Complete(JsonObject.EMPTY);
      default -> new Outcome.Failed(RpcError.invalidParams("Unknown tool"));
    };
  }

  @Test
  void what_clients_call_is_told_and_no_server_is_asked_for_it() throws Exception {
    try (HttpEngine engine = HttpEngine.begin();
        Gateway gateway = gateway(engine);
        HttpListener admin = admin(engine)) {
      for (String tool : List.of("works", "works", "fails", "breaks", "wor\"ks", "no\nsuch")) {
        assertThat(call(gateway, tool).statusCode()).as(tool).isLessThan(500);
      }
      assertThat(post(gateway, initialize(), Map.of()).statusCode()).isEqualTo(200);

      HttpResponse<String> answer = get(admin, "/metrics");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      StrictPage page = StrictPage.of(answer.body());
      assertThat(page.values(COUNT, tool("works", ""))).containsExactly(2.0);
      assertThat(page.values(COUNT, tool("wor\"ks", ""))).containsExactly(1.0);
      assertThat(page.values(COUNT, tool("fails", "tool_error"))).containsExactly(1.0);
      assertThat(page.values(COUNT, tool("breaks", "-32603"))).containsExactly(1.0);
      assertThat(page.values(COUNT, tool("other", ""))).containsExactly(1.0);
      assertThat(page.values(COUNT, Map.of("mcp_method_name", "initialize"))).containsExactly(1.0);
      assertThat(page.values(COUNT, Map.of()).size()).isEqualTo(6);
      assertThat(page.values("sallyport_server_up", Map.of("server", "notes")))
          .containsExactly(1.0);
      assertThat(page.values("sallyport_requests_in_progress", Map.of())).containsExactly(0.0);
      assertThat(statuses).hasValue(0);
      assertThat(answer.body()).doesNotContain("somebody", "such");
    }
  }

  @Test
  void who_is_turned_away_is_told_by_reason_and_who_is_served_is_not() throws Exception {
    try (HttpEngine engine = HttpEngine.begin();
        Gateway gateway = gateway(engine);
        HttpListener admin = admin(engine)) {
      call(gateway, "works");
      assertThat(refused(admin)).isZero();
      assertThat(post(gateway, initialize(), Map.of("Origin", "https://evil.example")).statusCode())
          .isEqualTo(403);
      assertThat(post(gateway, initialize(), Map.of("Via", "1.1 proxy")).statusCode())
          .isEqualTo(403);
      assertThat(get(gateway.address().getPort(), "/elsewhere").statusCode()).isEqualTo(404);
      int tooMany = 0;
      for (int i = 0; i < 2 * BURST; i++) {
        tooMany += call(gateway, "works").statusCode() == 429 ? 1 : 0;
      }

      StrictPage page = page(admin);
      assertThat(tooMany).isPositive();
      assertThat(page.values("sallyport_refused_total", Map.of("reason", "foreign")))
          .containsExactly(2.0);
      assertThat(page.values("sallyport_refused_total", Map.of("reason", "not_found")))
          .containsExactly(1.0);
      assertThat(page.values("sallyport_refused_total", Map.of("reason", "too_many_requests")))
          .containsExactly((double) tooMany);
      assertThat(page.sum("sallyport_refused_total", Map.of())).isEqualTo(3 + tooMany);
      assertThat(page.values(COUNT, tool("other", "refused_too_many_requests"))).isEmpty();
      assertThat(page.sum(COUNT, Map.of("error_type", "refused_too_many_requests")))
          .isEqualTo(tooMany);
    }
  }

  @Test
  void who_is_turned_away_after_the_body_was_read_is_told_too_and_once() throws Exception {
    try (HttpEngine engine = HttpEngine.begin();
        Gateway gateway = gateway(engine);
        HttpListener admin = admin(engine)) {
      assertThat(post(gateway, "no message", Map.of()).statusCode()).isEqualTo(400);
      assertThat(post(gateway, "{\"jsonrpc\":\"2.0\",\"id\":1}", Map.of()).statusCode())
          .isEqualTo(400);
      assertThat(
              post(
                      gateway,
                      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
                      Map.of("Mcp-Session-Id", "gone"))
                  .statusCode())
          .isEqualTo(404);
      assertThat(
              post(
                      gateway,
                      modern("works"),
                      Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list"))
                  .statusCode())
          .isEqualTo(400);
      assertThat(post(gateway, initialize(), Map.of()).statusCode()).isEqualTo(200);

      StrictPage page = page(admin);
      assertThat(page.values("sallyport_refused_total", Map.of("reason", "malformed")))
          .containsExactly(3.0);
      assertThat(page.values("sallyport_refused_total", Map.of("reason", "not_found")))
          .containsExactly(1.0);
      assertThat(page.sum("sallyport_refused_total", Map.of())).isEqualTo(4);
      assertThat(page.sum(COUNT, Map.of())).isEqualTo(1);
    }
  }

  @Test
  void a_web_page_gets_no_numbers_and_neither_does_a_name_that_is_not_this_machines()
      throws Exception {
    try (HttpEngine engine = HttpEngine.begin();
        HttpListener admin = admin(engine)) {
      HttpRequest.Builder page = request(admin.address().getPort(), "/metrics");
      HttpResponse<String> answer =
          http.send(
              page.header("Origin", "http://127.0.0.1").build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).doesNotContain("sallyport_");
      assertThat(get(admin, "/metric").statusCode()).isEqualTo(404);
      assertThat(get(admin, "/metrics").body()).contains("sallyport_build_info");
    }
  }

  private double refused(HttpListener admin) throws IOException, InterruptedException {
    return page(admin).sum("sallyport_refused_total", Map.of());
  }

  private StrictPage page(HttpListener admin) throws IOException, InterruptedException {
    return StrictPage.of(get(admin, "/metrics").body());
  }

  private static Map<String, String> tool(String tool, String error) {
    return Map.of(
        "mcp_method_name",
        "tools/call",
        "gen_ai_tool_name",
        tool,
        "error_type",
        error,
        "sallyport_route",
        "/mcp");
  }

  private Gateway gateway(HttpEngine engine) throws ListenException {
    GatewayOptions options =
        new GatewayOptions(
            ListenOptions.at("127.0.0.1", 0),
            List.of(Route.of(EndpointOptions.of("/mcp", "/mcp"), MetricsFlowTest::answer)),
            Credentials.NOT_ASKED_FOR,
            Optional.empty(),
            List.of(),
            new Limits.Bounds(1, BURST, 10));
    return Gateway.open(engine, options, metrics, "somebody");
  }

  private HttpListener admin(HttpEngine engine) throws ListenException {
    return HttpListener.open(
        engine, ListenOptions.at("127.0.0.1", 0), new Operations(new Standing(), metrics));
  }

  private HttpResponse<String> call(Gateway gateway, String tool)
      throws IOException, InterruptedException {
    String name = tool.contains("\n") ? "=?base64?bm8Kc3VjaA==?=" : tool;
    return post(
        gateway,
        modern(tool),
        Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", name));
  }

  private static String modern(String tool) {
    String params =
        "{\"name\":"
            + Json.of(tool).text()
            + ",\"arguments\":{},\"_meta\":{"
            + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}}";
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + params + "}";
  }

  private static String initialize() {
    return """
    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
      "clientInfo":{"name":"t","version":"1"}}}\
    """;
  }

  private HttpResponse<String> get(HttpListener admin, String path)
      throws IOException, InterruptedException {
    return get(admin.address().getPort(), path);
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return http.send(request(port, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> post(Gateway gateway, String body, Map<String, String> fields)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(gateway.address().getPort(), "/mcp")
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    fields.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
