package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code try} says of servers that do not do what it wants: who must act, and how. */
final class TryFlowTest {
  private static final String DISCOVER =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":[\"2099-01-01\"]}}";
  private static final String REFUSAL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"too old\"}}";

  @TempDir Path folder;
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();
  private HttpServer server = bound();

  private static HttpServer bound() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void nothing_at_the_path_names_the_usual_one() {
    answering(404, "nothing here", "nothing here");
    assertThat(attempt(url(""))).isEqualTo(CliFault.UNAVAILABLE);
    assertThat(said()).contains("no MCP endpoint at " + url(""), "sallyport try " + url("/mcp"));
  }

  @Test
  void nothing_at_the_usual_path_names_no_other() {
    answering(404, "nothing here", "nothing here");
    assertThat(attempt(url("/mcp"))).isEqualTo(CliFault.UNAVAILABLE);
    assertThat(said()).contains("no MCP endpoint").doesNotContain("try:");
  }

  @Test
  void tls_to_a_clear_port_is_recognised() throws Exception {
    try (ServerSocket peer = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serve(peer, "HTTP/1.1 400 Bad Request\r\n\r\n"));
      String rest = "://127.0.0.1:" + peer.getLocalPort() + "/mcp";
      assertThat(attempt("https" + rest)).isEqualTo(CliFault.UNAVAILABLE);
      assertThat(said())
          .contains("does not speak TLS", "sallyport try http" + rest)
          .doesNotContain("Exception");
    }
  }

  @Test
  void a_peer_that_hangs_up_may_want_tls() throws Exception {
    try (ServerSocket peer = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serve(peer, ""));
      String rest = "://127.0.0.1:" + peer.getLocalPort() + "/mcp";
      assertThat(attempt("http" + rest)).isEqualTo(CliFault.UNAVAILABLE);
      assertThat(said()).contains("may want https", "sallyport try https" + rest);
    }
  }

  @Test
  void a_peer_that_hangs_up_in_mid_conversation_does_not() {
    server.createContext(
        "/",
        exchange -> {
          String request =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (request.contains("server/discover")) {
            byte[] body = REFUSAL.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    assertThat(attempt(url("/mcp"))).isEqualTo(CliFault.UNAVAILABLE);
    assertThat(said()).contains("hung up before it answered").doesNotContain("https");
  }

  @Test
  void a_missing_key_and_a_wrong_one_are_told_apart() {
    answering(401, "", "");
    assertThat(attempt(url("/mcp"))).isEqualTo(CliFault.PERMISSION);
    assertThat(said()).contains("none was given", "SALLYPORT_KEY=");
    remarks.reset();
    assertThat(attempt(url("/mcp"), "--key", "sp_wrong")).isEqualTo(CliFault.PERMISSION);
    assertThat(said())
        .contains("does not accept this key", "sallyport keys list")
        .doesNotContain("sp_wrong");
  }

  @Test
  void versions_that_do_not_meet_are_named() {
    answering(200, DISCOVER, REFUSAL);
    assertThat(attempt(url("/mcp"))).isEqualTo(CliFault.UNAVAILABLE);
    assertThat(said()).contains("the server speaks 2099-01-01", "2026-07-28");
  }

  @Test
  void a_server_that_only_knows_a_strange_handshake_is_named_too() {
    answering(
        200,
        REFUSAL,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"1999-12-31\"}}");
    assertThat(attempt(url("/mcp"))).isEqualTo(CliFault.UNAVAILABLE);
    assertThat(said()).contains("the server speaks 1999-12-31");
  }

  /** What to answer to {@code server/discover}, and to {@code initialize}. */
  private void answering(int status, String discover, String initialize) {
    server.createContext(
        "/",
        exchange -> {
          String request =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] body =
              (request.contains("\"initialize\"") ? initialize : discover)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /** Says the same to everybody, and hangs up. */
  private static void serve(ServerSocket peer, String words) {
    try {
      while (true) {
        try (Socket socket = peer.accept()) {
          assertThat(socket.getInputStream().read()).isPositive();
          socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
          socket.shutdownOutput();
          socket.getInputStream().readNBytes(100);
        }
      }
    } catch (IOException closed) {
      assertThat(peer.isClosed()).isTrue();
    }
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private String said() {
    return remarks.toString(StandardCharsets.UTF_8);
  }

  private int attempt(String url, String... more) {
    PrintStream stream = new PrintStream(remarks, true, StandardCharsets.UTF_8);
    String[] arguments = new String[more.length + 2];
    arguments[0] = "try";
    arguments[1] = url;
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Sallyport.run(
        new Sallyport.Surroundings(
            Map.of(), folder.toString(), "somebody", new Screen(stream, stream, false)),
        arguments);
  }
}
