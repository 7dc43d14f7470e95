package dev.sallyport.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes and refresh tokens in the wrong hands (security T33; RFC 9700 sections 2.1.1, 4.14). */
final class TokenAttackTest {
  @TempDir Path folder;
  private Served served;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    served = Served.in(folder);
    browser = served.browserOf("ada");
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private String code() throws Exception {
    return browser.codeFor(Pkce.request(served, Served.KNOWN, Served.CALLBACK));
  }

  private Map<String, String> forCode(String code) {
    return Pkce.forCode(Served.KNOWN, Served.CALLBACK, code);
  }

  private HttpResponse<String> token(Map<String, String> form) throws Exception {
    return served.post("/signin/token", form);
  }

  private static JsonObject json(HttpResponse<String> answer) throws Exception {
    return Json.parse(answer.body()).asObject().orElseThrow();
  }

  private String refreshToken() throws Exception {
    return refreshOf(token(forCode(code())));
  }

  private static String refreshOf(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).string("refresh_token").orElseThrow();
  }

  private HttpResponse<String> refresh(String token) throws Exception {
    return token(Pkce.forRefresh(Served.KNOWN, token));
  }

  private static void isRefused(HttpResponse<String> answer, String error) throws Exception {
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(json(answer).string("error")).contains(error);
    assertThat(answer.body()).doesNotContain("access_token\":");
  }

  @Test
  void a_code_that_comes_again_ends_what_came_of_it() throws Exception {
    String code = code();
    String refresh = refreshOf(token(forCode(code)));

    isRefused(token(forCode(code)), "invalid_grant");
    isRefused(refresh(refresh), "invalid_grant");
  }

  @Test
  void a_code_that_does_not_come_again_leaves_its_tokens_alone() throws Exception {
    String first = refreshToken();
    refreshToken();

    refreshOf(refresh(first));
  }

  @Test
  void of_two_who_bring_a_code_at_a_time_one_gets_tokens_and_neither_keeps_them() throws Exception {
    Map<String, String> form = forCode(code());
    Queue<HttpResponse<String>> answers = atOnce(20, () -> token(form));

    List<HttpResponse<String>> good =
        answers.stream().filter(answer -> answer.statusCode() == 200).toList();
    assertThat(good).hasSize(1);
    isRefused(refresh(refreshOf(good.getFirst())), "invalid_grant");
  }

  private interface Request {
    HttpResponse<String> send() throws Exception;
  }

  private static Queue<HttpResponse<String>> atOnce(int times, Request request) throws Exception {
    Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      answers.add(request.send());
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answers).hasSize(times);
    return answers;
  }

  @Test
  void a_code_is_good_for_a_minute() throws Exception {
    String inTime = code();
    served.clock.pass(Duration.ofSeconds(59));
    refreshOf(token(forCode(inTime)));

    String late = code();
    served.clock.pass(Duration.ofSeconds(60));
    isRefused(token(forCode(late)), "invalid_grant");
  }

  @Test
  void a_code_is_for_its_client_its_redirect_its_resource_and_its_verifier() throws Exception {
    for (Map<String, String> change :
        List.of(
            Map.of("client_id", "somebody"),
            Map.of("redirect_uri", "http://127.0.0.1:7778/callback"),
            Map.of("redirect_uri", ""),
            Map.of("resource", served.issuer + "/other"),
            Map.of("code_verifier", ""),
            Map.of("code_verifier", Pkce.VERIFIER + "x"),
            Map.of("code_verifier", Pkce.CHALLENGE),
            Map.of("code_verifier", "short"),
            Map.of("code", "guessed"))) {
      Map<String, String> form = new HashMap<>(forCode(code()));
      form.putAll(change);
      isRefused(token(form), "invalid_grant");
    }
    Map<String, String> right = forCode(code());
    right.put("resource", served.resource() + "/");
    refreshOf(token(right));
  }

  @Test
  void a_wrong_try_uses_a_code_up() throws Exception {
    Map<String, String> form = forCode(code());
    Map<String, String> wrong = new HashMap<>(form);
    wrong.put("code_verifier", Pkce.VERIFIER + "x");

    isRefused(token(wrong), "invalid_grant");
    isRefused(token(form), "invalid_grant");
  }

  @Test
  void a_refresh_token_that_comes_again_later_ends_its_family_T33() throws Exception {
    String first = refreshToken();
    String second = refreshOf(refresh(first));
    String third = refreshOf(refresh(second));
    served.clock.pass(Duration.ofSeconds(10));

    isRefused(refresh(first), "invalid_grant");
    isRefused(refresh(third), "invalid_grant");
  }

  @Test
  void the_family_of_another_sign_in_goes_on_T33() throws Exception {
    String stolen = refreshToken();
    String other = refreshToken();
    refreshOf(refresh(stolen));
    served.clock.pass(Duration.ofSeconds(10));

    isRefused(refresh(stolen), "invalid_grant");
    refreshOf(refresh(other));
  }

  @Test
  void within_the_grace_the_same_token_has_the_same_successor_and_that_works() throws Exception {
    String first = refreshToken();
    Queue<HttpResponse<String>> answers = atOnce(8, () -> refresh(first));
    List<String> successors = new ArrayList<>();
    for (HttpResponse<String> answer : answers) {
      successors.add(refreshOf(answer));
    }

    assertThat(successors).containsOnly(successors.getFirst());
    served.clock.pass(Duration.ofMinutes(9));
    refreshOf(refresh(successors.getFirst()));
  }

  @Test
  void there_is_no_grace_once_the_successor_was_used() throws Exception {
    String first = refreshToken();
    String second = refreshOf(refresh(first));
    String third = refreshOf(refresh(second));

    isRefused(refresh(first), "invalid_grant");
    isRefused(refresh(third), "invalid_grant");
  }

  @Test
  void a_refresh_token_of_another_client_ends_its_family() throws Exception {
    String token = refreshToken();

    isRefused(token(Pkce.forRefresh("somebody", token)), "invalid_grant");
    isRefused(refresh(token), "invalid_grant");
  }

  @Test
  void a_refresh_token_nobody_uses_is_over_after_30_days_and_any_after_90() throws Exception {
    String unused = refreshToken();
    String token = refreshToken();
    for (int day = 29; day < 90; day += 29) {
      served.clock.pass(Duration.ofDays(29));
      token = refreshOf(refresh(token));
    }

    isRefused(refresh(unused), "invalid_grant");
    served.clock.pass(Duration.ofDays(3));
    isRefused(refresh(token), "invalid_grant");
  }

  @Test
  void a_refresh_token_is_for_its_resource() throws Exception {
    Map<String, String> form = Pkce.forRefresh(Served.KNOWN, refreshToken());
    form.put("resource", served.issuer + "/other");

    isRefused(token(form), "invalid_target");
    form.put("resource", served.resource());
    refreshOf(token(form));
  }

  @Test
  void what_is_no_request_for_tokens_gets_none() throws Exception {
    isRefused(token(Map.of("client_id", Served.KNOWN)), "invalid_request");
    isRefused(
        token(Map.of("client_id", Served.KNOWN, "grant_type", "password", "username", "ada")),
        "unsupported_grant_type");
    isRefused(
        token(Map.of("client_id", Served.KNOWN, "grant_type", "authorization_code")),
        "invalid_request");
    isRefused(
        token(Map.of("client_id", Served.KNOWN, "grant_type", "refresh_token")), "invalid_request");
    assertThat(token(Map.of("grant_type", "refresh_token")).statusCode()).isEqualTo(401);
    isRefused(served.postJson("/signin/token", "{}"), "invalid_request");
    assertThat(served.get("/signin/token").statusCode()).isEqualTo(405);
  }

  @Test
  void too_much_of_anything_is_refused() throws Exception {
    Map<String, String> form = forCode(code());
    form.put("x", "y".repeat(20_000));
    HttpResponse<String> large = token(form);
    assertThat(large.statusCode()).isEqualTo(413);

    Map<String, String> many = forCode(code());
    for (int i = 0; i < 41; i++) {
      many.put("x" + i, "y");
    }
    isRefused(token(many), "invalid_request");
  }

  @Test
  void one_peer_cannot_ask_without_end() throws Exception {
    HttpResponse<String> last = refresh("guessed");
    for (int i = 0; i < 300 && last.statusCode() != 429; i++) {
      last = refresh("guessed");
    }

    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.headers().firstValue("Retry-After")).isPresent();
    served.clock.pass(Duration.ofMinutes(1));
    isRefused(refresh("guessed"), "invalid_grant");
  }

  @Test
  void when_its_file_cannot_be_used_nobody_gets_anything() throws Exception {
    Map<String, String> request = Pkce.request(served, Served.KNOWN, Served.CALLBACK);
    String token = refreshToken();
    assertThat(browser.ask(request).statusCode()).isEqualTo(200);

    served.signIn.close();

    HttpResponse<String> answer = refresh(token);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(json(answer).string("error")).contains("temporarily_unavailable");
    assertThat(answer.body()).doesNotContain("signin.db", "sqlite", "Exception");
    HttpResponse<String> page = browser.ask(request);
    assertThat(page.statusCode()).isEqualTo(503);
    assertThat(page.body()).contains("The server is busy").doesNotContain("name=\"ticket\"");
  }
}
