package dev.sallyport.protocol;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Why a request is not carried out.
 *
 * @param reason the kind, which fixes the HTTP status
 * @param error what the peer is told; never input, internals or secrets
 * @param challenge the value of {@code WWW-Authenticate}, for {@link Reason#UNAUTHENTICATED} and
 *     {@link Reason#INSUFFICIENT_SCOPE}
 * @param scopes all that the operation needs, for {@link Reason#INSUFFICIENT_SCOPE}
 * @param retryAfter when it makes sense to come again
 * @param detail for our own records only
 */
public record Refusal(
    Reason reason,
    RpcError error,
    Optional<String> challenge,
    Set<String> scopes,
    Optional<Duration> retryAfter,
    String detail) {

  /** Stable names for records and counters. */
  public enum Reason {
    MALFORMED(400),
    UNAUTHENTICATED(401),
    FOREIGN_ORIGIN(403),
    FOREIGN_HOST(403),
    INSUFFICIENT_SCOPE(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    NOT_ACCEPTABLE(406),
    UNSUPPORTED_MEDIA_TYPE(415),
    TOO_MANY_REQUESTS(429),
    UNAVAILABLE(503);

    private final int httpStatus;

    Reason(int httpStatus) {
      this.httpStatus = httpStatus;
    }

    public int httpStatus() {
      return httpStatus;
    }
  }

  public static Refusal of(Reason reason, RpcError error, String detail) {
    return new Refusal(reason, error, Optional.empty(), Set.of(), Optional.empty(), detail);
  }

  /**
   * A refusal that no standard code describes. The code lies outside the range JSON-RPC keeps for
   * itself (JR-12): the HTTP status, positive.
   */
  public static Refusal of(Reason reason, String message) {
    return of(reason, RpcError.of(reason.httpStatus(), message), message);
  }

  /** RS-08, RS-10. */
  public static Refusal insufficientScope(Set<String> needed) {
    String told = "The access token does not have every scope that this needs";
    return new Refusal(
        Reason.INSUFFICIENT_SCOPE,
        RpcError.of(Reason.INSUFFICIENT_SCOPE.httpStatus(), told),
        Optional.empty(),
        Set.copyOf(needed),
        Optional.empty(),
        told);
  }

  public Refusal retryAfter(Duration wait) {
    return new Refusal(reason, error, challenge, scopes, Optional.of(wait), detail);
  }

  public Refusal challenge(String wwwAuthenticate) {
    return new Refusal(reason, error, Optional.of(wwwAuthenticate), scopes, retryAfter, detail);
  }
}
