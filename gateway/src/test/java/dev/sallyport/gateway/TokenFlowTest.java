package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What lasts longer than a request, and what a gateway publishes of itself, over real sockets. */
@Timeout(60)
final class TokenFlowTest {
  private static final String DOCUMENT = "/.well-known/oauth-protected-resource";
  private static final Map<String, String> LISTEN =
      Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "subscriptions/listen");
  private static final String SLOW =
      "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"slow\"}}";

  /** One that is over in four seconds or five: it has to be shown before, on a busy machine too. */
  private static String brief(TokenDoor door) {
    return door.token().claim("exp", Instant.now().plusSeconds(5)).signedBy(TokenDoor.EC);
  }

  private static byte[] rest(InputStream in) throws IOException {
    try (in) {
      return in.readAllBytes();
    }
  }

  @Test
  void a_standing_stream_ends_with_its_token_and_a_call_that_began_in_time_finishes()
      throws Exception {
    try (TokenDoor door = TokenDoor.open("/mcp");
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      String brief = brief(door);
      String session = door.session(brief);
      Future<HttpResponse<String>> slow =
          callers.submit(() -> door.inSession(session, Optional.of(brief), SLOW));
      assertThat(door.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      HttpResponse<InputStream> stream =
          door.http.send(door.streamOf(session, brief), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(stream.statusCode()).isEqualTo(200);
      long began = System.nanoTime();
      rest(stream.body());
      assertThat(System.nanoTime() - began).isBetween(500_000_000L, 20_000_000_000L);
      assertThat(slow.isDone()).isFalse();
      door.mayEnd.countDown();
      assertThat(slow.get(10, TimeUnit.SECONDS).body()).contains("\"subject\":\"ann\"");
    }
  }

  @Test
  void a_subscription_ends_with_its_token_and_one_with_a_longer_token_goes_on() throws Exception {
    try (TokenDoor door = TokenDoor.open("/mcp");
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> longer = callers.submit(() -> listen(door, door.good()));
      assertThat(door.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      Future<?> briefer = callers.submit(() -> listen(door, brief(door)));
      assertThat(door.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      briefer.get(25, TimeUnit.SECONDS);
      assertThat(longer.isDone()).isFalse();
      door.mayEnd.countDown();
      longer.get(15, TimeUnit.SECONDS);
    }
  }

  /** Until the stream ends. */
  private static byte[] listen(TokenDoor door, String token) throws Exception {
    Map<String, String> fields = new HashMap<>(LISTEN);
    fields.put("Authorization", "Bearer " + token);
    String body =
        TokenDoor.message("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true},");
    HttpResponse<InputStream> stream =
        door.http.send(door.post("/mcp", body, fields), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    return rest(stream.body());
  }

  @Test
  void every_route_has_a_document_of_its_own_and_the_root_none_when_there_are_several()
      throws Exception {
    try (TokenDoor door = TokenDoor.open("/mcp", "/other")) {
      HttpResponse<String> first = door.get(DOCUMENT + "/mcp");
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.body())
          .contains(
              "\"resource\":\"" + door.url("/mcp") + "\"",
              "\"scopes_supported\":[\"mcp:read\"]",
              "\"bearer_methods_supported\":[\"header\"]",
              door.provider.url(),
              door.other.url());
      assertThat(first.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      assertThat(first.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(door.get(DOCUMENT + "/other").body())
          .contains("\"resource\":\"" + door.url("/other") + "\"")
          .doesNotContain("scopes_supported");
      for (String nothing :
          new String[] {DOCUMENT, DOCUMENT + "/", DOCUMENT + "/mcp/", DOCUMENT + "/else"}) {
        assertThat(door.get(nothing).statusCode()).as(nothing).isEqualTo(404);
      }
    }
  }

  @Test
  void the_root_has_the_document_of_the_only_route() throws Exception {
    try (TokenDoor door = TokenDoor.open("/mcp")) {
      assertThat(door.get(DOCUMENT).body())
          .isEqualTo(door.get(DOCUMENT + "/mcp").body())
          .contains("\"resource\":\"" + door.url("/mcp") + "\"");
    }
  }

  @Test
  void the_public_url_is_what_tokens_are_for_and_what_was_dialled_is_not() throws Exception {
    try (TokenDoor door = TokenDoor.openAs("https://gw.test", "/mcp")) {
      assertThat(door.get(DOCUMENT).body()).contains("\"resource\":\"https://gw.test/mcp\"");
      String token = door.token().claim("aud", "https://gw.test/mcp").signedBy(TokenDoor.EC);
      assertThat(door.call(token).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = door.call(door.good());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate"))
          .hasValueSatisfying(
              value ->
                  assertThat(value)
                      .contains("resource_metadata=\"https://gw.test" + DOCUMENT + "/mcp\""));
    }
  }

  @Test
  void a_host_that_is_not_ours_gets_no_document() throws Exception {
    try (TokenDoor door = TokenDoor.openAs("https://gw.test", "/mcp")) {
      assertThat(document(door, "gw.test", "")).startsWith("HTTP/1.1 200");
      for (String other : new String[] {"evil.test", "gw.test.evil.test", "gw.test@evil.test"}) {
        assertThat(document(door, other, ""))
            .doesNotContain("HTTP/1.1 200", "authorization_servers");
      }
      assertThat(document(door, "gw.test", "Host: evil.test\r\n"))
          .doesNotContain("HTTP/1.1 200", "authorization_servers");
    }
  }

  private static String document(TokenDoor door, String host, String more) throws Exception {
    return door.raw(
        "GET "
            + DOCUMENT
            + "/mcp HTTP/1.1\r\nHost: "
            + host
            + "\r\n"
            + more
            + "Connection: close\r\n\r\n");
  }

  @Test
  void any_page_may_read_the_document_and_nobody_can_write_it() throws Exception {
    try (TokenDoor door = TokenDoor.open("/mcp")) {
      String host = "127.0.0.1:" + door.gateway.address().getPort();
      String ask =
          " "
              + DOCUMENT
              + "/mcp HTTP/1.1\r\nHost: "
              + host
              + "\r\nOrigin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n"
              + "Content-Length: 0\r\nConnection: close\r\n\r\n";
      assertThat(door.raw("OPTIONS" + ask))
          .startsWith("HTTP/1.1 204")
          .containsIgnoringCase("access-control-allow-origin: *")
          .doesNotContainIgnoringCase("access-control-allow-credentials");
      assertThat(door.raw("GET" + ask))
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("access-control-allow-origin: *");
      assertThat(door.raw("POST" + ask)).startsWith("HTTP/1.1 405");
    }
  }

  @Test
  void a_port_that_a_client_makes_up_is_in_nothing_that_is_told() throws Exception {
    try (TokenDoor door = TokenDoor.open("/mcp")) {
      assertThat(document(door, "localhost:9", ""))
          .contains(
              "\"resource\":\"http://localhost:" + door.gateway.address().getPort() + "/mcp\"");
      assertThat(door.rawCall("LOCALHOST:9"))
          .contains(
              "resource_metadata=\"http://localhost:" + door.gateway.address().getPort() + "/");
    }
  }
}
