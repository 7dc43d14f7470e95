package dev.sallyport.cli;

import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.transport.http.HttpEngine;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The access tokens that open one gateway, if any do: nothing of them is loaded otherwise. */
record GatewayTokens(Optional<AccessTokens> tokens) implements AutoCloseable {
  static GatewayTokens of(HttpEngine engine, List<Issuer> issuers) {
    return new GatewayTokens(
        issuers.isEmpty()
            ? Optional.empty()
            : Optional.of(AccessTokens.open(engine, issuers, Clock.systemUTC())));
  }

  @Override
  public void close() {
    tokens.ifPresent(AccessTokens::close);
  }
}
