package dev.sallyport.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.Secret;
import dev.sallyport.access.token.TokenVerdict.Fault;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Scopes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a token must say and may not, with a provider on a real socket. */
@Timeout(60)
final class TokenRulesTest {
  private static final String OTHER = "https://other.test/mcp";

  @Test
  void a_token_for_this_resource_says_who_calls() throws IOException {
    try (Door door = Door.open()) {
      Identity known = door.taken(door.token().signedBy(Door.RSA));
      assertThat(known.caller()).isEqualTo(new Caller(door.provider.url(), "ann", "app"));
      assertThat(known.claims().scopes()).isEqualTo(new Scopes.Only(Set.of("mcp:read")));
      assertThat(known.claims().expires()).contains(door.time.instant().plusSeconds(300));
      assertThat(door.taken(door.token().signedBy(Door.EC))).isEqualTo(known);
    }
  }

  @Test
  void a_token_that_is_bound_to_a_key_of_its_client_is_no_bearer_token() throws IOException { // T10
    try (Door door = Door.open()) {
      JsonObject bound = JsonObject.of("jkt", Json.of("x"));
      door.refused(door.token().claim("cnf", bound.toJson()).signedBy(Door.RSA), Fault.TYPE);
      door.taken(door.token().claim("conf", bound.toJson()).signedBy(Door.RSA));
    }
  }

