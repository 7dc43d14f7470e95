package dev.sallyport.gateway.config;

import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.TypeRule;
import dev.sallyport.gateway.config.IssuersReader.Named;
import java.util.Optional;
import java.util.Set;

/** An identity provider in the words of a command line, judged as those of a file are. */
public sealed interface IssuerWords {
  record Sound(Issuer issuer) implements IssuerWords {}

  /**
   * @param key of a file, which says the same
   * @param why what would have been right instead
   */
  record Wrong(String key, String why) implements IssuerWords {}

  /**
   * @param accessTokens how those of this issuer are known
   */
  static IssuerWords read(String issuer, Set<String> audiences, String accessTokens) {
    Optional<Named> named = IssuersReader.ISSUER.parse(issuer);
    if (named.isEmpty()) {
      return new Wrong("issuer", IssuersReader.ISSUER.not(issuer));
    }
    for (String audience : audiences) {
      if (IssuersReader.AUDIENCE.parse(audience).isEmpty()) {
        return new Wrong("audience", IssuersReader.AUDIENCE.not(audience));
      }
    }
    Optional<TypeRule> type = IssuersReader.TYPE.parse(accessTokens);
    return type.isEmpty()
        ? new Wrong("access-tokens", IssuersReader.TYPE.not(accessTokens))
        : new Sound(
            Issuer.of(named.get().name(), named.get().url())
                .withAudiences(audiences)
                .withType(type.get()));
  }
}
