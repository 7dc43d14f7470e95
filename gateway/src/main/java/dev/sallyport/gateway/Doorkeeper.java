package dev.sallyport.gateway;

import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.downstream.CallerCheck;
import java.util.List;

/** Knows what opens each route, and what a route publishes of that. Immutable. */
final class Doorkeeper {
  private final Credentials credentials;
  private final PublicOrigin origin;
  private final CallerCheck nobodyAsked;

  /**
   * @param origin under which clients reach it
   * @param nobodyAsked for a gateway that asks for no credentials
   */
  Doorkeeper(Credentials credentials, PublicOrigin origin, UncheckedLocal nobodyAsked) {
    this.credentials = credentials;
    this.origin = origin;
    this.nobodyAsked = nobodyAsked;
  }

  ProtectedResource resource(Route route) {
    List<String> issuers = credentials.tokens().map(AccessTokens::issuers).orElse(List.of());
    return new ProtectedResource(route.endpoint().path(), origin, issuers, route.scopes().always());
  }

  CallerCheck check(ProtectedResource resource) {
    return credentials.areAskedFor() ? new BearerCheck(credentials, resource) : nobodyAsked;
  }
}
