package dev.sallyport.access.token;

import dev.sallyport.transport.outbound.HttpUrl;

/**
 * Where an issuer tells what its opaque tokens are good for (RFC 7662), and as whom we ask.
 *
 * @param clientId of the client that is registered for us there
 * @param clientSecret of the same
 */
public record Introspection(HttpUrl url, String clientId, String clientSecret) {
  public Introspection {
    if (clientId.isEmpty() || clientSecret.isEmpty()) {
      throw new IllegalArgumentException("whoever asks says who they are");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "Introspection[" + url + ", " + clientId + "]";
  }
}
