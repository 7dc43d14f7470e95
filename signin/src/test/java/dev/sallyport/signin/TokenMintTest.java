package dev.sallyport.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.signin.store.GrantTable.Grant;
import dev.sallyport.signin.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenMintTest {
  @TempDir Path folder;
  private final MovableClock clock = new MovableClock();
  private final Chance chance = new Chance(new SecureRandom());

  private Store store() throws Exception {
    return Store.open(new DataDirectory(folder), clock);
  }

  private String token(TokenMint mint) throws Exception {
    Person person = new Person("p1", "ada", clock.instant());
    Grant grant = new Grant(person, "client", "https://a.example/cb", "read", "https://r/mcp");
    return mint.token("https://issuer.example", grant, "read").reveal();
  }

  private static List<JWK> keys(TokenMint mint) throws Exception {
    return JWKSet.parse(new String(mint.published(), StandardCharsets.UTF_8)).getKeys();
  }

  private static boolean isVerified(String token, TokenMint mint) throws Exception {
    SignedJWT read = SignedJWT.parse(token);
    for (JWK each : keys(mint)) {
      if (each.getKeyID().equals(read.getHeader().getKeyID())) {
        return read.verify(new ECDSAVerifier((ECKey) each));
      }
    }
    return false;
  }

  @Test
  void a_token_says_what_it_is_and_is_signed_by_a_key_that_is_published() throws Exception {
    try (Store store = store()) {
      TokenMint mint = TokenMint.open(store, clock, chance);
      String token = token(mint);

      assertThat(SignedJWT.parse(token).getHeader().getType()).hasToString("at+jwt");
      assertThat(SignedJWT.parse(token).getHeader().getAlgorithm()).hasToString("ES256");
      assertThat(isVerified(token, mint)).isTrue();
      assertThat(keys(mint)).noneMatch(JWK::isPrivate);
      assertThat(mint.published()).asString().doesNotContain("\"d\"");
    }
  }

  @Test
  void the_key_is_the_same_after_a_restart() throws Exception {
    String token;
    try (Store store = store()) {
      token = token(TokenMint.open(store, clock, chance));
    }
    try (Store store = store()) {
      assertThat(isVerified(token, TokenMint.open(store, clock, chance))).isTrue();
    }
  }

  @Test
  void a_key_is_replaced_after_30_days_and_published_until_its_last_token_is_over()
      throws Exception {
    try (Store store = store()) {
      TokenMint mint = TokenMint.open(store, clock, chance);
      clock.pass(Duration.ofDays(30).minusSeconds(1));
      String last = token(mint);
      clock.pass(Duration.ofSeconds(1));
      String first = token(mint);

      assertThat(keys(mint)).hasSize(2);
      assertThat(isVerified(first, mint)).isTrue();
      clock.pass(TokenMint.LIFE);
      assertThat(isVerified(last, mint)).isTrue();
      clock.pass(Duration.ofMinutes(1));
      assertThat(keys(mint)).hasSize(1);
      assertThat(isVerified(last, mint)).isFalse();
      assertThat(isVerified(first, mint)).isTrue();
    }
  }
}
