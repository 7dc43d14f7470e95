package dev.sallyport.signin;

import dev.sallyport.access.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What follows on a refresh token: always the same, and known to nobody who has not our key. So an
 * answer can be given again without anything being kept that opens something. Thread-safe.
 */
final class Successors {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  Successors(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  Secret of(Secret token) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] next = mac.doFinal(token.reveal().getBytes(StandardCharsets.UTF_8));
      return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(next));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC", e);
    }
  }
}
