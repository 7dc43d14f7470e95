package dev.sallyport.upstream.wire;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a call has no answer, though nobody gave it up.
 *
 * @param comeAgain how long the server wants to be left alone
 */
public record Breakdown(Kind kind, Optional<Duration> comeAgain) {

  /** The ways in which the way to a server can break. */
  public enum Kind {
    /** The server is gone; what the call had done is done. */
    DIED,
    /** The connection broke; whether the call had an effect is not known (T13). */
    LOST,
    /** The server never saw the call. */
    UNREACHED,
    /** The server has ended the session, so it did not look at the call (CL-03). */
    SESSION_OVER,
    /** The server does not accept who we say we are. Never the caller's to mend (3.3). */
    NOT_ADMITTED,
    /** The server has too much to do. */
    OVERLOADED,
    /** The server does not know what we say: it may be another release by now (VER). */
    UNKNOWN_HERE,
    /** What came is nothing that MCP knows. */
    NOT_MCP,
    /** The answer is larger than allowed. */
    TOO_LARGE,
    /** Beside the other answers that are on their way there is no room for this one. */
    TOO_MUCH_AT_ONCE
  }

  public static Breakdown of(Kind kind) {
    return new Breakdown(kind, Optional.empty());
  }
}
