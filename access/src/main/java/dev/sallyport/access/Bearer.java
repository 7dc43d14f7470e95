package dev.sallyport.access;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Optional;

/**
 * Reads the {@code Authorization} field of a request (RFC 6750 section 2.1) and asks the key ring
 * whose key it holds. Tokens in the query are never looked at (RS-05). Thread-safe.
 */
public final class Bearer {
  private static final int LONGEST = 16 * 1024;
  private static final String SCHEME = "bearer";
  private static final String CHALLENGE = "Bearer realm=\"sallyport\"";

  private final KeyRing keys;

  public Bearer(KeyRing keys) {
    this.keys = keys;
  }

  /** Who calls, or why nobody known does. */
  public sealed interface Identity {
    record Known(Caller caller) implements Identity {}

    record Unknown(Refusal refusal) implements Identity {}
  }

  /**
   * @param authorization every value of the field; more than one is refused, because two readers
   *     would pick different ones (T09)
   */
  public Identity identify(List<String> authorization) {
    if (authorization.isEmpty() || isOfAnotherScheme(authorization)) {
      return unknown(
          Refusal.of(
              Refusal.Reason.UNAUTHENTICATED,
              "An access key is needed: send \"Authorization: Bearer KEY\""),
          CHALLENGE);
    }
    Optional<Secret> presented = credentials(authorization);
    if (presented.isEmpty()) {
      String told = "Send exactly one \"Authorization: Bearer KEY\"";
      return unknown( // RS-08
          Refusal.of(Refusal.Reason.MALFORMED, RpcError.invalidRequest(told), told),
          CHALLENGE + ", error=\"invalid_request\"");
    }
    return presented
        .flatMap(keys::callerOf)
        .<Identity>map(Identity.Known::new)
        .orElseGet(
            () ->
                unknown(
                    Refusal.of(Refusal.Reason.UNAUTHENTICATED, "The access key is not valid here"),
                    CHALLENGE + ", error=\"invalid_token\""));
  }

  /** Says nothing that is meant for us, so it is as good as nothing. */
  private static boolean isOfAnotherScheme(List<String> authorization) {
    return authorization.size() == 1 && !isOfOurs(authorization.getFirst());
  }

  private static boolean isOfOurs(String value) {
    return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (value.length() == SCHEME.length() || value.charAt(SCHEME.length()) == ' ');
  }

  private static Optional<Secret> credentials(List<String> authorization) {
    if (authorization.size() != 1 || authorization.getFirst().length() > LONGEST) {
      return Optional.empty();
    }
    String value = authorization.getFirst();
    int from = SCHEME.length();
    while (from < value.length() && value.charAt(from) == ' ') {
      from++;
    }
    return isToken(value, from) ? Optional.of(new Secret(value.substring(from))) : Optional.empty();
  }

  /** The b64token of RFC 6750 section 2.1: the equals signs stand at its end. */
  private static boolean isToken(String value, int from) {
    int at = from;
    while (at < value.length() && isPlain(value.charAt(at))) {
      at++;
    }
    boolean some = at > from;
    while (at < value.length() && value.charAt(at) == '=') {
      at++;
    }
    return some && at == value.length();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~+/".indexOf(c) >= 0;
  }

  private static Identity unknown(Refusal refusal, String challenge) {
    return new Identity.Unknown(refusal.challenge(challenge));
  }
}
