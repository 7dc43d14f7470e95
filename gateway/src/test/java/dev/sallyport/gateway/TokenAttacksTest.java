package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Attacks on who is calling, over real sockets, each beside what is let in. Prints a table: {@code
 * ./mvnw -q -pl gateway -am test -Dtest=TokenAttacksTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Timeout(90)
final class TokenAttacksTest {
  private static final TestKey FORGER = TestKey.ec("forger");

  private final TokenDoor door;

  TokenAttacksTest() throws Exception {
    door = TokenDoor.open("/mcp", "/other");
  }

  @AfterEach
  void closeDoor() {
    door.close();
  }

  /**
   * @param id of the list of threats that the project keeps
   */
  private record Attack(String id, String name, Attempt attempt) {}

  /** Fails when the gateway does not do what it must. */
  private interface Attempt {
    void run() throws Exception;
  }

  @Test
  void every_attack_fails_and_every_twin_is_let_in() {
    List<String> table = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    Stream.of(audiences(), forgeries(), times(), presented(), scopes(), sessions(), outages())
        .flatMap(List::stream)
        .forEach(
            attack -> {
              String row = String.format(Locale.ROOT, "%-4s %s", attack.id(), attack.name());
              try {
                attack.attempt().run();
                table.add("PASS " + row);
              } catch (Exception | AssertionError e) {
                table.add("FAIL " + row);
                failed.add(row + ": " + e.getMessage());
              }
            });
    System.out.println(String.join("\n", table));
    assertThat(failed).isEmpty();
    assertThat(table).hasSizeGreaterThan(45);
  }

  // ---- what is expected

  private void taken(String token) throws Exception {
    HttpResponse<String> answer = door.call(token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"subject\":\"ann\"");
  }

  /** 401x of the test plan, and nothing gets through. */
  private void refused(String token) throws Exception {
    int before = door.upstreamCalls.get();
    HttpResponse<String> answer = door.call(token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactly(
            "Bearer realm=\"sallyport\", error=\"invalid_token\", scope=\"mcp:read\", "
                + metadata());
    assertThat(answer.body()).doesNotContain(door.provider.url(), "Exception");
    assertThat(door.upstreamCalls).hasValue(before);
  }

  private String metadata() {
    return "resource_metadata=\"" + door.url("/.well-known/oauth-protected-resource/mcp") + "\"";
  }

  private static List<Attack> attacks(Attack... all) {
    return List.of(all);
  }

  private Attack letIn(String id, String name, TokenText token) {
    return new Attack(id, name, () -> taken(token.signedBy(TokenDoor.EC)));
  }

  private Attack turnedAway(String id, String name, TokenText token) {
    return new Attack(id, name, () -> refused(token.signedBy(TokenDoor.EC)));
  }

  // ---- attacks

  private List<Attack> audiences() {
    TokenText token = door.token();
    String port = ":" + door.gateway.address().getPort();
    String tunnel = token.claim("aud", "http://localhost:9/mcp").signedBy(TokenDoor.EC);
    String local = token.claim("aud", "http://localhost" + port + "/mcp").signedBy(TokenDoor.EC);
    return attacks(
        letIn("T01", "twin: the route's own URL as audience", token),
        letIn(
            "T01",
            "twin: it is one of a list",
            token.audiences("https://a.test", door.url("/mcp"))),
        turnedAway(
            "T01", "the audience is another server", token.claim("aud", "https://a.test/mcp")),
        turnedAway("T01", "the audience is another route", token.claim("aud", door.url("/other"))),
        turnedAway(
            "T01", "the audience only begins alike", token.claim("aud", door.url("/mcp.evil"))),
        turnedAway("T01", "the audience is the whole host", token.claim("aud", door.url(""))),
        turnedAway("T01", "an empty list of audiences", token.audiences()),
        turnedAway("T01", "no audience", token.without("aud")),
        new Attack(
            "T01",
            "twin: dialled by another name of this machine",
            () ->
                assertThat(door.rawCall("localhost" + port, "Authorization: Bearer " + local))
                    .startsWith("HTTP/1.1 200")),
        new Attack(
            "T01",
            "a token for another port, and a Host that says it was dialled",
            () ->
                assertThat(door.rawCall("localhost:9", "Authorization: Bearer " + tunnel))
                    .startsWith("HTTP/1.1 401")),
        new Attack(
            "T01",
            "twin: the same token at the other route is for that route alone",
            () -> {
              String there = token.claim("aud", door.url("/other")).signedBy(TokenDoor.EC);
              assertThat(door.call("/other", "who", "Bearer " + there, Map.of()).statusCode())
                  .isEqualTo(200);
              assertThat(door.call("/other", "who", "Bearer " + door.good(), Map.of()).statusCode())
                  .isEqualTo(401);
            }));
  }

  private List<Attack> forgeries() {
    TokenText token = door.token();
    TokenText named = token.header("kid", TokenDoor.EC.id());
    JsonObject none = token.header("alg", "none").header();
    JsonObject secret = token.header("alg", "HS256").header("kid", TokenDoor.RSA.id()).header();
    String slash = door.provider.url() + "/";
    return attacks(
        new Attack("T03", "twin: signed with RSA", () -> taken(token.signedBy(TokenDoor.RSA))),
        new Attack("T03", "alg none", () -> refused(TestKey.unsigned(none, token.claims()))),
        new Attack(
            "T03",
            "the public key as a shared secret (HS256)",
            () -> refused(TokenDoor.RSA.signAsSecret(secret, token.claims()))),
        new Attack("T03", "signed by somebody else", () -> refused(named.signedBy(FORGER))),
        new Attack(
            "T03",
            "the key comes along (jwk)",
            () -> refused(named.header("jwk", FORGER.jwk().toJson()).signedBy(FORGER))),
        new Attack(
            "T03", "the key is elsewhere (jku), and nobody asks there", () -> elsewhere("jku")),
        new Attack("T03", "the same with x5u", () -> elsewhere("x5u")),
        turnedAway(
            "T03",
            "something that must be understood (crit)",
            token.header("crit", Json.arrayOf(List.of(Json.of("b64"))))),
        turnedAway("T04", "an ID token", token.header("typ", "JWT")),
        turnedAway("T06", "the issuer with a slash more", token.claim("iss", slash)),
        turnedAway(
            "T06",
            "the issuer in capitals",
            token.claim("iss", door.provider.url().toUpperCase(Locale.ROOT))),
        new Attack(
            "T06",
            "signed by another issuer whose key has the same name",
            () -> refused(token.signedBy(TokenDoor.ELSEWHERE))),
        new Attack("T18", "twin: equal subjects of two issuers are two callers", this::twoIssuers));
  }

  private void elsewhere(String field) throws Exception {
    try (ServerSocket canary = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
      String at = "http://127.0.0.1:" + canary.getLocalPort() + "/keys";
      refused(door.token().header("kid", TokenDoor.EC.id()).header(field, at).signedBy(FORGER));
      assertThat(hasVisitor(canary)).isFalse();
    }
  }

  private static boolean hasVisitor(ServerSocket canary) throws IOException {
    canary.setSoTimeout(1);
    try {
      canary.accept().close();
      return true;
    } catch (SocketTimeoutException nobody) {
      return false;
    }
  }

  private void twoIssuers() throws Exception {
    String theirs = door.token().claim("iss", door.other.url()).signedBy(TokenDoor.ELSEWHERE);
    assertThat(door.call(theirs).body())
        .contains("\"issuer\":\"" + door.other.url() + "\"", "\"subject\":\"ann\"");
    String session = door.session(door.good());
    assertThat(door.inSession(session, Optional.of(theirs)).statusCode()).isEqualTo(404);
  }

  private List<Attack> times() {
    TokenText token = door.token();
    Instant now = Instant.now();
    return attacks(
        letIn("T05", "twin: it ended half a minute ago", token.claim("exp", now.minusSeconds(30))),
        new Attack(
            "T05",
            "it ended 61 seconds ago, and its client is told so",
            () -> {
              String over = token.claim("exp", now.minusSeconds(61)).signedBy(TokenDoor.EC);
              refused(over);
              assertThat(door.call(over).body()).contains("expired");
            }),
        turnedAway("T05", "it has no end", token.without("exp")),
        turnedAway("T05", "it begins in two minutes", token.claim("nbf", now.plusSeconds(120))),
        turnedAway(
            "T05", "it will be issued in two minutes", token.claim("iat", now.plusSeconds(120))));
  }

  private List<Attack> presented() {
    return attacks(
        new Attack("1", "no token", this::withoutToken),
        new Attack("T08", "the token in the query", this::inTheQuery),
        new Attack(
            "T09",
            "two Authorization fields",
            () ->
                assertThat(twice("Authorization: Bearer " + door.good()))
                    .startsWith("HTTP/1.1 400")),
        new Attack(
            "T09",
            "two tokens in one field",
            () -> {
              String two = "Bearer " + door.good() + ", Bearer " + door.good();
              assertThat(door.call("/mcp", "who", two, Map.of()).statusCode()).isEqualTo(400);
            }),
        new Attack(
            "T09",
            "a token of 200 kB",
            () ->
                assertThat(door.rawCall(host(), "Authorization: Bearer " + "a".repeat(200_000)))
                    .doesNotContain("HTTP/1.1 200", "subject")),
        new Attack(
            "T09",
            "another scheme",
            () ->
                assertThat(door.call("/mcp", "who", "Basic " + door.good(), Map.of()).statusCode())
                    .isEqualTo(401)),
        new Attack(
            "T17",
            "twin: who somebody says they are changes nothing",
            () -> {
              Map<String, String> said =
                  Map.of(
                      "X-User", "root", "X-Forwarded-User", "root", "X-Auth-Request-Email", "root");
              assertThat(door.call("/mcp", "who", "Bearer " + door.good(), said).body())
                  .contains("\"subject\":\"ann\"", "\"client\":\"app\"");
            }));
  }

  private String host() {
    return "127.0.0.1:" + door.gateway.address().getPort();
  }

  private String twice(String field) throws IOException {
    return door.rawCall(host(), field, field);
  }

  private void withoutToken() throws Exception {
    int before = door.upstreamCalls.get();
    HttpResponse<String> answer = door.call("/mcp", "who", "", Map.of());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactly("Bearer realm=\"sallyport\", scope=\"mcp:read\", " + metadata());
    assertThat(door.upstreamCalls).hasValue(before);
  }

  private void inTheQuery() throws Exception {
    String token = door.good();
    HttpResponse<String> answer = door.call("/mcp?access_token=" + token, "who", "", Map.of());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body() + answer.headers().map()).doesNotContain(token);
  }

  private List<Attack> scopes() {
    TokenText token = door.token();
    return attacks(
        new Attack(
            "T13",
            "a token that may read calls what deletes",
            () -> needs(token, "delete_one", "mcp:read mcp:write")),
        new Attack(
            "T13",
            "two rules at once are told at once",
            () -> needs(token, "delete_all", "mcp:bulk mcp:read mcp:write")),
        new Attack(
            "T13",
            "one of two scopes is not enough, and both are told",
            () ->
                needs(
                    token.claim("scope", "mcp:read mcp:bulk"),
                    "delete_all",
                    "mcp:bulk mcp:read mcp:write")),
        new Attack(
            "T13",
            "without the scope of the route",
            () -> needs(token.without("scope"), "who", "mcp:read")),
        new Attack(
            "T13",
            "a scope that only begins alike",
            () -> needs(token.claim("scope", "mcp:readonly mcp"), "who", "mcp:read")),
        new Attack(
            "T14",
            "no more is told than the operation needs",
            () -> needs(token, "read_all", "mcp:bulk mcp:read")),
        new Attack("T13", "twin: with the scopes", () -> mayDelete("mcp:read mcp:write mcp:bulk")),
        new Attack("T13", "twin: with one that includes them", () -> mayDelete("admin")));
  }

  private void mayDelete(String scope) throws Exception {
    String token = door.token().claim("scope", scope).signedBy(TokenDoor.EC);
    assertThat(door.call("/mcp", "delete_all", "Bearer " + token, Map.of()).statusCode())
        .isEqualTo(200);
  }

  /** 403s of the test plan. */
  private void needs(TokenText token, String tool, String scopes) throws Exception {
    int before = door.upstreamCalls.get();
    HttpResponse<String> answer =
        door.call("/mcp", tool, "Bearer " + token.signedBy(TokenDoor.EC), Map.of());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactly(
            "Bearer realm=\"sallyport\", error=\"insufficient_scope\", scope=\""
                + scopes
                + "\", "
                + metadata());
    assertThat(door.upstreamCalls).hasValue(before);
  }

  private List<Attack> sessions() {
    TokenText token = door.token();
    return attacks(
        new Attack("28", "twin: a session goes on with a new token of its caller", this::newToken),
        new Attack("28", "somebody else's session", () -> trespass(token.claim("sub", "bob"))),
        new Attack(
            "T39",
            "the same user with another client",
            () -> trespass(token.claim("client_id", "b"))),
        new Attack(
            "T39",
            "a session without its token",
            () -> {
              String session = door.session(door.good());
              assertThat(door.inSession(session, Optional.empty()).statusCode()).isEqualTo(401);
            }),
        new Attack(
            "T13", "a weak token in a session that a strong one has opened", this::weakInSession));
  }

  private void newToken() throws Exception {
    String session = door.session(door.good());
    String next = door.token().claim("jti", "next").signedBy(TokenDoor.EC);
    assertThat(door.inSession(session, Optional.of(next)).statusCode()).isEqualTo(200);
  }

  private void trespass(TokenText other) throws Exception {
    String session = door.session(door.good());
    String token = other.signedBy(TokenDoor.EC);
    int before = door.upstreamCalls.get();
    HttpResponse<String> stolen = door.inSession(session, Optional.of(token));
    HttpResponse<String> invented = door.inSession("no-such-session", Optional.of(token));
    assertThat(stolen.statusCode()).isEqualTo(404);
    assertThat(stolen.body()).isEqualTo(invented.body());
    assertThat(door.upstreamCalls).hasValue(before);
  }

  private void weakInSession() throws Exception {
    TokenText token = door.token();
    String strong = token.claim("scope", "admin").signedBy(TokenDoor.EC);
    String session = door.session(strong);
    String delete =
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"delete_one\"}}";
    assertThat(door.inSession(session, Optional.of(strong), delete).statusCode()).isEqualTo(200);
    int before = door.upstreamCalls.get();
    HttpResponse<String> weak =
        door.inSession(session, Optional.of(token.signedBy(TokenDoor.EC)), delete);
    assertThat(weak.statusCode()).as(weak.body()).isEqualTo(403);
    assertThat(door.upstreamCalls).hasValue(before);
  }

  private List<Attack> outages() {
    return attacks(
        new Attack("T07", "a flood of made-up names of keys", this::flood),
        new Attack("T20", "the issuer is away, and nothing is said of it", this::away));
  }

  private void flood() throws Exception {
    String good = door.good();
    taken(good);
    int before = door.provider.keyHits();
    for (int i : IntStream.range(0, 300).toArray()) {
      String forged = door.token().header("kid", "made-up-" + i).signedBy(FORGER);
      assertThat(door.call(forged).statusCode()).isIn(401, 429);
    }
    assertThat(door.provider.keyHits() - before).isLessThanOrEqualTo(2);
    taken(good);
  }

  private void away() throws Exception {
    try (TokenDoor cold = TokenDoor.open("/mcp")) {
      cold.provider.answers(503);
      HttpResponse<String> answer = cold.call(cold.good());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.body() + answer.headers().map())
          .doesNotContain(cold.provider.url(), "realms", "Exception", "at io.", "at dev.");
      assertThat(cold.upstreamCalls).hasValue(0);
    }
  }
}
