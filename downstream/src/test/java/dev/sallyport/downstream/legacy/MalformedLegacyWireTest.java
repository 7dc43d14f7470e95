package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.legacy.Wire.Sent.delete;
import static dev.sallyport.downstream.legacy.Wire.Sent.get;
import static dev.sallyport.downstream.legacy.Wire.Sent.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.downstream.legacy.LegacyServer.Client;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.downstream.legacy.Wire.Sent;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong with a request, what it is told, and that the connection and the session are none
 * the worse for it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MalformedLegacyWireTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
  private static final int NO_CODE = 0;

  private LegacyServer server;
  private Client client;
  private Client old;

  /**
   * One case.
   *
   * @param code the JSON-RPC code, or none when the body is empty
   * @param id the id of the answer as JSON text; empty when it must have none (JR-04)
   */
  record Case(
      String name,
      Function<MalformedLegacyWireTest, Sent> request,
      int status,
      int code,
      String id) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  void start() throws Exception {
    server = new LegacyServer();
    server.handler.on("resources/read", _ -> new Outcome.Complete(JsonObject.EMPTY));
    client = server.open("2025-11-25", "{}");
    old = server.open("2025-03-26", "{}");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_malformed_request_is_told_what_is_wrong_and_spoils_nothing(Case wrong) throws IOException {
    try (Wire wire = server.connect()) {
      Answer answer = wire.exchange(wrong.request().apply(this));

      assertThat(answer.status()).isEqualTo(wrong.status());
      assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\tat ");
      if (wrong.code() == NO_CODE) {
        assertThat(answer.body()).isEmpty();
      } else {
        JsonObject body = ScriptedHandler.object(answer.body());
        assertThat(body.object("error").orElseThrow().integer("code")).hasValue(wrong.code());
        assertThat(body.object("error").orElseThrow().string("message")).isNotEmpty();
        assertThat(body.get("id").map(id -> id.text()).orElse("")).isEqualTo(wrong.id());
      }
      Answer next = wire.exchange(client.post(PING));
      assertThat(next.status()).as("the connection is still good").isEqualTo(200);
      assertThat(next.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    }
  }

  static Stream<Case> cases() {
    return Stream.of(withoutSession(), envelopes(), inSession(), batches(), streams())
        .flatMap(List::stream);
  }

  private static List<Case> withoutSession() { // LH-04, LH-05, VN-15
    return List.of(
        of("no session", _ -> post(LIST), 400, -32600, "1"),
        of("a notification without a session", _ -> post(notice("x")), 400, -32600, ""),
        of("an unknown session", _ -> post(LIST).with("Mcp-Session-Id", "x"), 404, 404, "1"),
        of(
            "an empty session id",
            t -> t.client.post(LIST).with("Mcp-Session-Id", ""),
            404,
            404,
            "1"),
        of(
            "a session id too long to be one",
            t -> t.client.post(LIST).with("Mcp-Session-Id", "x".repeat(5_000)),
            404,
            404,
            "1"),
        of(
            "two session ids",
            t -> t.client.post(LIST).also("Mcp-Session-Id", t.client.id),
            400,
            -32600,
            "1"),
        of(
            "a session id with a letter changed",
            t -> t.client.post(LIST).with("Mcp-Session-Id", t.client.id.substring(1) + "."),
            404,
            404,
            "1"),
        of(
            "initialize with a session",
            t -> t.client.post(LegacyServer.initialize("2025-11-25", "{}")),
            400,
            -32600,
            "0"),
        of(
            "initialize without a version",
            _ -> post("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"initialize\",\"params\":{}}"),
            200,
            -32602,
            "3"),
        of(
            "initialize with capabilities of a wrong type",
            _ -> post(LegacyServer.initialize("2025-11-25", "7")),
            200,
            -32602,
            "0"),
        of(
            "initialize as a notification",
            _ -> post("{\"jsonrpc\":\"2.0\",\"method\":\"initialize\"}"),
            400,
            -32600,
            ""),
        of(
            "initialize with a version header nobody knows",
            _ ->
                post(LegacyServer.initialize("2025-11-25", "{}"))
                    .with("MCP-Protocol-Version", "abc"),
            400,
            -32600,
            "0"),
        of(
            "a version header nobody knows",
            t -> t.client.post(LIST).with("MCP-Protocol-Version", "abc"),
            400,
            -32600,
            "1"),
        of(
            "a version of another transport",
            t -> t.client.post(LIST).with("MCP-Protocol-Version", "2024-11-05"),
            400,
            -32600,
            "1"),
        of(
            "two version headers",
            t -> t.client.post(LIST).also("MCP-Protocol-Version", "2025-11-25"),
            400,
            -32600,
            "1"));
  }

  private static List<Case> envelopes() { // JR-01 to JR-05, JR-15
    return List.of(
        of("an empty body", t -> t.client.post(""), 400, -32700, ""),
        of("no JSON", t -> t.client.post("hello"), 400, -32700, ""),
        of("half a message", t -> t.client.post("{\"jsonrpc\":\"2.0\",\"id\":1"), 400, -32700, ""),
        of("two messages", t -> t.client.post(PING + PING), 400, -32700, ""),
        of("something after it", t -> t.client.post(PING + "x"), 400, -32700, ""),
        of(
            "Latin-1",
            t ->
                t.client
                    .post("")
                    .body(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"é\"}"
                            .getBytes(StandardCharsets.ISO_8859_1)),
            400,
            -32700,
            ""),
        of(
            "UTF-16",
            t -> t.client.post("").body(PING.getBytes(StandardCharsets.UTF_16)),
            400,
            -32700,
            ""),
        of(
            "a doubled key",
            t -> t.client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}"),
            400,
            -32700,
            ""),
        of("too deep", t -> t.client.post("[".repeat(500) + "]".repeat(500)), 400, -32700, ""),
        of("a number", t -> t.client.post("7"), 400, -32600, ""),
        of("a string", t -> t.client.post("\"ping\""), 400, -32600, ""),
        of("no jsonrpc", t -> t.client.post("{\"id\":1,\"method\":\"ping\"}"), 400, -32600, "1"),
        of(
            "another jsonrpc",
            t -> t.client.post("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}"),
            400,
            -32600,
            "1"),
        of(
            "a null id",
            t -> t.client.post("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}"),
            400,
            -32600,
            ""),
        of(
            "a fraction as id",
            t -> t.client.post("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}"),
            400,
            -32600,
            ""),
        of(
            "a method that is no string",
            t -> t.client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}"),
            400,
            -32600,
            "1"),
        of(
            "params that are an array",
            t ->
                t.client.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\",\"params\":[]}"),
            400,
            -32600,
            "\"a\""),
        of(
            "a result and an error",
            t ->
                t.client.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}"),
            400,
            -32600,
            "1"),
        of(
            "nothing at all",
            t -> t.client.post("{\"jsonrpc\":\"2.0\",\"id\":1}"),
            400,
            -32600,
            "1"));
  }

  private static List<Case> inSession() {
    return List.of(
        of("an unknown method", t -> t.client.post(request("foo/bar")), 200, -32601, "1"),
        of(
            "a method of the modern era",
            t -> t.client.post(request("server/discover")),
            200,
            -32601,
            "1"),
        of(
            "a method of ours",
            t -> t.client.post(request("sampling/createMessage")),
            200,
            -32601,
            "1"),
        of(
            "a method not offered",
            t -> t.client.post(request("logging/setLevel")),
            200,
            -32601,
            "1"),
        of("an unknown notification", t -> t.client.post(notice("x/y")), 202, NO_CODE, ""),
        of(
            "a notification with nonsense",
            t -> t.client.post(notice("notifications/cancelled")),
            202,
            NO_CODE,
            ""),
        of(
            "a response to nothing",
            t -> t.client.post("{\"jsonrpc\":\"2.0\",\"id\":\"ask-1\",\"result\":{}}"),
            202,
            NO_CODE,
            ""),
        of(
            "an error to nothing",
            t ->
                t.client.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":9,\"error\":{\"code\":1,\"message\":\"\"}}"),
            202,
            NO_CODE,
            ""));
  }

  private static List<Case> batches() { // LH-18, 4-T50
    return List.of(
        of("a batch of a newer version", t -> t.client.post("[" + PING + "]"), 400, -32600, ""),
        of("an empty batch", t -> t.old.post("[]"), 400, -32600, ""),
        of(
            "a batch with initialize",
            t -> t.old.post("[" + PING + "," + LegacyServer.initialize("2025-03-26", "{}") + "]"),
            400,
            -32600,
            ""),
        of(
            "requests and responses in a batch",
            t -> t.old.post("[" + PING + ",{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}]"),
            400,
            -32600,
            ""),
        of(
            "a batch that is too long",
            t -> t.old.post("[" + PING + ("," + PING).repeat(50) + "]"),
            400,
            -32600,
            ""),
        of(
            "a batch far too long",
            t -> t.old.post("[" + PING + ("," + PING).repeat(150) + "]"),
            400,
            -32600,
            ""),
        of("a batch without a session", _ -> post("[" + PING + "]"), 400, -32600, ""),
        of("a batch of notifications", t -> t.old.post("[" + notice("x") + "]"), 202, NO_CODE, ""));
  }

  private static List<Case> streams() { // LH-16, SH-19
    return List.of(
        of("a GET without a session", _ -> get(), 405, 405, ""),
        of("a DELETE without a session", _ -> delete(), 405, 405, ""),
        of("a GET of an unknown session", _ -> get().with("Mcp-Session-Id", "x"), 404, 404, ""),
        of(
            "a DELETE of an unknown session",
            _ -> delete().with("Mcp-Session-Id", "x"),
            404,
            404,
            ""),
        of(
            "a GET that takes no stream",
            t -> t.client.in(get()).with("Accept", "application/json"),
            406,
            406,
            ""),
        of(
            "a GET with a version nobody knows",
            t -> t.client.in(get()).with("MCP-Protocol-Version", "abc"),
            400,
            -32600,
            ""),
        of(
            "a DELETE with a version nobody knows",
            t -> t.client.in(delete()).with("MCP-Protocol-Version", "abc"),
            400,
            -32600,
            ""),
        of(
            "an event id of no stream",
            t -> t.client.in(get()).with("Last-Event-ID", "77.1"),
            400,
            -32600,
            ""),
        of(
            "an event id that is none",
            t -> t.client.in(get()).with("Last-Event-ID", "x"),
            400,
            -32600,
            ""),
        of(
            "two event ids",
            t -> t.client.in(get()).with("Last-Event-ID", "1.1").also("Last-Event-ID", "1.2"),
            400,
            -32600,
            ""));
  }

  private static Case of(
      String name,
      Function<MalformedLegacyWireTest, Sent> request,
      int status,
      int code,
      String id) {
    return new Case(name, request, status, code, id);
  }

  private static String request(String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}";
  }

  private static String notice(String method) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{\"requestId\":{}}}";
  }
}
