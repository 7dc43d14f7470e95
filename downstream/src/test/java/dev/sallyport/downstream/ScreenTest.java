package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused by its head alone. */
final class ScreenTest {
  private static final CallerCheck ANYBODY =
      head -> new CallerCheck.Verdict.Known(Identity.local("anna"));
  private static final EndpointOptions BOTH = EndpointOptions.of("team", "/mcp");

  private final Screen screen = new Screen(BOTH, ANYBODY);

  private static HttpHead post(String... fields) {
    List<String> all = new ArrayList<>(List.of("Host", "localhost:8080"));
    List<String> given = Arrays.asList(fields);
    if (!given.contains("Content-Type")) {
      all.addAll(List.of("Content-Type", "application/json"));
    }
    all.addAll(given);
    return Heads.head("POST", "/mcp", all.toArray(String[]::new));
  }

  private static int status(Optional<HttpAnswer> answer) {
    return answer.map(HttpAnswer::status).orElse(0);
  }

  @Test
  void a_sound_head_passes() {
    assertThat(screen.answer(post())).isEmpty();
    assertThat(screen.answer(post("Accept", "application/json, text/event-stream"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8080", "", "localhost.evil.example"})
  void a_foreign_host_is_refused(String host) {
    HttpHead head = Heads.head("POST", "/mcp", "Host", host, "Content-Type", "application/json");

    assertThat(status(screen.answer(head))).isEqualTo(403);
  }

  @Test
  void a_missing_and_a_second_host_are_refused() {
    assertThat(status(screen.answer(Heads.head("POST", "/mcp")))).isEqualTo(403);
    assertThat(status(screen.answer(post("Host", "localhost")))).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080,0",
    "http://127.0.0.1:8080,0",
    "null,403",
    "https://evil.example,403",
    "http://localhost:5173,403"
  })
  void a_foreign_origin_is_refused(String origin, int status) {
    assertThat(status(screen.answer(post("Origin", origin)))).isEqualTo(status);
  }

  @Test
  void a_compressed_body_is_refused_for_that_and_a_plain_one_is_not() {
    Optional<HttpAnswer> answer = screen.answer(post("Content-Encoding", "gzip"));
    assertThat(status(answer)).isEqualTo(415);
    assertThat(new String(answer.orElseThrow().body(), StandardCharsets.UTF_8))
        .contains("Content-Encoding");
    assertThat(status(screen.answer(post("Content-Encoding", "identity")))).isZero();
  }

  @Test
  void two_origins_are_refused_and_the_page_may_not_read_why() {
    Optional<HttpAnswer> answer =
        screen.answer(post("Origin", "http://localhost:8080", "Origin", "http://localhost:8080"));

    assertThat(status(answer)).isEqualTo(403);
    assertThat(answer.orElseThrow().fields().first("Access-Control-Allow-Origin")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/mcp/", "/MCP", "/mcp2", "/other", "/%6dcp", "*"})
  void other_paths_are_nothing(String path) {
    assertThat(
            status(
                screen.answer(
                    Heads.head(
                        "POST", path, "Host", "localhost", "Content-Type", "application/json"))))
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,405",
    "PATCH,405",
    "HEAD,405",
    "OPTIONS,405",
    "TRACE,405",
    "GET,405",
    "DELETE,405"
  })
  void other_methods_are_not_allowed(String method, int status) {
    Optional<HttpAnswer> answer = screen.answer(Heads.head(method, "/mcp", "Host", "localhost"));

    assertThat(status(answer)).isEqualTo(status);
    assertThat(answer.orElseThrow().fields().first("Allow")).contains("POST, GET, DELETE");
  }

  @Test
  void get_and_delete_pass_with_a_session_and_only_where_there_are_sessions() {
    Screen modern = new Screen(BOTH.withEras(Set.of(Era.MODERN)), ANYBODY);
    for (String method : List.of("GET", "DELETE")) {
      HttpHead head = Heads.head(method, "/mcp", "Host", "localhost", "Mcp-Session-Id", "s");
      assertThat(screen.answer(head)).isEmpty();
      assertThat(status(modern.answer(head))).isEqualTo(405);
      assertThat(modern.answer(head).orElseThrow().fields().first("Allow")).contains("POST");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json|0",
        "Application/JSON|0",
        "application/json; charset=utf-8|0",
        "application/json;charset=\"UTF-8\"|0",
        "application/json; charset=latin1|415",
        "text/plain|415",
        "application/x-www-form-urlencoded|415",
        "multipart/form-data|415",
        "application/jsonx|415",
        "application/json, text/plain|415",
        "''|415"
      })
  void only_json_is_read(String type, int status) {
    assertThat(status(screen.answer(post("Content-Type", type)))).isEqualTo(status);
  }

  @Test
  void a_missing_type_two_types_and_a_compressed_body_are_refused() {
    assertThat(status(screen.answer(Heads.head("POST", "/mcp", "Host", "localhost"))))
        .isEqualTo(415);
    assertThat(
            status(
                screen.answer(
                    post("Content-Type", "application/json", "Content-Type", "application/json"))))
        .isEqualTo(415);
    assertThat(status(screen.answer(post("Content-Encoding", "gzip")))).isEqualTo(415);
    assertThat(status(screen.answer(post("Content-Encoding", "identity")))).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|0",
        "application/json, text/event-stream|0",
        "application/json|0",
        "text/event-stream|0",
        "application/*|0",
        "text/html, application/json;q=0.5|0",
        "text/html|406",
        "image/*|406",
        "application/json;q=0|406",
        "application/json;q=0.0, text/event-stream; Q=0|406",
        "''|406"
      })
  void a_client_that_reads_nothing_we_send_is_told(String accept, int status) {
    assertThat(status(screen.answer(post("Accept", accept)))).isEqualTo(status);
  }

  @Test
  void the_stream_of_a_session_needs_a_reader_of_streams() {
    String[] session = {"Host", "localhost", "Mcp-Session-Id", "s", "Accept", "application/json"};
    assertThat(status(screen.answer(Heads.head("GET", "/mcp", session)))).isEqualTo(406);
    session[5] = "text/event-stream";
    assertThat(screen.answer(Heads.head("GET", "/mcp", session))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /sse, 404, 0",
    "POST, /sse, 404, 405",
    "GET, /messages, 404, 405",
    "POST, /messages, 404, 0",
    "GET, /sse/, 404, 404",
    "GET, /SSE, 404, 404",
    "POST, /messages/x, 404, 404",
    "POST, /mcp, 0, 0",
    "GET, /mcp, 405, 405"
  })
  void the_two_paths_of_the_older_transport_are_there_when_asked_for(
      String method, String path, int without, int with) { // SH-24
    Screen both = new Screen(BOTH.withSse(SsePaths.DEFAULT), ANYBODY);
    HttpHead head =
        Heads.head(method, path, "Host", "localhost", "Content-Type", "application/json");

    assertThat(status(screen.answer(head))).isEqualTo(without);
    assertThat(status(both.answer(head))).isEqualTo(with);
  }

  @ParameterizedTest
  @CsvSource({"cross-site, 403", "same-site, 403", "same-origin, 0", "none, 0"})
  void a_foreign_page_that_names_no_origin_opens_no_stream(String site, int status) { // SH-02
    Screen both = new Screen(BOTH.withSse(SsePaths.DEFAULT), ANYBODY);
    String[] fields = {"Host", "localhost:8080", "Sec-Fetch-Site", site};

    assertThat(status(both.answer(Heads.head("GET", "/sse", fields)))).isEqualTo(status);
    assertThat(status(both.answer(post("Sec-Fetch-Site", site))))
        .as("elsewhere an origin comes with what such a page may not do")
        .isZero();
  }

  @Test
  void an_origin_that_is_let_in_may_be_of_another_site() {
    Sites sites = new Sites(true, Set.of(), Set.of("https://app.example"));
    Screen both = new Screen(BOTH.withSites(sites).withSse(SsePaths.DEFAULT), ANYBODY);
    for (String origin : List.of("https://app.example", "https://evil.example")) {
      HttpHead head =
          Heads.head(
              "GET", "/sse", "Host", "localhost", "Sec-Fetch-Site", "cross-site", "Origin", origin);
      assertThat(status(both.answer(head))).isEqualTo(origin.contains("app") ? 0 : 403);
    }
  }

  @Test
  void a_browser_of_our_own_origin_learns_what_its_page_may_send() {
    HttpAnswer answer =
        screen
            .answer(
                Heads.head(
                    "OPTIONS",
                    "/mcp",
                    "Host",
                    "localhost:8080",
                    "Origin",
                    "http://localhost:8080",
                    "Access-Control-Request-Method",
                    "POST",
                    "Access-Control-Request-Headers",
                    "content-type,mcp-param-region, x-evil, mcp-param-\u00e4"))
            .orElseThrow();

    assertThat(answer.status()).isEqualTo(204);
    // Twice the same is as bad as two different ones: a browser refuses both.
    assertThat(answer.fields().all("Access-Control-Allow-Origin"))
        .containsExactly("http://localhost:8080");
    assertThat(answer.fields().first("Access-Control-Allow-Methods")).contains("POST, GET, DELETE");
    assertThat(answer.fields().first("Access-Control-Allow-Headers").orElseThrow())
        .contains("Mcp-Session-Id", "Authorization", "Mcp-Name", "mcp-param-region")
        .doesNotContain("evil", "\u00e4");
    assertThat(answer.fields().first("Access-Control-Expose-Headers").orElseThrow())
        .contains("Mcp-Session-Id", "WWW-Authenticate");
    assertThat(answer.fields().first("Vary")).contains("Origin");
  }

  @Test
  void a_browser_of_another_origin_learns_nothing() {
    HttpAnswer answer =
        screen
            .answer(
                Heads.head(
                    "OPTIONS",
                    "/mcp",
                    "Host",
                    "localhost:8080",
                    "Origin",
                    "https://evil.example",
                    "Access-Control-Request-Method",
                    "POST"))
            .orElseThrow();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.fields().first("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void a_page_may_read_why_it_was_refused_once_its_origin_is_ours() {
    HttpAnswer answer =
        screen
            .answer(post("Origin", "http://localhost:8080", "Content-Type", "text/plain"))
            .orElseThrow();

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.fields().first("Access-Control-Allow-Origin"))
        .contains("http://localhost:8080");
  }

  @Test
  void a_caller_without_any_credential_is_refused_before_its_body_is_read() {
    CallerCheck strict =
        new CallerCheck() {
          @Override
          public Verdict check(HttpHead head) {
            throw new AssertionError("not on the event loop");
          }

          @Override
          public Optional<Refusal> screen(HttpHead head) {
            return head.fields().first("Authorization").isPresent()
                ? Optional.empty()
                : Optional.of(
                    Refusal.of(Refusal.Reason.UNAUTHENTICATED, "Sign in").challenge("Bearer"));
          }
        };
    Screen strictScreen = new Screen(BOTH, strict);
    HttpAnswer answer = strictScreen.answer(post()).orElseThrow();

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.fields().first("WWW-Authenticate")).contains("Bearer");
    assertThat(strictScreen.answer(post("Authorization", "Bearer x"))).isEmpty();
  }

  @Test
  void a_refusal_is_an_error_without_an_id_and_repeats_nothing_of_the_request() {
    HttpAnswer answer = screen.answer(post("Origin", "https://evil.example")).orElseThrow();

    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .startsWith("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":403,")
        .doesNotContain("evil");
    assertThat(answer.fields().first("Content-Type")).contains("application/json");
  }
}
