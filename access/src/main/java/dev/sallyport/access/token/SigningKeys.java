package dev.sallyport.access.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
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

  /** Empty when the document is none, or no key in it can be used here. */
  static Optional<SigningKeys> read(byte[] document) {
    try {
      List<Key> keys = new ArrayList<>();
      for (JWK each : JWKSet.parse(new String(document, StandardCharsets.UTF_8)).getKeys()) {
        if (keys.size() < MOST_KEYS) {
          usable(each).ifPresent(keys::add);
        }
      }
      return keys.isEmpty() ? Optional.empty() : Optional.of(new SigningKeys(keys));
    } catch (ParseException notASet) {
      return Optional.empty();
    }
  }

  private static Optional<Key> usable(JWK key) {
    boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
    try {
      Optional<JWSVerifier> verifier =
          switch (key) {
            case RSAKey rsa when signs && rsa.size() >= LEAST_RSA_BITS ->
                Optional.of(new RSASSAVerifier(rsa.toRSAPublicKey()));
            case ECKey ec when signs -> Optional.of(new ECDSAVerifier(ec.toECPublicKey()));
            default -> Optional.empty();
          };
      return verifier.map(
          made ->
              new Key(
                  Optional.ofNullable(key.getKeyID()),
                  Optional.ofNullable(key.getAlgorithm()).map(Object::toString),
                  made));
    } catch (JOSEException ofAKindWeDoNotHave) {
      return Optional.empty();
    }
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
