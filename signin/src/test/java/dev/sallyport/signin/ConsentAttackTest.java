package dev.sallyport.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Security T21 to T25, and what else can be tried on the pages. */
final class ConsentAttackTest {
  private static final String EVIL = "https://evil.example/cb";
  @TempDir Path folder;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    served = Served.in(folder);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private Map<String, String> request() {
    return Pkce.request(served, Served.KNOWN, Served.CALLBACK);
  }

  private String registered(String name, String redirect) throws Exception {
    HttpResponse<String> answer =
        served.postJson(
            "/signin/register",
            "{\"client_name\":\"%s\",\"redirect_uris\":[\"%s\"]}".formatted(name, redirect));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Json.parse(answer.body()).asObject().orElseThrow().string("client_id").orElseThrow();
  }

  private static void isNoRedirect(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Location")).isEmpty();
    assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void another_client_is_asked_for_although_the_first_was_allowed_T21() throws Exception {
    Browser browser = served.browserOf("ada");
    browser.codeFor(request());
    String other = registered("Nice", EVIL);

    HttpResponse<String> page = browser.ask(Pkce.request(served, other, EVIL));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Nice", "evil.example", "nobody vouches for");
    assertThat(page.headers().firstValue("Location")).isEmpty();
  }

  @Test
  void what_was_asked_in_one_browser_cannot_be_answered_in_another_T22() throws Exception {
    Browser mine = served.browserOf("ada");
    Browser theirs = served.browserOf("mallory");
    Browser nobody = new Browser(served);
    String ticket = Browser.ticket(mine.ask(request()));

    assertThat(theirs.decide(ticket, "allow").statusCode()).isEqualTo(403);
    assertThat(nobody.decide(ticket, "allow").statusCode()).isEqualTo(403);
    assertThat(Browser.answer(mine.decide(ticket, "allow"))).containsKey("code");
  }

  @Test
  void two_cookies_of_our_name_are_none_because_one_was_put_there() throws Exception {
    Browser mine = served.browserOf("ada");
    Browser theirs = served.browserOf("mallory");
    String both = mine.cookie().orElseThrow() + "; " + theirs.cookie().orElseThrow();
    Browser mixed = new Browser(served);
    mixed.setCookie(both);

    assertThat(mixed.ask(request()).statusCode()).isEqualTo(403);
    assertThat(mine.ask(request()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "same-origin", "none"})
  void nobody_gets_a_code_without_being_asked_wherever_the_person_comes_from_T23(String site)
      throws Exception {
    Browser browser = served.browserOf("ada");
    browser.codeFor(request());

    HttpResponse<String> again =
        browser.open("/signin/authorize?" + Served.encoded(request()), "Sec-Fetch-Site", site);

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(Browser.ticket(again)).isNotEmpty();
  }

  @Test
  void no_page_can_be_framed_or_run_a_script_or_be_kept_T24() throws Exception {
    Browser browser = served.browserOf("ada");
    String invite = served.signIn.people().invite("bob").path().reveal();
    for (HttpResponse<String> page :
        List.of(
            browser.ask(request()),
            browser.open(invite),
            browser.open("/signin/nothing"),
            new Browser(served).ask(request()))) {
      assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
      assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'; style-src 'sha256-")
          .contains("frame-ancestors 'none'", "base-uri 'none'")
          .doesNotContain("unsafe");
      assertThat(page.body())
          .contains("<html lang=\"en\">")
          .doesNotContain("<script", "http-equiv");
    }
    assertThat(browser.ask(request()).headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("form-action 'self' http://127.0.0.1:7777;");
  }

  @Test
  void an_answer_without_the_ticket_or_from_elsewhere_is_none_T24() throws Exception {
    Browser browser = served.browserOf("ada");
    String cookie = browser.cookie().orElseThrow();
    String ticket = Browser.ticket(browser.ask(request()));
    Map<String, String> form = Map.of("ticket", ticket, "decision", "allow");

    isNoRedirect(browser.submit("/signin/authorize", Map.of("decision", "allow")));
    isNoRedirect(browser.decide("guessed", "allow"));
    isNoRedirect(served.post("/signin/authorize", form, "Cookie", cookie));
    isNoRedirect(
        served.post("/signin/authorize", form, "Cookie", cookie, "Origin", "https://evil.example"));
    isNoRedirect(served.post("/signin/authorize", form, "Cookie", cookie, "Origin", "null"));
    isNoRedirect(
        served.post(
            "/signin/authorize",
            form,
            "Cookie",
            cookie,
            "Origin",
            served.issuer,
            "Sec-Fetch-Site",
            "cross-site"));
    isNoRedirect(browser.open("/signin/authorize?" + Served.encoded(form)));
    assertThat(Browser.answer(browser.decide(ticket, "allow"))).containsKey("code");
  }

  @Test
  void an_invite_cannot_be_used_by_a_page_elsewhere_on_somebodys_behalf() throws Exception {
    String path = served.signIn.people().invite("mallory").path().reveal();

    assertThat(served.post(path, Map.of(), "Origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(served.post(path, Map.of()).statusCode()).isEqualTo(403);
    new Browser(served).accept(path);
  }

  @Test
  void a_browser_of_somebody_else_is_told_before_it_changes_hands() throws Exception {
    Browser browser = served.browserOf("ada");
    String old = browser.cookie().orElseThrow();
    String path = served.signIn.people().invite("mallory").path().reveal();

    assertThat(browser.open(path).body()).contains("So far this browser is known as ada");
    browser.accept(path);
    Browser left = new Browser(served);
    left.setCookie(old);
    assertThat(left.ask(request()).statusCode()).isEqualTo(403);
  }

  @Test
  void a_question_is_answered_once_even_by_fifty_at_a_time_T25() throws Exception {
    Browser browser = served.browserOf("ada");
    String ticket = Browser.ticket(browser.ask(request()));
    AtomicInteger codes = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      if (browser.decide(ticket, "allow").statusCode() == 303) {
                        codes.incrementAndGet();
                      }
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(codes).hasValue(1);
    assertThat(browser.decide(ticket, "allow").statusCode()).isEqualTo(400);
  }

  @Test
  void a_question_is_open_for_ten_minutes() throws Exception {
    Browser browser = served.browserOf("ada");
    String inTime = Browser.ticket(browser.ask(request()));
    served.clock.pass(Duration.ofMinutes(9));
    assertThat(Browser.answer(browser.decide(inTime, "allow"))).containsKey("code");

    String late = Browser.ticket(browser.ask(request()));
    served.clock.pass(Duration.ofMinutes(11));
    isNoRedirect(browser.decide(late, "allow"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:7777/callback/",
        "http://127.0.0.1:7777/Callback",
        "http://127.0.0.1:7777/callback?x=1",
        "http://127.0.0.1:7777/callback#x",
        "http://127.0.0.1:7777/callback/../evil",
        "http://user@127.0.0.1:7777/callback",
        "http://127.0.0.1:7777@evil.example/callback",
        "http://127.0.0.1.evil.example:7777/callback",
        "http://localhost:7777/callback",
        "http://LOCALHOST:7777/callback",
        "HTTP://127.0.0.1:7777/callback",
        "https://127.0.0.1:7777/callback",
        "http://[::1]:7777/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:/callback",
        "//127.0.0.1:7777/callback",
        "javascript:alert(1)",
        "https://evil.example/callback"
      })
  void nobody_is_sent_to_a_place_that_is_not_registered(String redirect) throws Exception {
    Browser browser = served.browserOf("ada");

    HttpResponse<String> page = browser.ask(Pkce.request(served, Served.KNOWN, redirect));

    isNoRedirect(page);
    assertThat(page.body()).doesNotContain("evil", "alert(1)", "<form", "<a ");
  }

  @Test
  void the_port_of_a_program_here_may_differ_and_that_of_a_site_may_not() throws Exception {
    Browser browser = served.browserOf("ada");
    String site = registered("Site", "https://app.example/cb");

    assertThat(
            browser
                .ask(Pkce.request(served, Served.KNOWN, "http://127.0.0.1:50123/callback"))
                .statusCode())
        .isEqualTo(200);
    assertThat(browser.ask(Pkce.request(served, site, "https://app.example/cb")).statusCode())
        .isEqualTo(200);
    isNoRedirect(browser.ask(Pkce.request(served, site, "https://app.example:8443/cb")));
    isNoRedirect(browser.ask(Pkce.request(served, site, "https://app.example:443/cb")));
    isNoRedirect(browser.ask(Pkce.request(served, site, "https://APP.example/cb")));
  }

  @Test
  void an_error_sends_nobody_to_a_site_that_anybody_can_have_registered() throws Exception {
    Browser browser = served.browserOf("ada");
    Map<String, String> evil = Pkce.request(served, registered("Nice", EVIL), EVIL);
    evil.put("response_type", "token");
    Map<String, String> known = request();
    known.put("response_type", "token");

    HttpResponse<String> page = browser.ask(evil);
    isNoRedirect(page);
    assertThat(page.body()).contains("Go back to evil.example").contains("iss=http");
    assertThat(Browser.answer(browser.ask(known)))
        .containsEntry("error", "unsupported_response_type")
        .containsEntry("iss", served.issuer);
  }

  @Test
  void who_is_not_known_here_causes_nothing() throws Exception {
    Browser nobody = new Browser(served);
    Map<String, String> request =
        Pkce.request(served, "https://client.example/c.json", "https://client.example/cb");

    HttpResponse<String> page = nobody.ask(request);

    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(page.headers().firstValue("Location")).isEmpty();
    assertThat(served.fetched).isEmpty();
  }

  @Test
  void what_strangers_write_is_text_wherever_it_is_shown() throws Exception {
    Browser browser = served.browserOf("ada");
    String markup = "<img src=x onerror=alert(1)>'\\\"><script>&amp;\\u202e\\u200b";
    String client = registered(markup, "https://app.example/cb?a=%22%3E");
    Map<String, String> request = Pkce.request(served, client, "https://app.example/cb?a=%22%3E");
    request.put("state", "\"><script>alert(2)</script>");
    Map<String, String> wrong = new HashMap<>(request);
    wrong.put("scope", "\"><script>alert(3)</script>");

    HttpResponse<String> page = browser.ask(request);
    assertThat(page.body())
        .contains("&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&gt;&lt;script&gt;&amp;amp;<")
        .doesNotContain("<img", "<script", "\u202e", "\u200b");
    HttpResponse<String> trouble = browser.ask(wrong);
    assertThat(trouble.statusCode()).isEqualTo(400);
    assertThat(trouble.body()).contains("invalid_scope").doesNotContain("<script", "alert(3)");
    assertThat(browser.open("/signin/%3Cscript%3Ealert(4)").body()).doesNotContain("alert(4)");
    Map<String, String> answer = Browser.answer(browser.decide(Browser.ticket(page), "allow"));
    assertThat(answer).containsEntry("state", "\"><script>alert(2)</script>");
    assertThat(answer).containsEntry("a", "\">");
  }

  @Test
  void a_program_on_this_computer_is_warned_of_and_a_site_is_not() throws Exception {
    Browser browser = served.browserOf("ada");
    String site = registered("Site", "https://app.example/cb");

    assertThat(browser.ask(request()).body()).contains("Any program here can claim");
    assertThat(browser.ask(Pkce.request(served, site, "https://app.example/cb")).body())
        .contains("The site app.example")
        .doesNotContain("Any program here can claim");
  }

  @Test
  void what_is_given_twice_or_too_long_is_refused() throws Exception {
    Browser browser = served.browserOf("ada");
    String query = Served.encoded(request());

    isNoRedirect(browser.open("/signin/authorize?" + query + "&redirect_uri=https%3A%2F%2Fa.b"));
    isNoRedirect(browser.open("/signin/authorize?" + query + "&client_id=other"));
    isNoRedirect(browser.open("/signin/authorize?" + query + "&x=%ff"));
    isNoRedirect(browser.open("/signin/authorize?" + query + "&x=%00"));
    assertThat(Browser.answer(browser.open("/signin/authorize?" + query + "&scope=read")))
        .containsEntry("error", "invalid_request");
    Map<String, String> lengthy = request();
    lengthy.put("state", "x".repeat(2_049));
    assertThat(Browser.answer(browser.ask(lengthy)))
        .containsEntry("error", "invalid_request")
        .doesNotContainKey("state");
    lengthy.put("state", "x".repeat(2_048));
    assertThat(browser.ask(lengthy).statusCode()).isEqualTo(200);
  }

  @Test
  void the_challenge_of_pkce_is_needed_and_by_s256() throws Exception {
    Browser browser = served.browserOf("ada");
    for (Map<String, String> change :
        List.of(
            Map.of("code_challenge", ""),
            Map.of("code_challenge_method", ""),
            Map.of("code_challenge_method", "plain"),
            Map.of("code_challenge", "too-short"),
            Map.of("request", "a.b.c"),
            Map.of("request_uri", "https://evil.example/r"),
            Map.of("response_mode", "fragment"))) {
      Map<String, String> request = request();
      request.putAll(change);
      assertThat(Browser.answer(browser.ask(request)))
          .as(change.toString())
          .containsKey("error")
          .containsEntry("iss", served.issuer);
    }
    assertThat(browser.ask(request()).statusCode()).isEqualTo(200);
  }
}
