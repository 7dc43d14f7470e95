package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.legacy.LegacyServer.Client;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.downstream.legacy.Wire.Sent;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP+SSE over real sockets: who and what is turned away, and that nothing is the worse for it.
 */
final class SseRefusalWireTest {
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";
  private static final String LISTED = "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[]}}";

  private final LegacyServer server;

  SseRefusalWireTest() throws Exception {
    server = new LegacyServer(SseWireTest.OPTIONS);
  }

  @AfterEach
  void nothing_goes_on_afterwards() {
    server.close();
  }

  // ---- whether it is there

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "DELETE", "OPTIONS"})
  void where_it_is_not_wanted_there_is_nothing(String method) throws Exception { // SH-24
    try (LegacyServer plain = new LegacyServer(EndpointOptions.of("team", "/mcp"))) {
      for (String path : new String[] {"/sse", "/messages", "/messages?sessionId=x"}) {
        Sent request = Sent.post(LIST).to(path);
        Answer answer = plain.exchange(method.equals("POST") ? request : Sent.of(method).to(path));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("There is nothing here");
      }
    }
  }

  // ---- who

  @Test
  void a_session_of_another_caller_does_not_exist() throws IOException { // LH-21, BP-02
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      Answer foreign = server.exchange(client.message(LIST).by("bert"));
      Answer unknown =
          server.exchange(client.message(LIST).by("bert").to("/messages?sessionId=unknown"));
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.body()).isEqualTo(unknown.body()).contains("\"id\":2");

      client.take(LIST);
      assertThat(client.next()).as("and only what its own caller asked").isEqualTo(LISTED);
    }
    assertThat(server.handler.count("tools/list")).isEqualTo(1);
  }

  @Test
  void a_session_of_another_route_does_not_exist() throws Exception {
    try (LegacyServer other = new LegacyServer(SseWireTest.OPTIONS);
        SseClient client = SseClient.open(other, "2024-11-05", "{}")) {
      assertThat(server.exchange(client.message(LIST)).status()).isEqualTo(404);
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  @Test
  void a_session_of_one_transport_does_not_exist_on_the_other() throws IOException {
    Client streamable = server.open("2025-11-25", "{}");
    try (SseClient client = SseClient.open(server, "2025-11-25", "{}")) {
      String id = client.uri.substring(client.uri.indexOf('=') + 1);
      Sent crossed = Sent.post(LIST).with("Mcp-Session-Id", id);
      assertThat(server.exchange(crossed).status()).isEqualTo(404);
      assertThat(server.exchange(Sent.get().with("Mcp-Session-Id", id)).status()).isEqualTo(404);
      assertThat(server.exchange(Sent.delete().with("Mcp-Session-Id", id)).status()).isEqualTo(404);
      Sent other = Sent.post(LIST).to("/messages?sessionId=" + streamable.id);
      assertThat(server.exchange(other).status()).isEqualTo(404);

      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
      assertThat(streamable.exchange(LIST).body()).isEqualTo(LISTED);
    }
  }

  @Test
  void a_session_id_is_no_credential() throws IOException { // LH-21, RS-04
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      Sent[] without = {
        client.message(LIST).without("Authorization"), SseClient.get().without("Authorization")
      };
      for (Sent request : without) {
        Answer answer = server.exchange(request);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.field("WWW-Authenticate")).contains("Bearer");
      }
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Host, evil.example",
    "Origin, https://evil.example",
    "Origin, null",
    "Origin, http://localhost:5173"
  })
  void a_foreign_page_gets_neither_a_stream_nor_a_message_through(String field, String value)
      throws IOException { // SH-02, SH-05, LH-24
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      Sent[] foreign = {
        client.message(LIST).with(field, value), SseClient.get().with(field, value)
      };
      for (Sent request : foreign) {
        Answer answer = server.exchange(request);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.field("Access-Control-Allow-Origin")).isEmpty();
      }
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  // ---- which session

  @ParameterizedTest
  @CsvSource({
    "/messages, 400, -32600",
    "/messages?, 400, -32600",
    "/messages?session=x, 400, -32600",
    "/messages?sessionId=a&sessionId=b, 400, -32600",
    "/messages?sessionId=, 404, 404",
    "/messages?sessionId=x, 404, 404",
    "/messages?sessionId=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, 404, 404",
    "/messages?a=b&sessionId=x, 404, 404"
  })
  void a_post_without_a_session_is_told_which_it_lacks(String path, int status, int code)
      throws IOException {
    Answer answer = server.exchange(Sent.post(LIST).to(path)); // before there is any stream

    assertThat(answer.status()).isEqualTo(status);
    assertThat(object(answer.body()).object("error").orElseThrow().integer("code")).hasValue(code);
    assertThat(answer.body()).contains("\"id\":2").doesNotContain("AAAA");
  }

  @Test
  void what_else_is_in_the_query_does_no_harm() throws IOException {
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      String uri = client.uri.replace("?", "?a=b&") + "&c";
      assertThat(server.exchange(client.message(LIST).to(uri)).status()).isEqualTo(202);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  @Test
  void the_field_that_names_a_version_is_not_of_this_transport() throws IOException {
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      for (String version : new String[] {"2024-11-05", "2026-07-28", "abc"}) {
        Sent request = client.message(LIST).with("MCP-Protocol-Version", version);
        assertThat(server.exchange(request).status()).isEqualTo(202);
        assertThat(client.next()).isEqualTo(LISTED);
      }
    }
  }

  // ---- what

  @ParameterizedTest
  @CsvSource({
    "POST, /sse, GET",
    "DELETE, /sse, GET",
    "HEAD, /sse, GET",
    "GET, /messages, POST",
    "DELETE, /messages, POST",
    "PUT, /messages, POST"
  })
  void another_method_is_told_the_right_one(String method, String path, String allowed)
      throws IOException {
    try (Wire wire = server.connect()) {
      Sent request = method.equals("POST") ? Sent.post(LIST) : Sent.of(method);
      wire.send(request.to(path));
      // An answer to HEAD has no body, whatever its length says.
      Answer answer = method.equals("HEAD") ? wire.head() : wire.answer();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.field("Allow")).contains(allowed);
    }
  }

  @Test
  void what_is_no_json_is_not_read_and_what_reads_no_stream_gets_none() throws IOException {
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      for (Map.Entry<String, String> field :
          Map.of("Content-Type", "text/plain", "Content-Encoding", "gzip").entrySet()) {
        Sent request = client.message(LIST).with(field.getKey(), field.getValue());
        assertThat(server.exchange(request).status()).isEqualTo(415);
      }
      Sent large = client.message(LIST).body(new byte[4 * 1024 * 1024 + 1]);
      assertThat(server.exchange(large).status()).isEqualTo(413);
      Sent deaf = SseClient.get().with("Accept", "application/json");
      assertThat(server.exchange(deaf).status()).isEqualTo(406);

      // Clients of that time say nothing of what they read of a post: there is nothing to read.
      Sent plain = client.message(LIST).without("Accept");
      assertThat(server.exchange(plain).status()).isEqualTo(202);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello | -32700",
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"id\":3,\"method\":\"ping\"} | -32700",
        "7 | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"} | -32600",
        "[] | -32600"
      })
  void what_is_no_message_is_told_so_at_once(String body, int code) throws IOException { // JR-15
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      Answer answer = client.post(body);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(object(answer.body()).object("error").orElseThrow().integer("code"))
          .hasValue(code);
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  @Test
  void a_page_of_ours_may_ask_first_and_read() throws IOException { // 4-T17
    String origin = "http://localhost";
    for (String path : new String[] {"/sse", "/messages"}) {
      Answer answer =
          server.exchange(
              Sent.of("OPTIONS")
                  .to(path)
                  .with("Origin", origin)
                  .with("Access-Control-Request-Method", "GET"));
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.field("Access-Control-Allow-Methods"))
          .contains(path.equals("/sse") ? "GET" : "POST");
    }
    try (Wire wire = server.connect()) {
      Answer answer = wire.exchange(SseClient.get().with("Origin", origin));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.field("Access-Control-Allow-Origin")).contains(origin);
    }
  }
}
