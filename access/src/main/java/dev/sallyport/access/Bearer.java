package dev.sallyport.access;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the {@code Authorization} field of a request (RFC 6750 section 2.1) and asks the key ring
 * whose key it holds. Tokens in the query are never looked at (RS-05). Thread-safe.
 */
public final class Bearer {
  private static final int LONGEST = 16 * 1024;
  private static final Pattern CREDENTIALS =
      Pattern.compile("(?i:bearer) +([A-Za-z0-9\\-._~+/]+=*)");
  private static final Pattern SCHEME = Pattern.compile("(?i:bearer)( |$)");
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
    return authorization.size() == 1 && !SCHEME.matcher(authorization.getFirst()).lookingAt();
  }

  private static Optional<Secret> credentials(List<String> authorization) {
    if (authorization.size() != 1 || authorization.getFirst().length() > LONGEST) {
      return Optional.empty();
    }
    Matcher matcher = CREDENTIALS.matcher(authorization.getFirst());
    return matcher.matches() ? Optional.of(new Secret(matcher.group(1))) : Optional.empty();
  }

  private static Identity unknown(Refusal refusal, String challenge) {
    return new Identity.Unknown(refusal.challenge(challenge));
  }
}
