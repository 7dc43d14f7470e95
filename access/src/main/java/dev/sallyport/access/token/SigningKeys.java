package dev.sallyport.access.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The public keys of an issuer that signatures can be checked with (RFC 7517). A key fits a token
 * by its {@code kid}, its kind and, where it has one, its {@code alg}; nothing that stands in a
 * token ever is a key. Immutable and thread-safe.
 */
final class SigningKeys {
  /** For tokens that do not name their key. */
  private static final int MOST_TRIED = 8;

  private static final int MOST_KEYS = 100;
  private static final int LEAST_RSA_BITS = 2_048;

  /** A signature costs the square of it to check, and grows with the exponent. */
  private static final int MOST_RSA_BITS = 8_192;

  private static final int MOST_EXPONENT_BITS = 64;
  private static final JsonBounds BOUNDS = new JsonBounds(16, 100, 1_000, 100_000);

  private final List<Key> keys;

  private SigningKeys(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  private record Key(Optional<String> id, Optional<String> algorithm, JWSVerifier verifier) {
    boolean fits(Optional<String> wanted, String of) {
      return (wanted.isEmpty() || wanted.equals(id))
          && algorithm.map(of::equals).orElse(true)
          && verifier.supportedJWSAlgorithms().contains(JWSAlgorithm.parse(of));
    }
  }

  /**
   * Empty when the document is none, or no key in it can be used here. One that cannot costs the
   * others nothing.
   */
  static Optional<SigningKeys> read(byte[] document) {
    List<Key> keys =
        listed(document).stream()
            .map(SigningKeys::usable)
            .flatMap(Optional::stream)
            .limit(MOST_KEYS)
            .toList();
    return keys.isEmpty() ? Optional.empty() : Optional.of(new SigningKeys(keys));
  }

  private static List<Json> listed(byte[] document) {
    try {
      return Json.parse(document, BOUNDS)
          .asObject()
          .flatMap(set -> set.array("keys"))
          .orElse(List.of());
    } catch (JsonException notASet) {
      return List.of();
    }
  }

  private static Optional<Key> usable(Json listed) {
    try {
      JWK key = JWK.parse(listed.text());
      return verifier(key)
          .map(
              made ->
                  new Key(
                      Optional.ofNullable(key.getKeyID()),
                      Optional.ofNullable(key.getAlgorithm()).map(Object::toString),
                      made));
    } catch (ParseException | JOSEException | RuntimeException ofAKindWeDoNotHave) {
      return Optional.empty(); // the parser throws several of the last, also for null
    }
  }

  private static Optional<JWSVerifier> verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa when isToSign(key) && isOfSensibleSize(rsa.toRSAPublicKey()) ->
          Optional.of(new RSASSAVerifier(rsa.toRSAPublicKey()));
      case ECKey ec when isToSign(key) -> Optional.of(new ECDSAVerifier(ec.toECPublicKey()));
      default -> Optional.empty();
    };
  }

  /** What its issuer does not say it takes as said (RFC 7517 sections 4.2 and 4.3). */
  private static boolean isToSign(JWK key) {
    return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  private static boolean isOfSensibleSize(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    return bits >= LEAST_RSA_BITS
        && bits <= MOST_RSA_BITS
        && key.getPublicExponent().bitLength() <= MOST_EXPONENT_BITS;
  }

  /** Whether one of them could have signed it. */
  boolean has(SignedToken token) {
    return fitting(token).findAny().isPresent();
  }

  /** Whether one of them did. */
  boolean verify(SignedToken token) {
    JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm(token)));
    Base64URL signature = Base64URL.encode(token.signature());
    return fitting(token)
        .limit(MOST_TRIED)
        .anyMatch(key -> verifies(key.verifier(), header, token.signed(), signature));
  }

  private Stream<Key> fitting(SignedToken token) {
    Optional<String> id = token.header().string("kid");
    String algorithm = algorithm(token);
    return keys.stream().filter(key -> key.fits(id, algorithm));
  }

  private static String algorithm(SignedToken token) {
    return token.header().string("alg").orElse("none");
  }

  private static boolean verifies(
      JWSVerifier verifier, JWSHeader header, byte[] signed, Base64URL signature) {
    try {
      return verifier.verify(header, signed, signature);
    } catch (JOSEException notWithThisKey) {
      return false;
    }
  }
}
