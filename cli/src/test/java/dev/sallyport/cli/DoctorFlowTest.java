package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.cli.doctor.SignInSite;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code doctor} says of a sound server, and of each way in which one can be unsound. */
final class DoctorFlowTest {
  private static final List<String> PARTS =
      List.of("challenge", "resource", "issuer", "keys", "clock", "token", "tools");

  @TempDir Path folder;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();
  private SignInSite site = SignInSite.opened();

  /**
   * A way to spoil it.
   *
   * @param part that is not well then
   * @param told what is said of it, the clause among it
   */
  record Fault(String name, Spoiling spoiling, String part, List<String> told) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Spoiling {
    void spoil(SignInSite site);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void a_sound_server_is_well_and_stops_at_the_token_that_is_not_there() {
    assertThat(doctor(Map.of())).isZero();
    assertThat(marks()).containsExactly("✓", "✓", "✓", "✓", "✓", "–", "–");
    assertThat(line("challenge")).contains("401, Bearer", "scope=mcp:read");
    assertThat(line("resource")).contains("resource=" + site.endpoint(), site.issuer());
    assertThat(line("issuer")).contains(SignInSite.ISSUER_AT, "dynamic registration");
    assertThat(line("keys")).contains("1 key for signatures: ES256");
    assertThat(line("token")).contains("SALLYPORT_TOKEN", "--token-file");
  }

  @Test
  void with_a_token_it_goes_to_the_tools_and_tells_few_claims() throws Exception {
    String token = site.token(SignInSite.header(), site.claims().with("email", "a@b.example"));
    site.take(token);
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", token))).isZero();
    assertThat(marks()).containsOnly("✓").hasSize(PARTS.size());
    assertThat(line("token"))
        .contains("iss=" + site.issuer(), "aud=" + site.endpoint(), "exp=20", "scope=mcp:read")
        .contains("claims: iss aud sub client_id scope iat exp email");
    assertThat(line("tools")).contains("speaks 2025-11-25", "1 tool");
    assertThat(all()).doesNotContain("somebody-7131", "client-9", "a@b.example");
    assertNothingOf(token);
  }

  @Test
  void a_token_of_a_file_is_as_good_and_a_file_that_is_none_is_misuse() throws Exception {
    String token = site.token(SignInSite.header(), site.claims());
    site.take(token);
    Path file = Files.writeString(folder.resolve("token"), token + "\n");
    assertThat(doctor(Map.of(), "--token-file", file.toString())).isZero();
    assertThat(marks()).containsOnly("✓");
    Files.writeString(file, "Bearer " + token);
    assertThat(doctor(Map.of(), "--token-file", file.toString())).isEqualTo(CliFault.USAGE);
    assertThat(all()).contains("holds no token");
    assertNothingOf(token);
    Path none = folder.resolve("none");
    assertThat(doctor(Map.of(), "--token-file", none.toString())).isEqualTo(CliFault.USAGE);
    assertThat(all()).contains("cannot read " + none);
  }

  private static Fault fault(String name, Spoiling spoiling, String part, String... told) {
    return new Fault(name, spoiling, part, List.of(told));
  }

