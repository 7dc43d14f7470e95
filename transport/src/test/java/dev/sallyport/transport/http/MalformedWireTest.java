package dev.sallyport.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What no client of ours sends: SH-23, and security by one meaning only (RFC 9112, 11). */
@SuppressWarnings("StringConcatToTextBlock") // every line break here is spelled out on purpose
class MalformedWireTest {
  private static final int MAX_BODY = 1000;
  private static final int MAX_HEAD = 2000;
  private static final int CLOSED = 0;

  private static Listening listening;

  private record Case(String name, int status, String bytes) {}

  @BeforeAll
  static void listen() throws Exception {
    listening =
        Listening.with(
            Listening.options().withBounds(MAX_BODY, MAX_HEAD, 100, 100), Listening::echo);
  }

  @AfterAll
  static void close() throws Exception {
    listening.close();
  }

  @TestFactory
  Collection<DynamicTest> it_is_refused_and_the_next_request_is_served() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case malformed : cases()) {
      tests.add(DynamicTest.dynamicTest(malformed.name, () -> refuses(malformed)));
    }
    assertThat(tests).hasSizeGreaterThan(50);
    return tests;
  }

  private static void refuses(Case malformed) throws Exception {
    int served = listening.served();
    try (RawClient client = listening.client()) {
      client.send(malformed.bytes);
      if (malformed.status != CLOSED) {
        RawClient.Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(malformed.status);
        assertThat(reply.body()).doesNotContain("Exception", "at io.", "evil", "\tat ");
        assertThat(reply.fields()).containsEntry("connection", "close");
      }
      assertThat(client.isClosed()).as("closed").isTrue();
    }
    assertThat(listening.served()).as("requests that were served").isEqualTo(served);
    try (RawClient client = listening.client()) {
      assertThat(client.request("POST", "/", "fine").reply().body()).isEqualTo("fine");
    }
  }

  @Test
  void what_is_merely_unusual_is_served() throws Exception {
    for (String request :
        List.of(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:   4  \r\n\r\nbody",
            "POST / HTTP/1.1\r\nhost:a\r\ncontent-LENGTH:4\r\n\r\nbody",
            "\r\nPOST / HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 4\r\n\r\nbody",
            "POST http://A.example/ HTTP/1.1\r\nHost: a.EXAMPLE\r\nContent-Length: 4\r\n\r\nbody",
            "POST http://a:1?x=y HTTP/1.1\r\nHost: a:1\r\nContent-Length: 4\r\n\r\nbody",
            "POST / HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "Transfer-Encoding: Chunked\r\n\r\n"
                + "2\r\n"
                + "bo\r\n"
                + "2\r\n"
                + "dy\r\n"
                + "0\r\n\r\n",
            "POST / HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "0004\r\n"
                + "body\r\n"
                + "0\r\n"
                + "X: y\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nContent-Length: 4\r\n\r\nbody",
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Content-Length: 4\r\n\r\nbody",
            "POST /a%20b/../c;d?e=%zz&f HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
            "QUERY / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \u00e9\r\nContent-Length: 4\r\n\r\nbody")) {
      try (RawClient client = listening.client()) {
        RawClient.Reply reply = client.send(request).reply();
        assertThat(reply.body()).as(request).isEqualTo("body");
        assertThat(reply.status()).as(request).isEqualTo(200);
      }
    }
  }

  @Test
  void bytes_that_come_one_by_one_make_the_same_request() throws Exception {
    String request =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n";
    try (RawClient client = listening.client()) {
      client.sendSlowly(request);
      assertThat(client.reply().body()).isEqualTo("abc0123456789abcdef");
    }
    String folded = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n";
    try (RawClient client = listening.client()) {
      client.sendSlowly(folded);
      assertThat(client.reply().status()).isEqualTo(400);
    }
    String extended =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x\r\nz\r\n";
    try (RawClient client = listening.client()) {
      client.sendSlowly(extended);
      assertThat(client.reply().status()).isEqualTo(400);
    }
  }

  @Test
  void data_that_looks_like_a_chunk_extension_is_data() throws Exception {
    String data = "\r\n;x=y\r\n 0;";
    try (RawClient client = listening.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n2\r\n;;\r\n0\r\n\r\n"
              .formatted(data.length(), data));
      assertThat(client.reply().body()).isEqualTo(data + ";;");
    }
  }

  @Test
  void malformed_requests_behind_a_good_one_are_refused_after_its_answer() throws Exception {
    try (RawClient client = listening.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
              + "POST / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\nContent-Length: 3\r\n\r\ntwo");
      assertThat(client.reply().body()).isEqualTo("one");
      assertThat(client.reply().status()).isEqualTo(400);
      assertThat(client.isClosed()).isTrue();
    }
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    startLines(cases);
    hosts(cases);
    fields(cases);
    framing(cases);
    sizes(cases);
    return cases;
  }

  private static void add(List<Case> cases, int status, String name, String bytes) {
    cases.add(new Case(name, status, bytes));
  }

  private static void startLines(List<Case> cases) {
    String end = "\r\nHost: a\r\n\r\n";
    add(cases, 400, "no HTTP at all", "hello\r\n\r\n");
    add(cases, 400, "binary", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n");
    add(cases, 400, "a request line without target", "GET HTTP/1.1" + end);
    add(cases, 400, "HTTP/0.9", "GET /\r\n\r\n");
    add(cases, 505, "HTTP/1.2", "GET / HTTP/1.2" + end);
    add(cases, 505, "HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    add(cases, 505, "HTTP/9.9", "GET / HTTP/9.9" + end);
    add(cases, 400, "another protocol", "GET / ICAP/x" + end);
    add(cases, 400, "another protocol in a version of ours", "GET / ICAP/1.0" + end);
    add(cases, 400, "small letters", "GET / http/1.1" + end);
    add(cases, 400, "a method that is no token", "G@T / HTTP/1.1" + end);
    add(cases, 400, "a very long method", "X".repeat(33) + " / HTTP/1.1" + end);
    add(cases, 400, "a relative target", "GET mcp HTTP/1.1" + end);
    add(cases, 400, "a target with a fragment", "GET /a#b HTTP/1.1" + end);
    add(cases, 400, "a target with a backslash", "GET /a\\b HTTP/1.1" + end);
    add(cases, 400, "a target with a raw byte", "GET /\u00e9 HTTP/1.1" + end);
    add(cases, 400, "a target with a NUL", "GET /a\0b HTTP/1.1" + end);
    add(cases, 400, "a target with a space", "GET /a b HTTP/1.1" + end);
    add(cases, 400, "an asterisk without OPTIONS", "GET * HTTP/1.1" + end);
    add(cases, 400, "a tunnel", "CONNECT a:80 HTTP/1.1" + end);
    add(cases, 400, "a line feed alone", "GET / HTTP/1.1\nHost: a\n\n");
    add(cases, 400, "a return alone", "GET / HTTP/1.1\rHost: a\r\r\n\r\n");
  }

  private static void hosts(List<Case> cases) {
    String line = "GET / HTTP/1.1\r\n";
    add(cases, 400, "no Host", line + "X: y\r\n\r\n");
    add(cases, 400, "no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n");
    add(cases, 400, "an empty Host", line + "Host:\r\n\r\n");
    add(cases, 400, "two Hosts", line + "Host: a\r\nHost: evil\r\n\r\n");
    add(cases, 400, "the same Host twice", line + "Host: a\r\nhost: a\r\n\r\n");
    add(cases, 400, "two Hosts in one field", line + "Host: a, evil\r\n\r\n");
    add(cases, 400, "a Host with a path", line + "Host: a/evil\r\n\r\n");
    add(cases, 400, "a Host with a user", line + "Host: evil@a\r\n\r\n");
    add(cases, 400, "a Host with a space", line + "Host: a evil\r\n\r\n");
    add(cases, 400, "a Host with a wrong port", line + "Host: a:8x\r\n\r\n");
    String absolute = " HTTP/1.1\r\nHost: a\r\n\r\n";
    add(cases, 400, "a foreign absolute target", "GET http://evil/" + absolute);
    add(cases, 400, "a foreign port in the target", "GET http://a:81/" + absolute);
    add(cases, 400, "a user in the target", "GET http://a@evil/" + absolute);
    add(cases, 400, "another scheme in the target", "GET ftp://a/" + absolute);
  }

  private static void fields(List<Case> cases) {
    String host = "GET / HTTP/1.1\r\nHost: a\r\n";
    add(cases, 400, "a folded field", host + "X: y\r\n z\r\n\r\n");
    add(cases, 400, "a field folded with a tab", host + "X: y\r\n\tz\r\n\r\n");
    add(cases, 400, "a folded Host", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n");
    add(cases, 400, "a head that begins folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n");
    add(cases, 400, "a field without colon", host + "evil\r\n\r\n");
    add(cases, 400, "a field without name", host + ": evil\r\n\r\n");
    add(cases, 400, "a space before the colon", host + "X : evil\r\n\r\n");
    add(cases, 400, "a name that is no token", host + "X(y): evil\r\n\r\n");
    add(cases, 400, "a NUL in a value", host + "X: e\0vil\r\n\r\n");
    add(cases, 400, "a return in a value", host + "X: e\rvil\r\n\r\n");
    add(cases, 400, "an escape in a value", host + "X: e\u001bvil\r\n\r\n");
    add(cases, 417, "an unknown expectation", host + "Expect: evil\r\n\r\n");
    add(
        cases,
        400,
        "the handshake of a dead WebSocket draft",
        host + "Sec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n\r\n12345678");
  }

  private static void framing(List<Case> cases) {
    String post = "POST / HTTP/1.1\r\nHost: a\r\n";
    String smuggled = "GET /evil HTTP/1.1\r\nHost: a\r\n\r\n";
    String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    add(
        cases,
        400,
        "a length and chunks",
        post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled);
    add(
        cases,
        400,
        "chunks and a length",
        post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + smuggled);
    add(
        cases,
        400,
        "two lengths",
        post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nbody" + smuggled);
    add(
        cases,
        400,
        "the same length twice",
        post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody" + smuggled);
    add(cases, 400, "two lengths in one field", post + "Content-Length: 4, 4\r\n\r\nbody");
    add(cases, 400, "a negative length", post + "Content-Length: -1\r\n\r\n");
    add(cases, 400, "a signed length", post + "Content-Length: +4\r\n\r\nbody");
    add(cases, 400, "a hexadecimal length", post + "Content-Length: 0x4\r\n\r\nbody");
    add(cases, 400, "an empty length", post + "Content-Length:\r\n\r\nbody");
    add(cases, 400, "a length of words", post + "Content-Length: four\r\n\r\nbody");
    add(cases, 400, "an endless length", post + "Content-Length: " + "9".repeat(30) + "\r\n\r\n");
    add(cases, 501, "compression", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
    add(cases, 400, "an unknown coding", post + "Transfer-Encoding: evil\r\n\r\n0\r\n\r\n");
    add(cases, 400, "chunks twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n");
    add(
        cases,
        400,
        "two codings",
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n");
    add(cases, 400, "a hidden coding", post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n");
    add(
        cases,
        400,
        "chunks in HTTP/1.0",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    add(cases, 400, "a chunk extension", chunked + "4;evil=1\r\nbody\r\n0\r\n\r\n");
    add(cases, 400, "an extension of the last chunk", chunked + "4\r\nbody\r\n0;evil\r\n\r\n");
    add(cases, 400, "an extension without name", chunked + "4;\r\nbody\r\n0\r\n\r\n");
    add(cases, 400, "a long chunk extension", chunked + "4;" + "a".repeat(50_000));
    add(cases, 431, "a long trailer", chunked + "0\r\nX: " + "a".repeat(50_000));
    add(cases, 400, "a chunk size of words", chunked + "four\r\nbody\r\n0\r\n\r\n");
    add(cases, 400, "a negative chunk size", chunked + "-4\r\nbody\r\n0\r\n\r\n");
    add(cases, 400, "an endless chunk size", chunked + "fffffffffffffffff\r\nbody\r\n");
    add(cases, 400, "an empty chunk size", chunked + "\r\nbody\r\n0\r\n\r\n");
    add(cases, 400, "a chunk longer than it says", chunked + "2\r\nbody\r\n0\r\n\r\n");
    add(cases, 400, "chunks with line feeds alone", chunked + "4\nbody\n0\n\n");
  }

  private static void sizes(List<Case> cases) {
    String post = "POST / HTTP/1.1\r\nHost: a\r\n";
    add(cases, 414, "an endless request line", "GET /" + "a".repeat(100_000));
    add(cases, 431, "an endless field", post + "X: " + "a".repeat(100_000));
    add(cases, 431, "a large head", post + ("X: " + "a".repeat(50) + "\r\n").repeat(50) + "\r\n");
    add(cases, 431, "many fields", post + "X:\r\n".repeat(130) + "\r\n");
    add(cases, 413, "a length beyond the bound", post + "Content-Length: 1001\r\n\r\n");
    add(
        cases,
        413,
        "a body beyond the bound",
        post + "Content-Length: 2000000\r\n\r\n" + "x".repeat(500_000));
    add(
        cases,
        413,
        "chunks beyond the bound",
        post
            + "Transfer-Encoding: chunked\r\n\r\n"
            + ("64\r\n" + "x".repeat(100) + "\r\n").repeat(99));
    add(
        cases,
        413,
        "a length beyond the bound with an expectation",
        post + "Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  }
}
