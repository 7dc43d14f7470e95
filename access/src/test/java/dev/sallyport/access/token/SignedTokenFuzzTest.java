package dev.sallyport.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.transport.outbound.HttpUrl;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class SignedTokenFuzzTest {
  private static final String RESOURCE = "https://gw.test/mcp";
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Issuer STRICT =
      Issuer.of("https://as.test", HttpUrl.of("https://as.test").orElseThrow())
          .withIncludes(Map.of("a", Set.of("b"), "b", Set.of("a")));
  private static final Issuer LOOSE =
      STRICT
          .withAlgorithms(Issuer.ALGORITHMS)
          .withAudiences(Set.of("api"))
          .withType(new TypeRule.Claim("sub", Optional.empty()))
          .withClaims(
              new ClaimNames(
                  List.of("a.b", "scope"),
                  List.of("a", "groups"),
                  List.of("azp"),
                  List.of("name")));

  /** Whatever comes is read or refused. */
  @FuzzTest
  void reads(byte[] text) {
    Optional<SignedToken> read = SignedToken.read(new String(text, StandardCharsets.ISO_8859_1));
    read.ifPresent(SignedTokenFuzzTest::judge);
  }

  /** A header and claims, which a zero byte divides: what is taken has all that is asked for. */
  @FuzzTest
  void judges(byte[] parts) {
    int zero = 0;
    while (zero < parts.length && parts[zero] != 0) {
      zero++;
    }
    byte[] header = Arrays.copyOf(parts, zero);
    byte[] claims = Arrays.copyOfRange(parts, Math.min(zero + 1, parts.length), parts.length);
    SignedToken.read(TestKey.text(header) + "." + TestKey.text(claims) + ".AAAA")
        .ifPresent(SignedTokenFuzzTest::judge);
  }

  private static void judge(SignedToken token) {
    for (Issuer issuer : Set.of(STRICT, LOOSE)) {
      switch (new TokenRules(issuer).judge(token, RESOURCE, NOW)) {
        case TokenRules.Judgement.Sound(var read) -> {
          assertThat(read.audience()).containsAnyOf(RESOURCE, RESOURCE + "/", "api");
          assertThat(read.expires()).isAfter(NOW.minus(TokenRules.SKEW));
          assertThat(read.identity().caller().subject()).isNotEmpty().doesNotContain("\n", "\0");
          assertThat(issuer.algorithms()).contains(token.header().string("alg").orElseThrow());
          assertThat(token.header().has("crit")).isFalse();
        }
        case TokenRules.Judgement.Unsound(var why) -> assertThat(why.detail()).isNotEmpty();
      }
    }
  }
}
