package dev.sallyport.access.token;

import dev.sallyport.transport.outbound.HttpUrl;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An identity provider whose access tokens are taken, as the operator described it.
 *
 * @param name its identifier: the URL that tokens have as {@code iss}, compared byte for byte
 * @param url the same, as a place to ask for its metadata
 * @param keys where its keys are; empty when its metadata say that
 * @param algorithms of signatures, by their names in RFC 7518; never those of a shared secret
 * @param audiences what tokens may be for, beside the very resource that they are shown to: for
 *     providers that have no resource indicators
 * @param introspection for its opaque tokens; without it, they are refused
 * @param includes scopes that come with others: of each, which ones
 */
public record Issuer(
    String name,
    HttpUrl url,
    Optional<HttpUrl> keys,
    Set<String> algorithms,
    Set<String> audiences,
    TypeRule type,
    ClaimNames claims,
    Map<String, Set<String>> includes,
    Optional<Introspection> introspection) {
  /** What can be checked here. */
  public static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  /** What is taken unless something else is said. */
  public static final Set<String> USUAL_ALGORITHMS = Set.of("RS256", "PS256", "ES256");

  public Issuer {
    algorithms = Set.copyOf(algorithms);
    audiences = Set.copyOf(audiences);
    includes = Map.copyOf(includes);
    if (algorithms.isEmpty() || !ALGORITHMS.containsAll(algorithms)) {
      throw new IllegalArgumentException("one algorithm at least, of " + ALGORITHMS);
    }
  }

  /** As RFC 9068 has it. */
  public static Issuer of(String name, HttpUrl url) {
    return new Issuer(
        name,
        url,
        Optional.empty(),
        USUAL_ALGORITHMS,
        Set.of(),
        new TypeRule.AtJwt(),
        ClaimNames.USUAL,
        Map.of(),
        Optional.empty());
  }

  public Issuer withKeys(HttpUrl at) {
    return new Issuer(
        name, url, Optional.of(at), algorithms, audiences, type, claims, includes, introspection);
  }

  public Issuer withAlgorithms(Set<String> other) {
    return new Issuer(name, url, keys, other, audiences, type, claims, includes, introspection);
  }

  public Issuer withAudiences(Set<String> other) {
    return new Issuer(name, url, keys, algorithms, other, type, claims, includes, introspection);
  }

  public Issuer withType(TypeRule other) {
    return new Issuer(
        name, url, keys, algorithms, audiences, other, claims, includes, introspection);
  }

  public Issuer withClaims(ClaimNames other) {
    return new Issuer(name, url, keys, algorithms, audiences, type, other, includes, introspection);
  }

  public Issuer withIncludes(Map<String, Set<String>> other) {
    return new Issuer(name, url, keys, algorithms, audiences, type, claims, other, introspection);
  }

  public Issuer withIntrospection(Introspection by) {
    return new Issuer(
        name, url, keys, algorithms, audiences, type, claims, includes, Optional.of(by));
  }
}
