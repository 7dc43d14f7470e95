package dev.sallyport.signin;

import java.util.List;

/**
 * A client that the operator has named.
 *
 * @param id any text that is no URL
 * @param name for people
 * @param redirects https, or http to this computer; there the port may differ (RFC 8252, 7.3)
 */
public record KnownClient(String id, String name, List<String> redirects) {
  public KnownClient {
    redirects = List.copyOf(redirects);
    if (id.isEmpty() || redirects.isEmpty() || !redirects.stream().allMatch(RedirectUri::isSound)) {
      throw new IllegalArgumentException(
          "a client has an id, and redirects that are https, or http to this computer");
    }
  }
}
