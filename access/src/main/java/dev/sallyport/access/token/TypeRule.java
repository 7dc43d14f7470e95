package dev.sallyport.access.token;

import dev.sallyport.protocol.JsonObject;
import java.util.Optional;

/**
 * How an access token of an issuer is told from its other tokens, its ID tokens above all (RFC 8725
 * section 3.12). Immutable.
 */
public sealed interface TypeRule {
  /** The header says {@code at+jwt} (RFC 9068 section 2.1). */
  record AtJwt() implements TypeRule {}

  /**
   * For issuers that do not: a claim that only access tokens have.
   *
   * @param value what it must be; any text will do when there is none
   */
  record Claim(String name, Optional<String> value) implements TypeRule {}

  default boolean fits(JsonObject header, JsonObject claims) {
    return switch (this) {
      case AtJwt _ -> header.string("typ").filter(TypeRule::isAtJwt).isPresent();
      case Claim(var name, var value) ->
          claims
              .string(name)
              .filter(text -> !text.isEmpty() && value.map(text::equals).orElse(true))
              .isPresent();
    };
  }

  /** A media type, whose case does not count and whose beginning may be left out. */
  private static boolean isAtJwt(String type) {
    return type.equalsIgnoreCase("at+jwt") || type.equalsIgnoreCase("application/at+jwt");
  }
}
