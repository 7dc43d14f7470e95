package dev.sallyport.gateway.telemetry.otel;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An MCP server at a URL, of a version with a session, which keeps each call that came. */
final class UrlServer implements AutoCloseable {
  private final HttpServer server;
  private final List<Called> calls = new CopyOnWriteArrayList<>();

  /** A {@code tools/call} and the head that it came with. */
  record Called(Map<String, List<String>> headers, JsonObject message) {
    Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(each -> each.getKey().equalsIgnoreCase(name))
          .map(each -> each.getValue().getFirst())
          .findFirst();
    }

    JsonObject meta() {
      return message
          .object("params")
          .flatMap(params -> params.object("_meta"))
          .orElse(JsonObject.EMPTY);
    }
  }

  private UrlServer(HttpServer server) {
    this.server = server;
  }

  static UrlServer open() throws IOException {
    UrlServer opened =
        new UrlServer(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50));
    opened.server.createContext("/mcp", opened::serve);
    opened.server.start();
    return opened;
  }

  int port() {
    return server.getAddress().getPort();
  }

  Called last() {
    return calls.getLast();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      JsonObject message =
          Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
              .asObject()
              .orElseThrow();
      String method = message.string("method").orElse("");
      if (method.equals("tools/call")) {
        calls.add(new Called(Map.copyOf(exchange.getRequestHeaders()), message));
      }
      Optional<Json> id = message.get("id");
      if (id.isEmpty()) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      byte[] answer =
          ("{\"jsonrpc\":\"2.0\",\"id\":" + id.get().text() + "," + answer(method) + "}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("Mcp-Session-Id", "s3ss10n-1d");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (JsonException e) {
      throw new IOException(e);
    }
  }

  private static String answer(String method) {
    return switch (method) {
      case "initialize" ->
          "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
              + "\"serverInfo\":{\"name\":\"u\",\"version\":\"1\"}}";
      case "tools/list" ->
          "\"result\":{\"tools\":[{\"name\":\"search\",\"inputSchema\":{\"type\":\"object\"}}]}";
      case "tools/call" ->
          "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"r3sult-0f-a-t00l\"}]}";
      default -> "\"error\":{\"code\":-32601,\"message\":\"no\"}";
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
