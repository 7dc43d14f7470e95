package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Malformed and hostile messages over a real socket: each has its status, its code and its id, and
 * the connection serves the next request.
 */
final class MalformedWireTest {
  private static Served served;

  @BeforeAll
  static void open() throws Exception {
    served = new Served();
    served.handler.answer("tools/call", "{\"content\":[]}");
  }

  @AfterAll
  static void close() {
    served.close();
  }

  /** A body without any header that would say which era it is. */
  private static Arguments body(String name, String body, int status, int code, String id) {
    return Arguments.of(name, new Served.Post(body), status, code, id);
  }

  private static Arguments bytes(String name, byte[] body, int status, int code) {
    return Arguments.of(name, new Served.Post("").body(body), status, code, "");
  }

  /** A sound call but for one thing. */
  private static Arguments call(
      String name, int status, int code, String id, UnaryOperator<Served.Post> change) {
    return Arguments.of(name, change.apply(Served.call("1")), status, code, id);
  }

  private static Arguments modern(String name, String body, int status, int code, String id) {
    return Arguments.of(
        name,
        new Served.Post(body)
            .with("MCP-Protocol-Version", "2026-07-28")
            .with("Mcp-Method", "tools/list"),
        status,
        code,
        id);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Stream<Arguments> unparseable() {
    String sound = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{}}";
    return Stream.of(
        body("an empty body", "", 400, -32700, ""),
        body("white space", " \r\n\t", 400, -32700, ""),
        body("no JSON", "hello", 400, -32700, ""),
        body("half an object", "{\"jsonrpc\":\"2.0\"", 400, -32700, ""),
        body("half a string", "{\"jsonrpc\":\"2.", 400, -32700, ""),
        body("a trailing comma", sound.replace("{}}", "{},}"), 400, -32700, ""),
        body("two messages", sound + sound, 400, -32700, ""),
        body("something after it", sound + "x", 400, -32700, ""),
        body("single quotes", "{'jsonrpc':'2.0'}", 400, -32700, ""),
        body("a comment", "/**/" + sound, 400, -32700, ""),
        body("a leading zero", sound.replace(":1,", ":01,"), 400, -32700, ""),
        body("a plus sign", sound.replace(":1,", ":+1,"), 400, -32700, ""),
        body("NaN", sound.replace(":1,", ":NaN,"), 400, -32700, ""),
        body("a bare word", sound.replace(":1,", ":True,"), 400, -32700, ""),
        body(
            "a control character in a string",
            sound.replace("tools", "to\u0001ls"),
            400,
            -32700,
            ""),
        body("a line break in a string", sound.replace("tools", "to\nls"), 400, -32700, ""),
        body("an unknown escape", sound.replace("tools", "\\x41"), 400, -32700, ""),
        body("half of a surrogate pair", sound.replace("tools", "\\ud800"), 400, -32700, ""),
        body("a name twice", sound.replace("\"id\":1,", "\"id\":1,\"id\":2,"), 400, -32700, ""),
        body(
            "a name twice, once escaped",
            sound.replace("\"id\":1,", "\"id\":1,\"\\u0069d\":2,"),
            400,
            -32700,
            ""),
        body(
            "a name twice deep inside",
            sound.replace("{}}", "{\"a\":{\"b\":1,\"b\":2}}}"),
            400,
            -32700,
            ""),
        body(
            "too deep",
            sound.replace("{}}", "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}}"),
            400,
            -32700,
            ""),
        body(
            "a number of 2,000 digits",
            sound.replace(":1,", ":" + "9".repeat(2_000) + ","),
            400,
            -32700,
            ""),
        bytes("a byte order mark", utf8("\uFEFF" + sound), 400, -32700),
        bytes(
            "Latin-1",
            sound.replace("tools", "t\u00f6ls").getBytes(StandardCharsets.ISO_8859_1),
            400,
            -32700),
        bytes("UTF-16", sound.getBytes(StandardCharsets.UTF_16), 400, -32700),
        bytes("UTF-16 without a mark", sound.getBytes(StandardCharsets.UTF_16LE), 400, -32700),
        bytes("an overlong slash", HexFormat.of().parseHex("7b22c0af223a317d"), 400, -32700),
        bytes("a surrogate in UTF-8", HexFormat.of().parseHex("7b22eda080223a317d"), 400, -32700),
        bytes("a cut character", HexFormat.of().parseHex("22c3"), 400, -32700),
        bytes("NUL bytes", new byte[64], 400, -32700));
  }

