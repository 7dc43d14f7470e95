package dev.sallyport.signin;

import java.util.Set;

/**
 * What tokens can be for.
 *
 * @param url as it is published in its metadata (RFC 9728)
 * @param scopes that it knows; all others are left out of what is granted
 * @param usual of these, what a client gets that asks for none
 */
public record Resource(String url, Set<String> scopes, Set<String> usual) {
  public Resource {
    scopes = Set.copyOf(scopes);
    usual = Set.copyOf(usual);
  }
}
