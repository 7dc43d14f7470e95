package dev.sallyport.access;

import dev.sallyport.protocol.Caller;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of an access key. The key itself is not: it is shown once, when it is made.
 *
 * @param id names this one key; a new key of the same name has another
 * @param name whom it was made for; becomes the caller's subject
 * @param expires none when it lasts until it is revoked
 */
public record AccessKey(String id, String name, Instant created, Optional<Instant> expires) {
  /** The issuer of callers that come with a key. */
  public static final String ISSUER = "key";

  /** What the text of every key begins with. */
  static final String PREFIX = "sp_";

  /** Whether a credential is a key by its look, and so nobody's but ours to see. */
  public static boolean looksLikeOne(Secret credential) {
    return credential.reveal().startsWith(PREFIX);
  }

  public Caller caller() {
    return new Caller(ISSUER, name, id);
  }

  public boolean expiredAt(Instant now) {
    return expires.map(end -> !now.isBefore(end)).orElse(false);
  }
}