  static Stream<Arguments> noMessages() {
    String version = "{\"jsonrpc\":\"2.0\",";
    return Stream.of(
        body("a string", "\"hello\"", 400, -32600, ""),
        body("a number", "1", 400, -32600, ""),
        body("null", "null", 400, -32600, ""),
        body("an empty object", "{}", 400, -32600, ""),
        body("an empty batch", "[]", 400, -32600, ""),
        modern("a batch", "[" + version + "\"id\":1,\"method\":\"tools/list\"}]", 400, -32600, ""),
        modern("a batch of one hundred and one", "[" + "1,".repeat(100) + "1]", 400, -32600, ""),
        body("no jsonrpc", "{\"id\":1,\"method\":\"tools/list\"}", 400, -32600, "1"),
        body(
            "jsonrpc 1.0",
            "{\"jsonrpc\":\"1.0\",\"id\":\"a\",\"method\":\"x\"}",
            400,
            -32600,
            "\"a\""),
        body(
            "jsonrpc as a number", "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"x\"}", 400, -32600, "1"),
        body("an id of null", version + "\"id\":null,\"method\":\"tools/list\"}", 400, -32600, ""),
        body(
            "a fraction as id", version + "\"id\":1.5,\"method\":\"tools/list\"}", 400, -32600, ""),
        body(
            "an exponent as id",
            version + "\"id\":1e3,\"method\":\"tools/list\"}",
            400,
            -32600,
            ""),
        body("an object as id", version + "\"id\":{},\"method\":\"tools/list\"}", 400, -32600, ""),
        body("true as id", version + "\"id\":true,\"method\":\"tools/list\"}", 400, -32600, ""),
        body("a number as method", version + "\"id\":1,\"method\":5}", 400, -32600, "1"),
        body("no method", version + "\"id\":1}", 400, -32600, "1"),
        body(
            "params as an array",
            version + "\"id\":1,\"method\":\"tools/list\",\"params\":[]}",
            400,
            -32600,
            "1"),
        body(
            "params as a string",
            version + "\"id\":1,\"method\":\"tools/list\",\"params\":\"\"}",
            400,
            -32600,
            "1"),
        body(
            "params as null",
            version + "\"id\":1,\"method\":\"tools/list\",\"params\":null}",
            400,
            -32600,
            "1"),
        body(
            "a method and a result",
            version + "\"id\":1,\"method\":\"x\",\"result\":{}}",
            400,
            -32600,
            "1"),
        modern("a response to nothing", version + "\"id\":1,\"result\":{}}", 400, -32600, ""),
        modern(
            "an error response",
            version + "\"id\":1,\"error\":{\"code\":1,\"message\":\"\"}}",
            400,
            -32600,
            ""),
        body("a response outside a session", version + "\"id\":1,\"result\":{}}", 400, -32600, ""));
  }

  static Stream<Arguments> badRequests() {
    String bare = "{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"tools/list\"}";
    return Stream.of(
        modern("4-T38: no params", bare, 400, -32602, "\"q\""),
        modern("no _meta", bare.replace("}", ",\"params\":{}}"), 400, -32602, "\"q\""),
        modern(
            "_meta as a string",
            bare.replace("}", ",\"params\":{\"_meta\":\"\"}}"),
            400,
            -32602,
            "\"q\""),
        modern(
            "_meta as null",
            bare.replace("}", ",\"params\":{\"_meta\":null}}"),
            400,
            -32602,
            "\"q\""),
        body(
            "discover without metadata",
            bare.replace("tools/list", "server/discover"),
            400,
            -32602,
            "\"q\""),
        body(
            "listen without metadata",
            bare.replace("tools/list", "subscriptions/listen"),
            400,
            -32602,
            "\"q\""),
        call("no version header", 400, -32020, "1", p -> p.without("MCP-Protocol-Version")),
        call(
            "another version in the header",
            400,
            -32020,
            "1",
            p -> p.with("MCP-Protocol-Version", "9.9")),
        call("an empty version header", 400, -32020, "1", p -> p.with("MCP-Protocol-Version", "")),
        call("no method header", 400, -32020, "1", p -> p.without("Mcp-Method")),
        call(
            "a method header in capitals",
            400,
            -32020,
            "1",
            p -> p.with("Mcp-Method", "TOOLS/CALL")),
        call("no name header", 400, -32020, "1", p -> p.without("Mcp-Name")),
        call("another name", 400, -32020, "1", p -> p.with("Mcp-Name", "other")),
        call("an empty name header", 400, -32020, "1", p -> p.with("Mcp-Name", "")),
        call("two name headers", 400, -32020, "1", p -> p.with("mcp-name", "t")),
        call("broken Base64", 400, -32020, "1", p -> p.with("Mcp-Name", "=?base64?SGVs!!!?=")),
        call("Base64 without padding", 400, -32020, "1", p -> p.with("Mcp-Name", "=?base64?dA?=")),
        call("Base64 of no UTF-8", 400, -32020, "1", p -> p.with("Mcp-Name", "=?base64?/w==?=")),
        call("markers in capitals", 400, -32020, "1", p -> p.with("Mcp-Name", "=?BASE64?dA==?=")),
        call("raw UTF-8 in the name", 400, -32020, "1", p -> p.with("Mcp-Name", "t\u00f6")),
        call(
            "a page that is not ours", 403, 403, "", p -> p.with("Origin", "https://evil.example")),
        call("a page without an origin", 403, 403, "", p -> p.with("Origin", "null")),
        call("another host", 403, 403, "", p -> p.with("Host", "evil.example")),
        call("no credential", 401, 401, "", p -> p.without("Authorization")),
        call(
            "a form",
            415,
            415,
            "",
            p -> p.with("Content-Type", "application/x-www-form-urlencoded")),
        call("no content type", 415, 415, "", p -> p.without("Content-Type")),
        call("a compressed body", 415, 415, "", p -> p.with("Content-Encoding", "gzip")),
        call("a client that reads HTML", 406, 406, "", p -> p.with("Accept", "text/html")),
        Arguments.of(
            "a subscription without streams",
            ModernWireTest.listen("9").with("Accept", "application/json"),
            406,
            406,
            "9"),
        Arguments.of("an unknown method", Served.modern("5", "foo/bar", ""), 404, -32601, "5"),
        Arguments.of("a removed method", Served.modern("\"5\"", "ping", ""), 404, -32601, "\"5\""),
        Arguments.of(
            "a handshake with modern marks",
            Served.modern("5", "initialize", ""),
            404,
            -32601,
            "5"),
        Arguments.of(
            "a notification as a request",
            Served.modern("5", "notifications/progress", ""),
            404,
            -32601,
            "5"),
        Arguments.of(
            "answers of a wrong type",
            Served.modern("5", "tools/call", "\"name\":\"t\",\"inputResponses\":[],"),
            200,
            -32602,
            "5"),
        Arguments.of(
            "a state of nobody",
            Served.modern("5", "tools/call", "\"name\":\"t\",\"requestState\":\"AAAA\","),
            200,
            -32602,
            "5"),
        Arguments.of(
            "a subscription to nonsense",
            Served.modern("5", "subscriptions/listen", "\"notifications\":7,"),
            200,
            -32602,
            "5"));
  }