  @Test
  void the_audience_is_this_resource_alone_or_in_a_list_and_nothing_that_only_begins_like_it()
      throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      door.taken(token.audiences(OTHER, Door.RESOURCE).signedBy(Door.EC));
      door.taken(token.claim("aud", Door.RESOURCE + "/").signedBy(Door.EC)); // 4-T36
      for (String other :
          List.of(
              OTHER,
              "https://gw.test/other",
              Door.RESOURCE + ".evil",
              Door.RESOURCE + "/admin",
              Door.RESOURCE + "//",
              Door.RESOURCE + "?a=b",
              "https://gw.test/",
              "https://gw.test",
              "HTTPS://gw.test/mcp",
              "https://GW.test/mcp",
              "https://gw.test:443/mcp",
              "http://gw.test/mcp",
              " " + Door.RESOURCE,
              "")) {
        door.refused(token.claim("aud", other).signedBy(Door.EC), Fault.AUDIENCE);
      }
      door.refused(token.audiences().signedBy(Door.EC), Fault.AUDIENCE);
      door.refused(
          token.audiences(OTHER, Door.RESOURCE + ".evil").signedBy(Door.EC), Fault.AUDIENCE);
      door.refused(token.without("aud").signedBy(Door.EC), Fault.AUDIENCE);
      Json object = JsonObject.EMPTY.with("0", Door.RESOURCE).toJson();
      door.refused(token.claim("aud", object).signedBy(Door.EC), Fault.AUDIENCE);
      door.refused(
          token.claim("aud", Json.arrayOf(List.of(object))).signedBy(Door.EC), Fault.AUDIENCE);
    }
  }

  @Test
  void a_token_that_is_known_is_still_for_its_own_resource_only() throws IOException {
    try (Door door = Door.open()) {
      String token = door.token().signedBy(Door.EC);
      door.taken(token);
      TokenVerdict elsewhere = door.tokens.check(new Secret(token), OTHER, Door.PEER);
      assertThat(elsewhere).isInstanceOf(TokenVerdict.Invalid.class);
      assertThat(((TokenVerdict.Invalid) elsewhere).fault()).isEqualTo(Fault.AUDIENCE);
      door.taken(token);
    }
  }

  @Test
  void another_audience_counts_where_the_operator_said_so() throws IOException {
    try (Door door = Door.open(issuer -> issuer.withAudiences(Set.of("api://mcp")))) {
      door.taken(door.token().claim("aud", "api://mcp").signedBy(Door.EC));
      door.refused(door.token().claim("aud", "api://mcp/").signedBy(Door.EC), Fault.AUDIENCE);
    }
  }

  @Test
  void no_algorithm_but_those_of_the_issuer_and_never_a_shared_secret() throws IOException {
    try (Door door = Door.open(issuer -> issuer.withAlgorithms(Set.of("RS256")))) {
      TokenText token = door.token();
      door.taken(token.signedBy(Door.RSA));
      door.refused(token.signedBy(Door.EC), Fault.ALGORITHM);
      for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
        JsonObject header = token.header("alg", none).header();
        door.refused(TestKey.unsigned(header, token.claims()), Fault.ALGORITHM);
        door.refused(TestKey.unsigned(header, token.claims()) + "AA", Fault.ALGORITHM);
      }
      JsonObject secret = token.header("alg", "HS256").header("kid", Door.RSA.id()).header();
      door.refused(Door.RSA.signAsSecret(secret, token.claims()), Fault.ALGORITHM);
      door.refused(token.header("alg", "rs256").signedBy(Door.RSA), Fault.ALGORITHM);
      door.refused(token.header("alg", Json.of(256)).signedBy(Door.RSA), Fault.ALGORITHM);
    }
  }

  @Test
  void a_secret_algorithm_cannot_even_be_allowed() throws IOException {
    try (Door door = Door.open()) {
      JsonObject header = door.token().header("alg", "RS256").header("kid", Door.RSA.id()).header();
      door.refused(Door.RSA.signAsSecret(header, door.token().claims()), Fault.SIGNATURE);
      door.refused(
          door.token().header("alg", "ES256").header("kid", Door.RSA.id()).signedBy(Door.EC),
          Fault.SIGNATURE);
    }
  }

  @Test
  void keys_in_the_token_are_no_keys_and_nobody_fetches_any() throws IOException {
    TestKey own = TestKey.ec("own");
    try (Door door = Door.open();
        ServerSocket canary = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
      String at = "http://127.0.0.1:" + canary.getLocalPort() + "/keys";
      TokenText token = door.token().header("kid", Door.EC.id());
      door.taken(token.header("jku", at).signedBy(Door.EC));
      for (TokenText forged :
          List.of(
              token.header("jwk", own.jwk().toJson()),
              token.header("jku", at),
              token.header("x5u", at),
              token.header("x5c", Json.arrayOf(List.of(Json.of("MIIB")))),
              token.header("jku", at).header("kid", "own"),
              token.header("jwk", own.jwk().toJson()).header("kid", "own"))) {
        door.refused(forged.signedBy(own), Fault.SIGNATURE);
      }
      canary.setSoTimeout(1);
      assertThat(hasVisitor(canary)).isFalse();
    }
  }

  private static boolean hasVisitor(ServerSocket canary) throws IOException {
    try {
      canary.accept().close();
      return true;
    } catch (SocketTimeoutException nobody) {
      return false;
    }
  }

  @Test
  void what_must_be_understood_and_is_not_makes_it_no_token() throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      door.taken(token.header("x-unknown", "fine").signedBy(Door.EC));
      Json names = Json.arrayOf(List.of(Json.of("exp")));
      door.refused(token.header("crit", names).signedBy(Door.EC), Fault.TYPE);
      door.refused(token.header("crit", Json.arrayOf(List.of())).signedBy(Door.EC), Fault.TYPE);
      door.refused(token.header("crit", Json.NULL).signedBy(Door.EC), Fault.TYPE);
      door.refused(token.header("b64", Json.FALSE).signedBy(Door.EC), Fault.TYPE);
    }
  }

  @Test
  void an_id_token_is_no_access_token() throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      for (String type : List.of("at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt")) {
        door.taken(token.header("typ", type).signedBy(Door.EC));
      }
      for (String type : List.of("JWT", "", "id+jwt", "logout+jwt", "at+jwt ", "at", "dpop+jwt")) {
        door.refused(token.header("typ", type).signedBy(Door.EC), Fault.TYPE);
      }
      door.refused(token.withoutHeader("typ").signedBy(Door.EC), Fault.TYPE);
      door.refused(
          token.header("typ", Json.arrayOf(List.of(Json.of("at+jwt")))).signedBy(Door.EC),
          Fault.TYPE);
    }
  }

  @Test
  void a_claim_tells_access_tokens_where_the_type_does_not() throws IOException {
    TypeRule bearer = new TypeRule.Claim("typ", Optional.of("Bearer"));
    try (Door door = Door.open(issuer -> issuer.withType(bearer))) {
      TokenText token = door.token().header("typ", "JWT");
      door.taken(token.claim("typ", "Bearer").signedBy(Door.EC));
      door.refused(token.claim("typ", "ID").signedBy(Door.EC), Fault.TYPE);
      door.refused(token.claim("typ", "Refresh").signedBy(Door.EC), Fault.TYPE);
      door.refused(token.signedBy(Door.EC), Fault.TYPE);
    }
    try (Door door =
        Door.open(issuer -> issuer.withType(new TypeRule.Claim("scp", Optional.empty())))) {
      TokenText token = door.token().header("typ", "JWT");
      door.taken(token.claim("scp", "any").signedBy(Door.EC));
      door.refused(token.claim("scp", "").signedBy(Door.EC), Fault.TYPE);
      door.refused(token.signedBy(Door.EC), Fault.TYPE);
    }
  }

  @Test
  void clocks_may_differ_by_a_minute_and_not_by_more() throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      Instant now = door.time.instant();
      door.taken(token.claim("exp", now.minusSeconds(30)).signedBy(Door.EC));
      door.taken(token.claim("exp", now.minusSeconds(59)).signedBy(Door.EC));
      door.refused(token.claim("exp", now.minusSeconds(60)).signedBy(Door.EC), Fault.EXPIRED);
      door.refused(token.claim("exp", now.minusSeconds(61)).signedBy(Door.EC), Fault.EXPIRED);
      for (String start : List.of("nbf", "iat")) {
        door.taken(token.claim(start, now.plusSeconds(60)).signedBy(Door.EC));
        door.refused(token.claim(start, now.plusSeconds(61)).signedBy(Door.EC), Fault.NOT_YET);
        door.refused(token.claim(start, "yesterday").signedBy(Door.EC), Fault.CLAIMS);
        door.refused(token.claim(start, Json.NULL).signedBy(Door.EC), Fault.CLAIMS);
        door.taken(token.without(start).signedBy(Door.EC));
      }
    }
  }

  @Test
  void a_token_without_a_sound_end_has_none() throws Exception {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      long later = door.time.instant().getEpochSecond() + 60;
      door.taken(token.claim("exp", Json.parse(later + ".5")).signedBy(Door.EC));
      door.refused(token.without("exp").signedBy(Door.EC), Fault.CLAIMS);
      for (String wrong :
          List.of("null", "\"" + later + "\"", "-1", "1e400", "1e12", "[" + later + "]", "true")) {
        door.refused(token.claim("exp", Json.parse(wrong)).signedBy(Door.EC), Fault.CLAIMS);
      }
    }
  }

  @Test
  void a_known_token_ends_when_it_says() throws IOException {
    try (Door door = Door.open()) {
      String token = door.token().signedBy(Door.EC);
      door.taken(token);
      door.time.advance(Duration.ofSeconds(359));
      door.taken(token);
      door.time.advance(Duration.ofSeconds(1));
      door.refused(token, Fault.EXPIRED);
    }
  }

  @Test
  void the_issuer_is_compared_byte_for_byte() throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      String name = door.provider.url();
      door.taken(token.signedBy(Door.EC));
      for (String other :
          List.of(
              name + "/",
              name.toUpperCase(Locale.ROOT),
              name.replace("team", "Team"),
              name.replace("127.0.0.1", "localhost"),
              name + "?",
              "")) {
        door.refused(token.claim("iss", other).signedBy(Door.EC), Fault.ISSUER);
      }
      door.refused(token.without("iss").signedBy(Door.EC), Fault.ISSUER);
      Json list = Json.arrayOf(List.of(Json.of(name)));
      door.refused(token.claim("iss", list).signedBy(Door.EC), Fault.ISSUER);
    }
  }

  @Test
  void one_issuer_signs_for_itself_alone_and_equal_subjects_are_different_people()
      throws IOException {
    TestKey first = TestKey.ec("same");
    TestKey second = TestKey.ec("same");
    try (AuthorizationServer other = AuthorizationServer.open(second)) {
      AuthorizationServer provider = AuthorizationServer.open(first);
      try (Door door = Door.of(provider, Door.issuer(provider.url()), Door.issuer(other.url()))) {
        TokenText ours = door.token();
        TokenText theirs = ours.claim("iss", other.url());
        Caller ann = door.taken(ours.signedBy(first)).caller();
        Caller elsewhere = door.taken(theirs.signedBy(second)).caller();
        assertThat(ann.subject()).isEqualTo(elsewhere.subject());
        assertThat(ann).isNotEqualTo(elsewhere);
        door.refused(ours.signedBy(second), Fault.SIGNATURE);
        door.refused(theirs.signedBy(first), Fault.SIGNATURE);
      }
    }
  }

  @Test
  void a_token_without_a_subject_is_nobodys() throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      door.taken(token.claim("sub", "a".repeat(512)).signedBy(Door.EC));
      for (String wrong : List.of("", "a".repeat(513), "ann\nbob", "ann\u0000", "\u0085")) {
        door.refused(token.claim("sub", wrong).signedBy(Door.EC), Fault.CLAIMS);
      }
      door.refused(token.without("sub").signedBy(Door.EC), Fault.CLAIMS);
      door.refused(token.claim("sub", Json.of(1001)).signedBy(Door.EC), Fault.CLAIMS);
    }
  }

  @Test
  void scopes_come_as_text_or_list_under_the_first_name_that_is_there() throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token().without("scope");
      Json list = Json.arrayOf(List.of(Json.of("a"), Json.of("b c"), Json.of(7)));
      assertThat(scopes(door, token.claim("scp", list))).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(scopes(door, token.claim("scope", " x  y ").claim("scp", list)))
          .containsExactlyInAnyOrder("x", "y");
      assertThat(scopes(door, token)).isEmpty();
      assertThat(scopes(door, token.claim("scope", Json.of(7)))).isEmpty();
    }
  }

  @Test
  void a_scope_brings_what_it_includes_also_in_a_circle() throws IOException {
    Map<String, Set<String>> includes =
        Map.of(
            "admin", Set.of("write"), "write", Set.of("read"), "read", Set.of("admin2", "write"));
    try (Door door = Door.open(issuer -> issuer.withIncludes(includes))) {
      assertThat(scopes(door, door.token().claim("scope", "admin")))
          .containsExactlyInAnyOrder("admin", "write", "read", "admin2");
      assertThat(scopes(door, door.token().claim("scope", "admin2"))).containsExactly("admin2");
    }
  }

  private static Set<String> scopes(Door door, TokenText token) {
    return switch (door.taken(token.signedBy(Door.EC)).claims().scopes()) {
      case Scopes.Only(var granted) -> granted;
      case Scopes.Every _ -> throw new AssertionError("a token has no more than it says");
    };
  }

  @Test
  void what_is_said_twice_or_not_in_the_one_form_is_no_token() throws IOException {
    try (Door door = Door.open()) {
      TokenText token = door.token();
      String good = token.signedBy(Door.EC);
      String twice =
          TestKey.part(token.headerFor(Door.EC))
              + "."
              + TestKey.text(
                  ("{\"aud\":\"https://other.test\"," + token.claims().toJson().text().substring(1))
                      .getBytes(StandardCharsets.UTF_8));
      door.refused(twice + ".AAAA", Fault.MALFORMED);
      int dot = good.lastIndexOf('.');
      for (String wrong :
          List.of(
              good + "=",
              good + ".",
              good + "." + good,
              "." + good,
              good.substring(0, dot),
              good.substring(0, dot) + ".+/",
              good.replaceFirst("\\.", ".."),
              "e30.W10.AA",
              "bnVsbA.bnVsbA.AA",
              "")) {
        door.refused(wrong, Fault.MALFORMED);
      }
      door.taken(good);
    }
  }

  @Test
  void a_signature_is_of_every_byte() throws IOException {
    try (Door door = Door.open()) {
      String good = door.token().signedBy(Door.EC);
      String other = door.token().claim("sub", "bob").signedBy(Door.EC);
      int dot = good.lastIndexOf('.');
      String signature = other.substring(other.lastIndexOf('.'));
      door.refused(good.substring(0, dot) + signature, Fault.SIGNATURE);
      door.refused(good.substring(0, dot) + "." + TestKey.text(new byte[64]), Fault.SIGNATURE);
      door.refused(good.substring(0, dot) + "." + TestKey.text(new byte[3]), Fault.SIGNATURE);
      door.taken(good);
    }
  }

  @Test
  void a_verdict_says_nothing_of_what_the_token_says() throws IOException {
    try (Door door = Door.open()) {
      String marker = "m4rker";
      TokenText token = door.token().claim("sub", marker).claim("scope", marker);
      assertThat(SignedToken.read(token.signedBy(Door.EC)).orElseThrow().toString())
          .doesNotContain(marker);
      for (String refused :
          List.of(
              token.claim("aud", marker).signedBy(Door.EC),
              token.claim("iss", marker).signedBy(Door.EC),
              token.header("typ", marker).signedBy(Door.EC),
              token.header("alg", marker).signedBy(Door.EC),
              token.header("kid", marker).signedBy(Door.EC))) {
        assertThat(door.show(refused).toString()).doesNotContain(marker, refused);
      }
    }
  }
}
