package dev.sallyport.access;

import java.util.List;
import java.util.Optional;

/**
 * Reads the {@code Authorization} field of a request (RFC 6750 section 2.1). Whose the credential
 * is, others know. Tokens in the query are never looked at (RS-05).
 */
public final class Bearer {
  private static final int LONGEST = 16 * 1024;
  private static final String SCHEME = "bearer";

  private Bearer() {}

  /** What the field holds. */
  public sealed interface Presented {
    /** Nothing that is meant for us. */
    record Nothing() implements Presented {}

    /** More than one, or none that is well-formed (RS-08). */
    record Malformed() implements Presented {}

    record Credential(Secret secret) implements Presented {}
  }

  /**
   * @param authorization every value of the field; more than one is malformed, because two readers
   *     would pick different ones (T09)
   */
  public static Presented read(List<String> authorization) {
    if (authorization.isEmpty() || isOfAnotherScheme(authorization)) {
      return new Presented.Nothing();
    }
    return credentials(authorization)
        .<Presented>map(Presented.Credential::new)
        .orElseGet(Presented.Malformed::new);
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
}