  @ParameterizedTest(name = "{0}: {2}, {3}")
  @MethodSource({"unparseable", "noMessages", "badRequests"})
  void is_answered_with_its_status_and_code_and_the_connection_goes_on(
      String name, Served.Post post, int status, int code, String id) throws IOException {
    try (RawClient client = served.connect()) {
      RawClient.Answer answer = client.send(post.bytes()).answer();

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.field("Content-Type")).contains("application/json");
      String start =
          id.isEmpty()
              ? "{\"jsonrpc\":\"2.0\",\"error\":"
              : "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":";
      assertThat(answer.text())
          .startsWith(start + "{\"code\":" + code + ",\"message\":\"")
          .doesNotContain("Exception", "\tat ", "java");
      // A refusal by the head may close the connection: the body was never read.
      if (answer.field("Connection").orElse("").equalsIgnoreCase("close")) {
        assertThat(client.isClosed()).isTrue();
      } else {
        assertUsable(client);
      }
    }
    try (RawClient fresh = served.connect()) {
      assertUsable(fresh);
    }
  }

  private static void assertUsable(RawClient client) throws IOException {
    assertThat(client.send(Served.call("\"next\"").bytes()).answer().text())
        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"next\",\"result\"");
  }

  @Test
  void a_caller_we_do_not_know_learns_nothing_about_its_body() throws IOException {
    List<String> answers = new ArrayList<>();
    for (String body :
        List.of("nonsense", "[]", "{}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}")) {
      try (RawClient client = served.connect()) {
        RawClient.Answer answer =
            client.send(new Served.Post(body).without("Authorization").bytes()).answer();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.field("WWW-Authenticate")).contains("Bearer");
        answers.add(answer.text());
      }
    }
    assertThat(answers).containsOnly(answers.getFirst());
  }

  @Test
  void a_get_without_a_session_is_not_allowed() throws IOException {
    for (String method : List.of("GET", "DELETE", "PUT")) {
      try (RawClient client = served.connect()) {
        RawClient.Answer answer =
            client
                .send(
                    method
                        + " /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer anna\r\n\r\n")
                .answer();
        assertThat(answer.status()).isEqualTo(405); // SH-19
        assertThat(answer.field("Allow")).contains("POST, GET, DELETE");
        assertUsable(client);
      }
    }
  }

  @Test
  void header_names_are_read_in_any_case() throws IOException {
    Served.Post post =
        Served.call("1")
            .without("Mcp-Method")
            .without("MCP-Protocol-Version")
            .with("mCP-mETHOD", "  tools/call\t")
            .with("mcp-protocol-version", "2026-07-28");
    try (RawClient client = served.connect()) {
      assertThat(client.send(post.bytes()).answer().status()).isEqualTo(200);
    }
  }
}
