package dev.sallyport.cli.doctor;

import dev.sallyport.access.Secret;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.IssuerProbe.PublishedKey;
import dev.sallyport.access.token.TypeRule;
import dev.sallyport.cli.doctor.Step.Flaw;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a token says, beside what the server wants. Nothing is proved by it: a signature is for the
 * server to check. Tells the names of claims, and of values those of {@code iss}, {@code aud},
 * {@code exp} and {@code scope}.
 */
final class TokenPart {
  private static final Set<String> ONLY_OF_ID_TOKENS = Set.of("nonce", "at_hash", "c_hash");
  private static final TypeRule AT_JWT = new TypeRule.AtJwt();
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int MOST_NAMED = 40;

  private final Clock clock;

  TokenPart(Clock clock) {
    this.clock = clock;
  }

  /**
   * What it has to fit.
   *
   * @param keys of each issuer, where they could be had
   */
  record Wanted(
      String resource,
      List<String> issuers,
      Map<String, List<PublishedKey>> keys,
      Set<String> scopes) {}

  Step look(Optional<Secret> token, Wanted wanted) {
    if (token.isEmpty()) {
      return Step.leftOut(
          Step.Part.TOKEN,
          "none given: SALLYPORT_TOKEN=… in the environment, or --token-file FILE, goes on from"
              + " here");
    }
    return switch (ShownToken.of(token.get())) {
      case ShownToken.Key _ ->
          Step.leftOut(Step.Part.TOKEN, "an access key of a Sallyport: it has no issuer");
      case ShownToken.Opaque _ ->
          Step.leftOut(
              Step.Part.TOKEN,
              "opaque: nobody but its issuer can read it, and the server has to ask there (RFC"
                  + " 7662)");
      case ShownToken.Encrypted _ ->
          Step.leftOut(Step.Part.TOKEN, "encrypted: nobody but the server can read it (RFC 7516)");
      case ShownToken.Jwt(var header, var claims) -> compared(header, claims, wanted);
    };
  }

  private Step compared(JsonObject header, JsonObject claims, Wanted wanted) {
    List<Flaw> flaws = new ArrayList<>();
    kind(header, claims).ifPresent(flaws::add);
    algorithm(header).ifPresent(flaws::add);
    issuer(claims, wanted).ifPresent(flaws::add);
    audience(claims, wanted).ifPresent(flaws::add);
    time(claims).ifPresent(flaws::add);
    key(header, claims, wanted).ifPresent(flaws::add);
    return Step.of(Step.Part.TOKEN, told(header, claims, wanted), flaws);
  }

  /** RFC 8725 section 3.12. */
  private static Optional<Flaw> kind(JsonObject header, JsonObject claims) {
    String type = claims.string("typ").orElse("");
    if (AT_JWT.fits(header, JsonObject.EMPTY)) {
      return Optional.empty();
    }
    if (type.equals("ID") || claims.names().stream().anyMatch(ONLY_OF_ID_TOKENS::contains)) {
      return Optional.of(
          new Flaw(
              "it is an ID token",
              "RFC 9068 section 5, MCP authorization, Token Handling",
              "the client sends id_token in place of access_token"));
    }
    return Set.of("Refresh", "Offline").contains(type)
        ? Optional.of(
            new Flaw(
                "it is a refresh token",
                "RFC 6749 section 1.5",
                "the client sends refresh_token in place of access_token"))
        : Optional.empty();
  }

