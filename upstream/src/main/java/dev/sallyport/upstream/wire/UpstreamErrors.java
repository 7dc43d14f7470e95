package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;

/** The errors that every kind of server can lead to. None says more than a caller may know. */
public final class UpstreamErrors {
  private UpstreamErrors() {}

  public static Outcome terminated() {
    return new Outcome.Failed(RpcError.internal("upstream terminated"));
  }

  public static Outcome timedOut() {
    return new Outcome.Failed(RpcError.internal("upstream timed out"));
  }

  /** It does not come up; why is for the operator. */
  public static Outcome unavailable() {
    return new Outcome.Failed(RpcError.internal("upstream unavailable"));
  }

  public static Outcome tooBusy() {
    return busy("Too many requests in progress; try again shortly", Duration.ofSeconds(1));
  }

  public static Outcome tooManyChildren() {
    return busy("Too many users at once; try again shortly", Duration.ofSeconds(5));
  }

  /** What the session had is gone with its server; the client has to begin another (LH-05). */
  public static Outcome sessionOver() {
    return new Outcome.Refused(
        Refusal.of(
            Refusal.Reason.NOT_FOUND, "The session's server has ended; send initialize again"));
  }

  private static Outcome busy(String message, Duration comeAgain) {
    return new Outcome.Refused(
        Refusal.of(Refusal.Reason.UNAVAILABLE, message).retryAfter(comeAgain));
  }

  /**
   * Codes of the range that servers define for themselves mean nothing to others, and those that
   * MCP reserves in it may not be handed on (JR-10, 2.1.1): an internal error then, with the
   * original in its data.
   */
  public static RpcError outsideReserved(RpcError error) {
    return error.isReserved() ? error.asInternal() : error;
  }
}
