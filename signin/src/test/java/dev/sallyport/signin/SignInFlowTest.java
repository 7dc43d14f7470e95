package dev.sallyport.signin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.DataDirectory;
import dev.sallyport.access.Secret;
import dev.sallyport.access.Standing;
import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.TokenVerdict;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Scopes;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.HttpUrl;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignInFlowTest {
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

  private static JsonObject json(HttpResponse<String> answer) throws Exception {
    return Json.parse(answer.body()).asObject().orElseThrow();
  }

  private JsonObject signedIn(Browser browser) throws Exception {
    String code = browser.codeFor(Pkce.request(served, Served.KNOWN, Served.CALLBACK));
    HttpResponse<String> answer =
        served.post("/signin/token", Pkce.forCode(Served.KNOWN, Served.CALLBACK, code));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  private static JsonObject claims(String token) throws Exception {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return Json.parse(new String(claims, UTF_8)).asObject().orElseThrow();
  }

  @Test
  void an_invited_person_signs_in_with_a_client_and_the_token_says_who_that_is() throws Exception {
    Browser browser = served.browserOf("Ada Lovelace");

    JsonObject tokens = signedIn(browser);

    assertThat(tokens.string("token_type")).contains("Bearer");
    assertThat(tokens.integer("expires_in")).hasValue(600);
    assertThat(tokens.string("scope")).contains("read write");
    JsonObject claims = claims(tokens.string("access_token").orElseThrow());
    Person person = served.signIn.people().list().getFirst();
    assertThat(claims.string("iss")).contains(served.issuer);
    assertThat(claims.string("sub")).contains(person.id());
    assertThat(claims.string("name")).contains("Ada Lovelace");
    assertThat(claims.string("aud")).contains(served.resource());
    assertThat(claims.string("client_id")).contains(Served.KNOWN);
    assertThat(claims.string("scope")).contains("read write");
    assertThat(claims.string("jti")).isPresent();
    assertThat(claims.integer("exp").orElseThrow() - claims.integer("iat").orElseThrow())
        .isEqualTo(600);
  }

  @Test
  void its_tokens_are_good_to_whoever_checks_them_for_that_resource_and_for_no_other()
      throws Exception {
    JsonObject tokens = signedIn(served.browserOf("ada"));
    Secret token = new Secret(tokens.string("access_token").orElseThrow());
    InetAddress peer = InetAddress.getLoopbackAddress();
    try (HttpEngine engine = HttpEngine.begin();
        AccessTokens checked =
            AccessTokens.open(
                engine,
                List.of(Issuer.of(served.issuer, HttpUrl.of(served.issuer).orElseThrow())),
                _ -> Standing.GOOD,
                served.clock)) {
      assertThat(checked.check(token, served.resource(), peer))
          .isInstanceOfSatisfying(
              TokenVerdict.Valid.class,
              valid -> {
                assertThat(valid.identity().claims().name()).contains("ada");
                assertThat(valid.identity().claims().scopes().lacking(Set.of("write"))).isEmpty();
                assertThat(valid.identity().claims().scopes()).isInstanceOf(Scopes.Only.class);
              });
      assertThat(checked.check(token, served.issuer + "/other", peer))
          .isInstanceOf(TokenVerdict.Invalid.class);
      served.clock.pass(Duration.ofMinutes(12));
      assertThat(checked.check(token, served.resource(), peer))
          .isInstanceOf(TokenVerdict.Invalid.class);
    }
  }

  @Test
  void the_metadata_name_the_issuer_byte_for_byte_and_what_it_can_do() throws Exception {
    HttpResponse<String> answer = served.get("/.well-known/oauth-authorization-server");

    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    JsonObject metadata = json(answer);
    assertThat(metadata.string("issuer")).contains(served.issuer);
    assertThat(metadata.string("authorization_endpoint"))
        .contains(served.issuer + "/signin/authorize");
    assertThat(metadata.get("code_challenge_methods_supported").orElseThrow().text())
        .isEqualTo("[\"S256\"]");
    assertThat(metadata.get("response_types_supported").orElseThrow().text())
        .isEqualTo("[\"code\"]");
    assertThat(metadata.get("client_id_metadata_document_supported")).contains(Json.TRUE);
    assertThat(metadata.get("authorization_response_iss_parameter_supported")).contains(Json.TRUE);
    assertThat(answer.body()).doesNotContain("offline_access");
    assertThat(served.signIn.metadata()).asString().isEqualTo(answer.body());
  }

  @Test
  void the_answer_says_which_issuer_it_is_from_and_has_the_state_as_it_came() throws Exception {
    Browser browser = served.browserOf("ada");
    Map<String, String> request = Pkce.request(served, Served.KNOWN, Served.CALLBACK);

    Map<String, String> yes =
        Browser.answer(browser.decide(Browser.ticket(browser.ask(request)), "allow"));
    Map<String, String> no =
        Browser.answer(browser.decide(Browser.ticket(browser.ask(request)), "deny"));

    assertThat(yes).containsOnlyKeys("code", "state", "iss");
    assertThat(yes).containsEntry("state", "the state & more").containsEntry("iss", served.issuer);
    assertThat(no).containsEntry("error", "access_denied").containsEntry("iss", served.issuer);
    assertThat(no).containsEntry("state", "the state & more").doesNotContainKey("code");
  }

  @Test
  void without_a_resource_the_only_one_is_meant_and_of_several_none() throws Exception {
    Browser browser = served.browserOf("ada");
    Map<String, String> request = Pkce.request(served, Served.KNOWN, Served.CALLBACK);
    request.remove("resource");

    assertThat(browser.ask(request).statusCode()).isEqualTo(200);
    served.resources.set(List.of(served.issuer + "/a", served.issuer + "/b"));
    assertThat(Browser.answer(browser.ask(request))).containsEntry("error", "invalid_target");
  }

  @Test
  void a_resource_that_is_not_served_gets_no_token() throws Exception {
    Browser browser = served.browserOf("ada");
    Map<String, String> request = Pkce.request(served, Served.KNOWN, Served.CALLBACK);
    request.put("resource", "https://elsewhere.example/mcp");

    assertThat(Browser.answer(browser.ask(request)))
        .containsEntry("error", "invalid_target")
        .containsEntry("iss", served.issuer);
  }

  @Test
  void a_refresh_token_gives_new_tokens_of_the_same_person_and_less_when_asked() throws Exception {
    JsonObject first = signedIn(served.browserOf("ada"));
    Map<String, String> refresh =
        Pkce.forRefresh(Served.KNOWN, first.string("refresh_token").orElseThrow());
    refresh.put("scope", "read");

    JsonObject second = json(served.post("/signin/token", refresh));

    assertThat(second.string("scope")).contains("read");
    assertThat(second.string("refresh_token")).isNotEqualTo(first.string("refresh_token"));
    assertThat(claims(second.string("access_token").orElseThrow()).string("sub"))
        .isEqualTo(claims(first.string("access_token").orElseThrow()).string("sub"));
  }

  @Test
  void more_than_was_granted_is_refused_and_costs_no_token() throws Exception {
    JsonObject first = signedIn(served.browserOf("ada"));
    Map<String, String> refresh =
        Pkce.forRefresh(Served.KNOWN, first.string("refresh_token").orElseThrow());
    refresh.put("scope", "read admin");

    assertThat(served.post("/signin/token", refresh).body()).contains("invalid_scope");
    refresh.remove("scope");
    assertThat(served.post("/signin/token", refresh).statusCode()).isEqualTo(200);
  }

  @Test
  void an_invite_works_once_and_for_a_day_and_looking_at_it_does_not_use_it_up() throws Exception {
    String path = served.signIn.people().invite("ada").path().reveal();
    String late = served.signIn.people().invite("late").path().reveal();
    Browser browser = new Browser(served);

    assertThat(browser.open(path).body()).contains("You are invited as ada");
    browser.accept(path);
    assertThat(browser.open(path).statusCode()).isEqualTo(404);
    assertThat(new Browser(served).submit(path, Map.of()).statusCode()).isEqualTo(404);
    served.clock.pass(Duration.ofHours(24));
    assertThat(new Browser(served).submit(late, Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void a_second_invite_of_a_name_is_another_browser_of_the_same_person() throws Exception {
    served.browserOf("ada");
    served.browserOf("ada");

    assertThat(served.signIn.people().list()).hasSize(1);
  }

  @Test
  void a_browser_is_forgotten_after_90_days() throws Exception {
    Browser browser = served.browserOf("ada");
    Map<String, String> request = Pkce.request(served, Served.KNOWN, Served.CALLBACK);

    served.clock.pass(Duration.ofDays(90).minusSeconds(1));
    assertThat(browser.ask(request).statusCode()).isEqualTo(200);
    served.clock.pass(Duration.ofSeconds(1));
    assertThat(browser.ask(request).statusCode()).isEqualTo(403);
  }

  @Test
  void who_is_revoked_has_neither_browser_nor_tokens_nor_invites_and_comes_back_as_another()
      throws Exception {
    Browser browser = served.browserOf("ada");
    JsonObject tokens = signedIn(browser);
    Person before = served.signIn.people().list().getFirst();
    String invite = served.signIn.people().invite("ada").path().reveal();
    String code = browser.codeFor(Pkce.request(served, Served.KNOWN, Served.CALLBACK));
    await(before.id(), true);

    assertThat(served.signIn.people().revoke("ada")).isTrue();

    await(before.id(), false);
    assertThat(browser.ask(Pkce.request(served, Served.KNOWN, Served.CALLBACK)).statusCode())
        .isEqualTo(403);
    assertThat(
            served
                .post(
                    "/signin/token",
                    Pkce.forRefresh(Served.KNOWN, tokens.string("refresh_token").orElseThrow()))
                .body())
        .contains("invalid_grant");
    assertThat(
            served.post("/signin/token", Pkce.forCode(Served.KNOWN, Served.CALLBACK, code)).body())
        .contains("invalid_grant");
    assertThat(new Browser(served).submit(invite, Map.of()).statusCode()).isEqualTo(404);
    served.browserOf("ada");
    assertThat(served.signIn.people().list().getFirst().id()).isNotEqualTo(before.id());
    assertThat(served.signIn.people().revoke("nobody")).isFalse();
  }

  /** It gets there behind the next job of the store. */
  private void await(String person, boolean known) throws Exception {
    for (int i = 0; i < 100 && served.signIn.knows(person) != known; i++) {
      served.signIn.people().list();
    }
    assertThat(served.signIn.knows(person)).isEqualTo(known);
  }

  @Test
  void a_client_can_take_its_refresh_token_back_and_no_other_can() throws Exception {
    String token = signedIn(served.browserOf("ada")).string("refresh_token").orElseThrow();
    Map<String, String> stranger = Map.of("client_id", "somebody", "token", token);
    Map<String, String> own = Map.of("client_id", Served.KNOWN, "token", token);

    assertThat(served.post("/signin/revoke", stranger).statusCode()).isEqualTo(200);
    JsonObject next = json(served.post("/signin/token", Pkce.forRefresh(Served.KNOWN, token)));
    assertThat(next.string("refresh_token")).isPresent();
    assertThat(served.post("/signin/revoke", own).statusCode()).isEqualTo(200);
    assertThat(
            served
                .post(
                    "/signin/token",
                    Pkce.forRefresh(Served.KNOWN, next.string("refresh_token").orElseThrow()))
                .body())
        .contains("invalid_grant");
  }

  @Test
  void what_it_remembers_is_for_its_owner_alone_and_has_no_secret_of_a_peer() throws Exception {
    JsonObject tokens = signedIn(served.browserOf("ada"));
    String invite = served.signIn.people().invite("bob").path().reveal();

    for (String name : List.of("signin.db", "signin.db-wal")) {
      Path file = folder.resolve(name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      String bytes = new String(Files.readAllBytes(file), ISO_8859_1);
      assertThat(bytes)
          .doesNotContain(tokens.string("refresh_token").orElseThrow())
          .doesNotContain(invite.substring(People.INVITE_PATH.length()));
    }
  }

  @Test
  void people_made_by_another_process_are_known_to_one_that_runs() throws Exception {
    try (People other = People.open(new DataDirectory(folder), served.clock, new SecureRandom())) {
      Browser browser = new Browser(served);
      browser.accept(other.invite("ada").path().reveal());
      assertThat(other.list()).extracting(Person::name).containsExactly("ada");
      assertThat(other.revoke("ada")).isTrue();
      assertThat(browser.ask(Pkce.request(served, Served.KNOWN, Served.CALLBACK)).statusCode())
          .isEqualTo(403);
    }
  }
}
