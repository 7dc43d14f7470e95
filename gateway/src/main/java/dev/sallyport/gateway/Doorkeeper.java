package dev.sallyport.gateway;

import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.downstream.CallerCheck;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Knows what opens each route, and what a route publishes of that. Immutable. */
final class Doorkeeper {
  private final Credentials credentials;
  private final Optional<URI> publicUrl;
  private final CallerCheck nobodyAsked;

  /**
   * @param publicUrl of the gateway, when there is one
   * @param nobodyAsked for a gateway that asks for no credentials
   */
  Doorkeeper(Credentials credentials, Optional<URI> publicUrl, UncheckedLocal nobodyAsked) {
    this.credentials = credentials;
    this.publicUrl = publicUrl;
    this.nobodyAsked = nobodyAsked;
  }

  ProtectedResource resource(Route route) {
    List<String> issuers = credentials.tokens().map(AccessTokens::issuers).orElse(List.of());
    return new ProtectedResource(
        route.endpoint().path(), publicUrl, issuers, route.scopes().always());
  }

  CallerCheck check(ProtectedResource resource) {
    return credentials.areAskedFor() ? new BearerCheck(credentials, resource) : nobodyAsked;
  }
}
