package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a process that sends what it sees. */
final class ServeTelemetryTest {
  private static final String SERVER =
      """
      while read -r line; do
        printf '%s\\n' "$line" >>"$(dirname "$0")/heard"
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case $line in
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"one","version":"1"}}}' ;;
          *'"tools/list"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[{"name":"search","inputSchema":{"type":"object"}}]}}' ;;
          *'"tools/call"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"content":[]}}' ;;
          *'"id":'*) echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"no"}}' ;;
        esac
      done
      """;

  @TempDir Path folder;
  private final Map<String, List<String>> bodies = new ConcurrentHashMap<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();

  private HttpServer receiver() throws IOException {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    receiver.createContext(
        "/",
        exchange -> {
          try (exchange) {
            bodies
                .computeIfAbsent(
                    exchange.getRequestURI().getPath(), _ -> new CopyOnWriteArrayList<>())
                .add(
                    new String(
                        exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            keys.add(exchange.getRequestHeaders().getFirst("Api-Key"));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    receiver.start();
    return receiver;
  }

  private Path config(String telemetry) throws IOException {
    Path script = Program.script(folder.resolve("server"), SERVER);
    return Files.writeString(
        folder.resolve("sallyport.yaml"),
        "listen: 127.0.0.1:0\nadmin: off\ncallers: anyone\n"
            + telemetry
            + "servers:\n  notes: {command: "
            + script
            + ", sandbox: none, isolation: shared, era: legacy}\n");
  }

  @Test
  void what_is_called_is_sent_as_it_ends_at_the_latest() throws Exception {
    HttpServer receiver = receiver();
    List<String> log;
    Files.writeString(folder.resolve("key"), "k3y\n");
    Path config =
        config(
            "telemetry: {otlp: 'http://127.0.0.1:"
                + receiver.getAddress().getPort()
                + "/base', headers: {Api-Key: '${file:key}'}, service-name: team-gateway}\n");
    try (Program program =
        Program.start(folder, "serve", "--json", "--config", config.toString())) {
      assertThat(call(program.ready())).isEqualTo(200);
      log = program.stop();
    } finally {
      receiver.stop(0);
    }

    assertThat(log)
        .isNotEmpty()
        .allMatch(line -> line.contains("\"service.name\":\"team-gateway\""));
    assertThat(bodies.keySet()).containsExactlyInAnyOrder("/base/v1/traces", "/base/v1/metrics");
    String traces = String.join("", bodies.getOrDefault("/base/v1/traces", List.of()));
    assertThat(traces).contains("tools/call search", "team-gateway", "sallyport.server", "notes");
    assertThat(String.join("", bodies.getOrDefault("/base/v1/metrics", List.of())))
        .contains("mcp.server.operation.duration", "mcp.client.operation.duration")
        .contains("sallyport.server.up");
    assertThat(keys).containsOnly("k3y");
    assertThat(Files.readString(folder.resolve("heard"))).contains("\"traceparent\":\"00-");
  }

  @Test
  void without_a_receiver_nothing_is_sent_and_servers_hear_of_no_trace() throws Exception {
    HttpServer receiver = receiver();
    try (Program program =
        Program.start(folder, "serve", "--json", "--config", config("").toString())) {
      assertThat(call(program.ready())).isEqualTo(200);
      program.stop();
    } finally {
      receiver.stop(0);
    }

    assertThat(bodies).isEmpty();
    assertThat(Files.readString(folder.resolve("heard")))
        .contains("tools/call")
        .doesNotContain("traceparent");
  }

  @Test
  void at_debug_a_call_can_be_followed_through_the_log_and_at_info_it_is_not_in_it()
      throws Exception {
    assertThat(logged("debug"))
        .contains(
            "notes: process ",
            "notes: a conversation with stdio, pid ",
            " has begun, legacy 2025-11-25",
            "tools/call \\\"search\\\" by local ",
            " on /mcp: done after ",
            "answered by its head alone on a path that is no route's: 404",
            "notes: a conversation is over after ")
        .doesNotContain("4rgument");
    assertThat(logged("info")).contains("started notes").doesNotContain("tools/call", "404");
  }

  private String logged(String level) throws Exception {
    Path config = config("log: {level: " + level + "}\n");
    try (Program program =
        Program.start(folder, "serve", "--json", "--config", config.toString())) {
      JsonObject ready = program.ready();
      assertThat(call(ready)).isEqualTo(200);
      try (HttpClient http = HttpClient.newHttpClient()) {
        URI nowhere = URI.create(ready.string("url").orElseThrow() + "/nowhere");
        assertThat(
                http.send(
                        HttpRequest.newBuilder(nowhere).build(),
                        HttpResponse.BodyHandlers.discarding())
                    .statusCode())
            .isEqualTo(404);
      }
      return String.join("\n", program.stop());
    }
  }

  private static int call(JsonObject ready) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(ready.string("url").orElseThrow()))
              .header("Content-Type", "application/json")
              .header("Accept", "application/json, text/event-stream")
              .header("MCP-Protocol-Version", "2026-07-28")
              .header("Mcp-Method", "tools/call")
              .header("Mcp-Name", "search")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      """
                      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"q":"4rgument"},
                       "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
                                "io.modelcontextprotocol/clientCapabilities":{}}}}\
                      """));
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }
}