  static Stream<Fault> faults() {
    return Stream.of(
        fault(
            "no WWW-Authenticate",
            site -> site.refuse(401, Optional.empty()),
            "challenge",
            "RFC 6750 section 3",
            "strips WWW-Authenticate"),
        fault(
            "another sign-in in front",
            site -> site.refuse(401, Optional.of("Basic realm=\"proxy\"")),
            "challenge",
            "asks for basic",
            "a sign-in of its own"),
        fault(
            "403 in place of 401",
            site -> site.refuse(403, Optional.empty()),
            "challenge",
            "HTTP 403 in place of 401",
            "Error Handling"),
        fault(
            "metadata at a place that is not asked",
            site ->
                site.refuse(
                    401, Optional.of("Bearer resource_metadata=\"http://10.0.0.1/secrets\"")),
            "resource",
            "not asked: http://10.0.0.1 is not https",
            "--allow http://10.0.0.1"),
        fault(
            "metadata nowhere",
            site -> {
              site.refuse(401, Optional.of("Bearer"));
              site.withdraw(SignInSite.RESOURCE_AT);
            },
            "resource",
            "RFC 9728 section 3.1",
            "/.well-known/oauth-protected-resource answers 404"),
        fault(
            "a document of the root",
            site -> {
              site.refuse(401, Optional.of("Bearer"));
              site.withdraw(SignInSite.RESOURCE_AT);
              site.publish(
                  "/.well-known/oauth-protected-resource",
                  JsonObject.of("resource", Json.of(site.url("")))
                      .with("authorization_servers", SignInSite.texts(site.issuer())));
            },
            "resource",
            "RFC 9728 section 3.3",
            "the document at the root is of another path"),
        fault(
            "a slash behind the resource",
            site -> site.changeResource(all -> all.with("resource", site.endpoint() + "/")),
            "resource",
            "RFC 9728 section 3.3",
            "a slash at the end"),
        fault(
            "a resource of the other scheme",
            site ->
                site.changeResource(
                    all -> all.with("resource", site.endpoint().replace("http:", "https:"))),
            "resource",
            "behind a proxy that encrypts"),
        fault(
            "an inner address as the resource",
            site -> site.changeResource(all -> all.with("resource", "http://app:8080/mcp")),
            "resource",
            "does not know its public URL"),
        fault(
            "no authorization server",
            site -> site.changeResource(all -> all.without("authorization_servers")),
            "resource",
            "RFC 9728 section 2",
            "names no authorization server"),
        fault(
            "a page in place of a document",
            site -> site.publishText(SignInSite.RESOURCE_AT, "text/html", "<html>"),
            "resource",
            "is no JSON"),
        fault(
            "an issuer with a slash",
            site -> site.changeMetadata(all -> all.with("issuer", site.issuer() + "/")),
            "issuer",
            "RFC 8414 section 3.3",
            "a slash at the end"),
        fault(
            "an issuer without its realm",
            site -> site.withdraw(SignInSite.ISSUER_AT),
            "issuer",
            "RFC 8414 section 3",
            "a realm (Keycloak)"),
        fault(
            "no PKCE in the metadata",
            site -> site.changeMetadata(all -> all.without("code_challenge_methods_supported")),
            "issuer",
            "Authorization Code Protection",
            "Entra ID"),
        fault(
            "PKCE without S256",
            site ->
                site.changeMetadata(
                    all -> all.with("code_challenge_methods_supported", SignInSite.texts("plain"))),
            "issuer",
            "without S256"),
        fault(
            "an endpoint in clear",
            site ->
                site.changeMetadata(all -> all.with("token_endpoint", "http://login.example/t")),
            "issuer",
            "token_endpoint is not https",
            "Communication Security"),
        fault(
            "keys at a place that is not asked",
            site ->
                site.changeMetadata(all -> all.with("jwks_uri", "https://169.254.169.254/keys")),
            "keys",
            "the metadata service of most clouds",
            "--allow https://169.254.169.254"),
        fault(
            "no keys",
            site -> site.withdraw(SignInSite.KEYS_AT),
            "keys",
            "/realm/jwks answers 404",
            "RFC 7517"),
        fault(
            "keys that make no sense",
            site ->
                site.publishText(
                    SignInSite.KEYS_AT,
                    "application/json",
                    """
                    {"keys": [1, {}, {"kty": "EC", "crv": "P-256", "x": "!", "y": "AA"},
                     {"kty": "RSA", "n": "", "e": "AQAB"}, {"kty": ["RSA"], "n": 7}]}\
                    """),
            "keys",
            "0 keys for signatures",
            "none of them can check a signature"),
        fault(
            "keys of no use",
            site ->
                site.publish(
                    SignInSite.KEYS_AT,
                    JsonObject.of(
                        "keys",
                        Json.arrayOf(
                            List.of(
                                JsonObject.of("kty", Json.of("oct"), "k", Json.of("c2VjcmV0"))
                                    .toJson())))),
            "keys",
            "none of them can check a signature",
            "a secret key is published"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void what_is_wrong_with_a_server_is_told_with_its_clause_and_likely_cause(Fault fault) {
    fault.spoiling().spoil(site);
    assertThat(doctor(Map.of())).isEqualTo(CliFault.FAILURE);
    assertThat(line(fault.part())).startsWith("✗");
    assertThat(about(fault.part())).contains(fault.told());
  }

  /**
   * A token that does not fit.
   *
   * @param told as of a {@link Fault}
   */
  record Misfit(String name, UnaryOperator<JsonObject> header, Claims claims, List<String> told) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Claims {
    JsonObject of(SignInSite site, JsonObject claims);
  }

  private static Misfit misfit(
      String name, UnaryOperator<JsonObject> header, Claims claims, String... told) {
    return new Misfit(name, header, claims, List.of(told));
  }

  static Stream<Misfit> misfits() {
    UnaryOperator<JsonObject> same = header -> header;
    return Stream.of(
        misfit(
            "another audience",
            same,
            (_, claims) -> claims.with("aud", "account"),
            "aud is account",
            "RFC 8707 section 2",
            "Keycloak without an audience mapper"),
        misfit(
            "the client as its audience",
            same,
            (_, claims) -> claims.with("aud", "client-9"),
            "the audience is the client"),
        misfit(
            "an audience with a slash",
            same,
            (site, claims) -> claims.with("aud", site.endpoint() + "/"),
            "a slash at the end"),
        misfit(
            "an issuer with a slash",
            same,
            (site, claims) -> claims.with("iss", site.issuer() + "/"),
            "RFC 9068 section 4",
            "a slash at the end"),
        misfit(
            "the first version of Entra ID",
            same,
            (_, claims) -> claims.with("iss", "https://sts.windows.net/1/"),
            "requestedAccessTokenVersion"),
        misfit(
            "over",
            same,
            (_, claims) -> claims.with("exp", Json.of(1_700_000_000L)),
            "it has expired",
            "RFC 7519 section 4.1.4"),
        misfit("without an end", same, (_, claims) -> claims.without("exp"), "no end (exp)"),
        misfit(
            "not yet good",
            same,
            (_, claims) -> claims.with("nbf", Json.of(4_000_000_000L)),
            "it begins later (nbf)"),
        misfit(
            "an ID token",
            header -> header.with("typ", "JWT"),
            (_, claims) -> claims.with("nonce", "n-1"),
            "it is an ID token",
            "in place of access_token"),
        misfit(
            "a refresh token",
            header -> header.with("typ", "JWT"),
            (_, claims) -> claims.with("typ", "Refresh"),
            "it is a refresh token"),
        misfit(
            "a shared secret",
            header -> header.with("alg", "HS256"),
            (_, claims) -> claims,
            "not signed by a public key",
            "RFC 8725"),
        misfit(
            "a key that is gone",
            header -> header.with("kid", "zeroth"),
            (_, claims) -> claims,
            "(kid) is not among the issuer's",
            "rotated out"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void what_is_wrong_with_a_token_is_told_with_its_clause_and_likely_cause(Misfit misfit)
      throws Exception {
    String token =
        site.token(
            misfit.header().apply(SignInSite.header()), misfit.claims().of(site, site.claims()));
    site.take(token); // so that nothing but the comparison finds it
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", token))).isEqualTo(CliFault.FAILURE);
    assertThat(line("token")).startsWith("✗").doesNotContain("zeroth");
    assertThat(about("token")).contains(misfit.told());
    assertNothingOf(token);
  }

  @Test
  void a_token_that_is_not_taken_is_told_with_what_the_server_says_but_for_the_token()
      throws Exception {
    String token = site.token(SignInSite.header(), site.claims());
    site.refuseTokens(
        401,
        Optional.of(
            "Bearer error=\"invalid_token\", error_description=\"bad " + token + " here\""));
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", token))).isEqualTo(CliFault.PERMISSION);
    assertThat(about("tools"))
        .contains("HTTP 401", "invalid_token: bad *** here", "RFC 6750 section 3.1", "its log");
    assertNothingOf(token);
  }

  @Test
  void a_proxy_that_strips_the_token_is_suspected() throws Exception {
    String token = site.token(SignInSite.header(), site.claims());
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", token))).isEqualTo(CliFault.PERMISSION);
    assertThat(about("tools")).contains("as if there were no token", "strips Authorization");
  }

  @Test
  void scopes_that_are_lacking_are_named() throws Exception {
    String token = site.token(SignInSite.header(), site.claims());
    site.refuseTokens(
        403, Optional.of("Bearer error=\"insufficient_scope\", scope=\"mcp:read mcp:write\""));
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", token))).isEqualTo(CliFault.PERMISSION);
    assertThat(about("tools")).contains("wants the scopes mcp:read mcp:write");
  }

  @Test
  void an_opaque_token_is_no_fault_until_it_is_not_taken() {
    site.take("opaque-9173");
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", "opaque-9173"))).isZero();
    assertThat(line("token")).startsWith("–").contains("opaque", "RFC 7662");
    site.refuseTokens(401, Optional.of("Bearer error=\"invalid_token\""));
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", "opaque-8264"))).isEqualTo(CliFault.PERMISSION);
    assertThat(about("tools")).contains("Auth0", "Google");
    assertThat(all()).doesNotContain("9173", "8264");
  }

  @Test
  void an_access_key_needs_nothing_published() {
    site.refuse(401, Optional.of("Bearer realm=\"sallyport\""));
    site.withdraw(SignInSite.RESOURCE_AT);
    site.take("sp_good1234");
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", "sp_good1234"))).isZero();
    assertThat(marks()).containsExactly("✓", "–", "✓", "–", "✓");
    site.refuseTokens(401, Optional.of("Bearer error=\"invalid_token\""));
    assertThat(doctor(Map.of("SALLYPORT_TOKEN", "sp_bad56789"))).isEqualTo(CliFault.PERMISSION);
    assertThat(about("tools")).contains("sallyport keys list");
    assertThat(all()).doesNotContain("good1234", "bad56789");
  }

  @Test
  void a_server_that_asks_nobody_is_no_fault() {
    site.refuse(200, Optional.empty());
    site.withdraw(SignInSite.RESOURCE_AT);
    assertThat(doctor(Map.of())).isZero();
    assertThat(line("challenge")).startsWith("–").contains("it asks nobody");
    assertThat(line("tools")).startsWith("✓").contains("1 tool");
  }

  @Test
  void a_server_that_is_not_there_ends_it() throws IOException {
    String url;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      url = "http://127.0.0.1:" + gone.getLocalPort() + "/mcp";
    }
    assertThat(run(Map.of(), "doctor", url)).isEqualTo(CliFault.UNAVAILABLE);
    assertThat(marks()).containsExactly("✗");
    assertThat(run(Map.of(), "doctor", site.url("/other"))).isEqualTo(CliFault.UNAVAILABLE);
    assertThat(about("challenge")).contains("HTTP 404", "the usual one is /mcp");
  }

  @Test
  void a_token_does_not_travel_in_clear_and_nothing_is_asked() {
    Map<String, String> token = Map.of("SALLYPORT_TOKEN", "sp_good1234");
    assertThat(run(token, "doctor", "http://192.0.2.1/mcp")).isEqualTo(CliFault.USAGE);
    assertThat(all()).contains("would travel in clear").doesNotContain("good1234");
    assertThat(run(token, "doctor", site.endpoint(), "--allow", "login")).isEqualTo(CliFault.USAGE);
    assertThat(all()).contains("--allow login is not a URL");
    assertThat(site.asked()).isEmpty();
  }

  @Test
  void the_same_is_one_object_of_json() throws JsonException {
    site.changeMetadata(all -> all.without("code_challenge_methods_supported"));
    assertThat(doctor(Map.of(), "--json")).isEqualTo(CliFault.FAILURE);
    List<String> lines = answers.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(1);
    JsonObject told = Json.parse(lines.getFirst()).asObject().orElseThrow();
    assertThat(told.string("url")).contains(site.endpoint());
    assertThat(told.get("ok")).contains(Json.FALSE);
    List<JsonObject> steps =
        told.array("steps").orElseThrow().stream()
            .flatMap(each -> each.asObject().stream())
            .toList();
    assertThat(steps).extracting(step -> step.string("step").orElseThrow()).isEqualTo(PARTS);
    assertThat(steps)
        .extracting(step -> step.string("state").orElseThrow())
        .containsExactly("ok", "ok", "failed", "ok", "ok", "skipped", "skipped");
    assertThat(steps.get(2).array("faults").orElseThrow().getFirst().text())
        .contains("\"clause\":\"MCP authorization, Authorization Code Protection\"");
  }

  // ---- helpers

  private int doctor(Map<String, String> environment, String... more) {
    return run(
        environment,
        Stream.concat(Stream.of("doctor", site.endpoint()), Stream.of(more))
            .toArray(String[]::new));
  }

  private int run(Map<String, String> environment, String... words) {
    answers.reset();
    remarks.reset();
    Screen screen =
        new Screen(
            new PrintStream(answers, true, StandardCharsets.UTF_8),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false);
    return Sallyport.run(
        new Sallyport.Surroundings(environment, folder.toString(), "somebody", screen), words);
  }

  private String all() {
    return answers.toString(StandardCharsets.UTF_8) + remarks.toString(StandardCharsets.UTF_8);
  }

  private void assertNothingOf(String token) {
    for (String part : token.split("\\.", -1)) {
      assertThat(all()).doesNotContain(part);
    }
  }

  private List<String> steps() {
    return answers
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(l -> !l.startsWith(" "))
        .toList();
  }

  private List<String> marks() {
    return steps().stream().map(step -> step.substring(0, 1)).toList();
  }

  private String line(String part) {
    return steps().stream()
        .filter(step -> step.substring(2).startsWith(part))
        .findFirst()
        .orElse("");
  }

  /** With all that is wrong with it. */
  private String about(String part) {
    List<String> about = new ArrayList<>();
    boolean in = false;
    for (String each : answers.toString(StandardCharsets.UTF_8).lines().toList()) {
      in = each.startsWith(" ") ? in : each.substring(2).startsWith(part);
      if (in) {
        about.add(each);
      }
    }
    return String.join("\n", about);
  }
}
