package dev.sallyport.cli;

import dev.sallyport.access.Standing;
import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.protocol.Person;
import dev.sallyport.transport.http.HttpEngine;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The access tokens that open one gateway, if any do: nothing of them is loaded otherwise. */
record GatewayTokens(Optional<AccessTokens> tokens) implements AutoCloseable {
  /**
   * @param standing of people for whom issuers vouch
   */
  static GatewayTokens of(
      HttpEngine engine, List<Issuer> issuers, Function<Person, Standing> standing) {
    return new GatewayTokens(
        issuers.isEmpty()
            ? Optional.empty()
            : Optional.of(AccessTokens.open(engine, issuers, standing, Clock.systemUTC())));
  }

  @Override
  public void close() {
    tokens.ifPresent(AccessTokens::close);
  }
}
