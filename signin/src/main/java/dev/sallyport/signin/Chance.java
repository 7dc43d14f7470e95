package dev.sallyport.signin;

import dev.sallyport.access.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes what nobody can guess. Thread-safe. */
record Chance(SecureRandom random) {
  /** 256 bits, for what opens something. */
  Secret secret() {
    return new Secret(text(32));
  }

  /** 128 bits, for what is only not to be met twice. */
  String id() {
    return text(16);
  }

  private String text(int bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
  }

  byte[] bytes(int count) {
    byte[] fresh = new byte[count];
    random.nextBytes(fresh);
    return fresh;
  }

  /** What is kept of a secret. A plain hash will do, because nobody can try 256 bits. */
  static String hash(Secret secret) {
    return HexFormat.of().formatHex(secret.sha256());
  }
}
