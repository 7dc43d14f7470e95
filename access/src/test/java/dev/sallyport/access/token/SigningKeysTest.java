package dev.sallyport.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which published keys are taken for what. */
final class SigningKeysTest {
  private static final TestKey RSA = TestKey.rsa("rsa");
  private static final TestKey EC = TestKey.ec("ec");
  private static final TokenText TOKEN =
      TokenText.of("https://as.test", "https://gw.test/mcp", Instant.parse("2030-01-01T00:00:00Z"));

  private static Optional<SigningKeys> read(Json... keys) {
    return SigningKeys.read(JsonObject.of("keys", Json.arrayOf(List.of(keys))).toJson().toBytes());
  }

  private static boolean opens(SigningKeys keys, String token) {
    SignedToken read = SignedToken.read(token).orElseThrow();
    return keys.has(read) && keys.verify(read);
  }

  private static Json jwk(TestKey key) {
    return key.jwk().toJson();
  }

  @Test
  void keys_of_both_kinds_and_every_size_that_is_usual_verify() {
    for (TestKey key :
        List.of(
            RSA,
            EC,
            TestKey.rsa("big", 3_072),
            TestKey.ec("p384", "ES384", "secp384r1"),
            TestKey.ec("p521", "ES512", "secp521r1"))) {
      SigningKeys keys = read(jwk(key)).orElseThrow();
      assertThat(opens(keys, TOKEN.signedBy(key))).as(key.id()).isTrue();
      assertThat(opens(keys, TOKEN.signedByUnnamed(key))).as(key.id()).isTrue();
      assertThat(opens(keys, TOKEN.header("kid", "other").signedBy(key))).as(key.id()).isFalse();
    }
  }

  @Test
  void a_key_that_cannot_be_used_costs_the_others_nothing() {
    List<Json> broken =
        List.of(
            Json.NULL,
            Json.of("key"),
            JsonObject.EMPTY.toJson(),
            JsonObject.EMPTY.with("kty", "oct").with("k", "c2VjcmV0").toJson(),
            JsonObject.EMPTY.with("kty", "OKP").with("crv", "Ed25519").with("x", "AAAA").toJson(),
            JsonObject.EMPTY.with("kty", "LMS").toJson(),
            EC.jwk().with("crv", "P-384").toJson(),
            EC.jwk().with("crv", "P-999").toJson(),
            EC.jwk().with("crv", "secp256k1").toJson(),
            EC.jwk().with("x", "AQ").toJson(),
            EC.jwk().without("y").toJson(),
            EC.jwk().with("use", "enc").toJson(),
            EC.jwk().without("use").with("key_ops", texts("sign")).toJson(),
            RSA.jwk().with("n", "%%%").toJson(),
            RSA.jwk().with("x5c", texts("MIIB")).toJson(),
            jwk(TestKey.rsa("short", 1_024)),
            rsa(BigInteger.ONE.shiftLeft(16_383).add(BigInteger.ONE), BigInteger.valueOf(65_537)),
            rsa(BigInteger.ONE.shiftLeft(2_047).add(BigInteger.ONE), BigInteger.ONE),
            rsa(
                BigInteger.ONE.shiftLeft(2_047).add(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(2_000).add(BigInteger.ONE)));
    for (Json each : broken) {
      assertThat(read(each)).as(each.text()).isEmpty();
    }
    List<Json> all = new ArrayList<>(broken);
    all.add(EC.jwk().without("use").with("key_ops", texts("verify")).toJson());
    SigningKeys keys = read(all.toArray(new Json[0])).orElseThrow();
    assertThat(opens(keys, TOKEN.signedBy(EC))).isTrue();
  }

  private static Json texts(String text) {
    return Json.arrayOf(List.of(Json.of(text)));
  }

  private static Json rsa(BigInteger modulus, BigInteger exponent) {
    return JsonObject.EMPTY
        .with("kty", "RSA")
        .with("n", number(modulus))
        .with("e", number(exponent))
        .toJson();
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    byte[] unsigned = new byte[bytes.length - from];
    System.arraycopy(bytes, from, unsigned, 0, unsigned.length);
    return TestKey.text(unsigned);
  }

  @Test
  void a_key_is_for_the_algorithm_that_it_says_and_for_its_own_kind() {
    SigningKeys keys = read(RSA.jwk().with("alg", "RS512").toJson(), jwk(EC)).orElseThrow();
    assertThat(opens(keys, TOKEN.signedBy(EC))).isTrue();
    assertThat(opens(keys, TOKEN.signedBy(RSA))).isFalse();
    assertThat(opens(keys, TOKEN.header("kid", EC.id()).signedBy(RSA))).isFalse();
    assertThat(opens(keys, TOKEN.header("alg", "none").signedBy(EC))).isFalse();
    assertThat(opens(keys, TOKEN.header("alg", "ES384").signedBy(EC))).isFalse();
  }

  @Test
  void of_very_many_keys_the_first_hundred_count() {
    List<Json> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(EC.jwk().with("kid", "k" + i).toJson());
    }
    SigningKeys keys = read(many.toArray(new Json[0])).orElseThrow();
    assertThat(opens(keys, TOKEN.header("kid", "k99").signedBy(EC))).isTrue();
    assertThat(opens(keys, TOKEN.header("kid", "k100").signedBy(EC))).isFalse();
    assertThat(SigningKeys.read("{\"keys\":[".repeat(9_999).getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }

  @Test
  void a_set_that_says_something_twice_is_none() {
    String set = read(jwk(EC)).isPresent() ? "{\"keys\":[],\"keys\":[" + jwk(EC).text() + "]}" : "";
    assertThat(SigningKeys.read(set.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }
}
