package dev.sallyport.protocol;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a request is not carried out.
 *
 * @param reason the kind, which fixes the HTTP status
 * @param error what the peer is told; never input, internals or secrets
 * @param challenge the value of {@code WWW-Authenticate}, for {@link Reason#UNAUTHENTICATED}
 * @param retryAfter when it makes sense to come again
 * @param detail for our own records only
 */
public record Refusal(
    Reason reason,
    RpcError error,
    Optional<String> challenge,
    Optional<Duration> retryAfter,
    String detail) {

  /** Stable names for records and counters. */
  public enum Reason {
    MALFORMED(400),
    UNAUTHENTICATED(401),
    FOREIGN_ORIGIN(403),
    FOREIGN_HOST(403),
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
    return new Refusal(reason, error, Optional.empty(), Optional.empty(), detail);
  }

  /**
   * A refusal that no standard code describes. The code lies outside the range JSON-RPC keeps for
   * itself (JR-12): the HTTP status, positive.
   */
  public static Refusal of(Reason reason, String message) {
    return of(reason, RpcError.of(reason.httpStatus(), message), message);
  }

  public Refusal retryAfter(Duration wait) {
    return new Refusal(reason, error, challenge, Optional.of(wait), detail);
  }

  public Refusal challenge(String wwwAuthenticate) {
    return new Refusal(reason, error, Optional.of(wwwAuthenticate), retryAfter, detail);
  }
}
