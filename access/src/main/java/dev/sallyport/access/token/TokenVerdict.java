package dev.sallyport.access.token;

import dev.sallyport.protocol.Identity;
import java.time.Duration;

/** What came of an access token. */
public sealed interface TokenVerdict {
  /** It is good here and now. */
  record Valid(Identity identity) implements TokenVerdict {}

  /**
   * It is not, and shown again it will not be either.
   *
   * @param detail one line for the operator, of the issuer's rules and never of the token's content
   */
  record Invalid(Fault fault, String detail) implements TokenVerdict {}

  /** Nobody can tell just now. */
  record Undecided(Cause cause, Duration retryAfter) implements TokenVerdict {}

  /** Which rule it breaks. */
  enum Fault {
    /** No JWT, or one that says something twice. */
    MALFORMED,
    /** Of nobody whose tokens are taken here. */
    ISSUER,
    /** Another kind of token, or what must be understood and is not. */
    TYPE,
    ALGORITHM,
    EXPIRED,
    NOT_YET,
    /** For somebody else. */
    AUDIENCE,
    /** Without a subject, or with claims of a wrong kind. */
    CLAIMS,
    /** Signed by nobody known, or not this. */
    SIGNATURE,
    /** Its issuer says that it is not, or not any more. */
    INACTIVE,
    /** Whom it is about has been shut out. */
    REVOKED
  }

  /** Why nobody can tell. */
  enum Cause {
    /** The issuer's keys cannot be had. */
    KEYS,
    /** The issuer does not say what its token is good for. */
    ISSUER,
    /** Who is revoked cannot be read. */
    STANDING,
    /** The peer has shown too many tokens that were not good. */
    PACE
  }
}
