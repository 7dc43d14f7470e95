package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.server.schema.Literals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server over real sockets, in both eras. */
final class HttpFlowTest {
  record Name(String name) {}

  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}},"
          + "\"progressToken\":\"p\"}";

  private final McpServer server =
      McpServer.named("test", "1")
          .tool(
              Tool.named("greet")
                  .describedAs("Greets")
                  .input(Name.class)
                  .answering((name, _) -> ToolResult.text("Hello, " + name.name())))
          .tool(
              Tool.named("slow")
                  .describedAs("Reports")
                  .answering(
                      call -> {
                        call.progress(1, 2, "");
                        return ToolResult.text("done");
                      }))
          .tool(
              Tool.named("ask")
                  .describedAs("Asks")
                  .answering(
                      call ->
                          ToolResult.text(
                              call.ask(Ask.form("name", "Who?", Name.class))
                                  .accepted()
                                  .orElseThrow()
                                  .name())))
          .build();
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServing serving;

  @BeforeEach
  void open() throws IOException {
    serving = server.serveHttp("127.0.0.1", 0);
  }

  @AfterEach
  void close() {
    serving.close();
    server.close();
    http.close();
  }

  private HttpResponse<String> post(String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(serving.url())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> modern(String method, String name, String params) throws Exception {
    return post(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
            + method
            + "\",\"params\":{"
            + params
            + META
            + "}}",
        "MCP-Protocol-Version",
        "2026-07-28",
        "Mcp-Method",
        method,
        "Mcp-Name",
        name);
  }

  private static JsonObject result(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(200);
    return Literals.object(response.body()).object("result").orElseThrow();
  }

  @Test
  void a_modern_client_calls_a_tool() throws Exception {
    JsonObject result =
        result(
            modern("tools/call", "greet", "\"name\":\"greet\",\"arguments\":{\"name\":\"Ann\"},"));

    assertThat(result.string("resultType")).contains("complete");
    assertThat(result.toJson().text()).contains("Hello, Ann", "\"name\":\"test\"");
  }

  @Test
  void a_legacy_client_calls_a_tool_and_gets_the_same_without_what_is_modern() throws Exception {
    HttpResponse<String> handshake =
        post(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
                + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                + "\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}");
    String session = handshake.headers().firstValue("Mcp-Session-Id").orElseThrow();

    JsonObject result =
        result(
            post(
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":"
                    + "{\"name\":\"greet\",\"arguments\":{\"name\":\"Ann\"}}}",
                "Mcp-Session-Id",
                session,
                "MCP-Protocol-Version",
                "2025-11-25"));

    assertThat(result.toJson().text())
        .isEqualTo("{\"content\":[{\"type\":\"text\",\"text\":\"Hello, Ann\"}]}");
  }

  @Test
  void progress_makes_an_event_stream_of_the_answer() throws Exception {
    HttpResponse<String> response = modern("tools/call", "slow", "\"name\":\"slow\",");

    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    List<String> data =
        Arrays.stream(response.body().split("\n")).filter(line -> line.startsWith("data")).toList();
    assertThat(data.getFirst()).contains("notifications/progress", "\"progressToken\":\"p\"");
    assertThat(data.getLast()).contains("\"done\"");
  }

  @Test
  void a_question_is_answered_by_the_next_request_and_a_changed_state_is_refused()
      throws Exception {
    JsonObject asked = result(modern("tools/call", "ask", "\"name\":\"ask\","));
    assertThat(asked.string("resultType")).contains("input_required");
    Json state = asked.get("requestState").orElseThrow();
    String answer =
        "\"name\":\"ask\",\"inputResponses\":{\"name\":{\"action\":\"accept\","
            + "\"content\":{\"name\":\"Ann\"}}},\"requestState\":";

    HttpResponse<String> forged =
        modern(
            "tools/call",
            "ask",
            answer + Json.of(state.asString().orElseThrow() + "x").text() + ",");
    JsonObject result = result(modern("tools/call", "ask", answer + state.text() + ","));

    assertThat(forged.body()).contains("-32602");
    assertThat(result.toJson().text()).contains("\"Ann\"");
  }

  @Test
  void a_foreign_host_is_turned_away() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), serving.url().getPort())) {
      socket
          .getOutputStream()
          .write(
              "POST /mcp HTTP/1.1\r\nHost: evil.example.com\r\nContent-Length: 0\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes(12);
      assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 403");
    }
  }

  @Test
  void a_port_that_is_taken_is_one_clear_line() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> server.serveHttp("127.0.0.1", taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void other_machines_are_refused() {
    assertThatThrownBy(() -> server.serveHttp("0.0.0.0", 0))
        .isInstanceOf(NotLoopbackException.class)
        .hasMessageContaining("sallyport share");
  }

  @Test
  void closing_frees_the_port() throws Exception {
    URI url = serving.url();
    serving.close();

    try (HttpServing again = server.serveHttp("127.0.0.1", url.getPort())) {
      assertThat(again.url()).isEqualTo(url);
    }
    assertThat(Optional.of(serving.url())).contains(url);
  }
}
