package dev.sallyport.gateway;

import dev.sallyport.access.KeyRing;
import dev.sallyport.access.token.AccessTokens;
import java.util.Optional;

/**
 * What opens a gateway. They stay their owner's to close, after the gateway.
 *
 * @param keys access keys that were made here
 * @param tokens access tokens of identity providers
 */
public record Credentials(Optional<KeyRing> keys, Optional<AccessTokens> tokens) {
  /** Everybody comes in as the local user, which {@link Exposure} allows on loopback only. */
  public static final Credentials NOT_ASKED_FOR =
      new Credentials(Optional.empty(), Optional.empty());

  public static Credentials of(KeyRing keys) {
    return new Credentials(Optional.of(keys), Optional.empty());
  }

  boolean areAskedFor() {
    return keys.isPresent() || tokens.isPresent();
  }
}