  private static Optional<Flaw> algorithm(JsonObject header) {
    return header.string("alg").filter(Issuer.ALGORITHMS::contains).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Flaw(
                "it is not signed by a public key (alg)",
                "RFC 8725 sections 3.1 and 3.2",
                "a shared secret (HS256) or no signature: choose RS256 or ES256 at the provider"));
  }

  private static Optional<Flaw> issuer(JsonObject claims, Wanted wanted) {
    Optional<String> issuer = claims.string("iss");
    if (wanted.issuers().isEmpty() || issuer.filter(wanted.issuers()::contains).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Flaw(
            "iss is " + issuer.orElse("not there") + ", and the server names others",
            "RFC 9068 section 4",
            otherIssuer(issuer.orElse(""), wanted.issuers())));
  }

  private static String otherIssuer(String issuer, List<String> wanted) {
    if (wanted.stream().anyMatch(each -> Same.butForASlash(each, issuer))) {
      return "a slash at the end, which counts: write the issuer as the token has it";
    }
    if (wanted.stream().anyMatch(each -> Same.butForTheScheme(each, issuer))) {
      return "http and https: the authorization server does not know its public URL";
    }
    return issuer.startsWith("https://sts.windows.net/")
        ? "a token of version 1 of Entra ID: set requestedAccessTokenVersion to 2 in the manifest"
            + " of the app"
        : "a token of another provider, realm or tenant";
  }

  private static Optional<Flaw> audience(JsonObject claims, Wanted wanted) {
    Set<String> audience = texts(claims, "aud");
    if (audience.contains(wanted.resource())) {
      return Optional.empty();
    }
    return Optional.of(
        new Flaw(
            "aud is "
                + (audience.isEmpty() ? "not there" : String.join(", ", audience))
                + ", and not "
                + wanted.resource(),
            "RFC 8707 section 2, MCP authorization, Token Audience Binding and Validation",
            otherAudience(claims, audience, wanted.resource())));
  }

  private static String otherAudience(JsonObject claims, Set<String> audience, String resource) {
    if (audience.stream().anyMatch(each -> Same.butForASlash(each, resource))) {
      return "a slash at the end; some servers take both";
    }
    if (audience.stream().anyMatch(each -> Same.butForTheScheme(each, resource))) {
      return "http and https: the resource is not the server's public URL";
    }
    Optional<String> client = claims.string("azp").or(() -> claims.string("client_id"));
    if (client.filter(audience::contains).isPresent()) {
      return "the audience is the client: an ID token, or a provider that was not told the"
          + " resource";
    }
    if (audience.isEmpty() || audience.equals(Set.of("account"))) {
      return "Keycloak without an audience mapper: add the resource to a scope of the client";
    }
    return audience.stream().anyMatch(each -> each.endsWith("/userinfo"))
        ? "Auth0 without an API of that audience: make one whose identifier is the resource"
        : "the client did not ask for the resource (RFC 8707), or the provider has no such thing"
            + " (Entra ID: api://…); of a Sallyport, name it in audiences";
  }

  private Optional<Flaw> time(JsonObject claims) {
    Instant now = clock.instant();
    Optional<Instant> expires = instant(claims, "exp");
    if (expires.isEmpty()) {
      return Optional.of(new Flaw("it has no end (exp)", "RFC 9068 section 2.2", "none is set"));
    }
    if (expires.get().plus(SKEW).isBefore(now)) {
      return Optional.of(
          new Flaw(
              "it has expired",
              "RFC 7519 section 4.1.4",
              "get another; if it is new, a clock is wrong"));
    }
    return List.of("nbf", "iat").stream()
        .filter(name -> instant(claims, name).filter(now.plus(SKEW)::isBefore).isPresent())
        .findFirst()
        .map(
            name ->
                new Flaw(
                    "it begins later (" + name + ")",
                    "RFC 7519 sections 4.1.5 and 4.1.6",
                    "the provider's clock is ahead of this one"));
  }

  private static Optional<Flaw> key(JsonObject header, JsonObject claims, Wanted wanted) {
    Optional<List<PublishedKey>> keys =
        claims.string("iss").flatMap(name -> Optional.ofNullable(wanted.keys().get(name)));
    Optional<String> id = header.string("kid");
    if (keys.isEmpty()
        || id.isEmpty()
        || keys.get().stream().anyMatch(key -> key.id().equals(id))) {
      return Optional.empty();
    }
    return Optional.of(
        new Flaw(
            "the key that it names (kid) is not among the issuer's",
            "RFC 7515 section 4.1.4, RFC 7517 section 4.5",
            header.has("nonce")
                ? "a token of Entra ID for Microsoft's own services, which nobody else can check:"
                    + " ask for a scope of your own app"
                : "the key was rotated out, or the token is of another realm or tenant"));
  }

  private String told(JsonObject header, JsonObject claims, Wanted wanted) {
    StringBuilder told = new StringBuilder("JWT");
    header
        .string("alg")
        .filter(Issuer.ALGORITHMS::contains)
        .ifPresent(a -> told.append(' ').append(a));
    told.append(AT_JWT.fits(header, JsonObject.EMPTY) ? ", at+jwt" : ", not typed at+jwt");
    told.append("; iss=").append(claims.string("iss").orElse("-"));
    told.append("; aud=").append(String.join(",", texts(claims, "aud")));
    instant(claims, "exp").ifPresent(end -> told.append("; exp=").append(end));
    Set<String> scopes = scopes(claims);
    told.append("; scope=").append(String.join(" ", scopes));
    Set<String> lacking = new TreeSet<>(wanted.scopes());
    lacking.removeAll(scopes);
    if (!lacking.isEmpty()) {
      told.append("; the server asks for more: ").append(String.join(" ", lacking));
    }
    told.append("; claims: ")
        .append(String.join(" ", claims.names().stream().limit(MOST_NAMED).toList()));
    return told.toString();
  }

  private static Set<String> scopes(JsonObject claims) {
    Set<String> scopes = new TreeSet<>();
    for (String name : List.of("scope", "scp")) {
      texts(claims, name).forEach(text -> scopes.addAll(Challenge.words(text)));
    }
    return scopes;
  }

  private static Set<String> texts(JsonObject claims, String name) {
    Set<String> texts = new TreeSet<>();
    claims.string(name).ifPresent(texts::add);
    claims.array(name).orElse(List.of()).stream()
        .limit(MOST_NAMED)
        .flatMap(each -> each.asString().stream())
        .forEach(texts::add);
    return texts;
  }

  /** A NumericDate, which may have a fraction (RFC 7519 section 2). */
  private static Optional<Instant> instant(JsonObject claims, String name) {
    return claims
        .get(name)
        .filter(value -> value.kind() == Json.Kind.NUMBER)
        .map(value -> Double.parseDouble(value.text()))
        .filter(seconds -> seconds >= 0 && seconds < 1e11)
        .map(seconds -> Instant.ofEpochSecond(seconds.longValue()));
  }
}
