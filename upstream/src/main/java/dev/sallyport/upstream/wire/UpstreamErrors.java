package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The errors that every kind of server can lead to. None says more than a caller may know. */
public final class UpstreamErrors {
  private static final String RETRY_AFTER = "dev.sallyport/retryAfterMs";
  private static final Set<Method> READING =
      EnumSet.of(
          Method.DISCOVER,
          Method.TOOLS_LIST,
          Method.PROMPTS_LIST,
          Method.PROMPTS_GET,
          Method.RESOURCES_LIST,
          Method.RESOURCE_TEMPLATES_LIST,
          Method.RESOURCES_READ,
          Method.COMPLETE);

  private UpstreamErrors() {}

  public static Outcome terminated() {
    return new Outcome.Failed(RpcError.internal("upstream terminated"));
  }

  /** What its client is told of a call that came to nothing on its way. */
  public static Outcome of(Breakdown breakdown) {
    return switch (breakdown.kind()) {
      case DIED -> terminated();
      case LOST -> failed("upstream connection lost; the request may have had effects");
      case UNREACHED -> unavailable();
      case SESSION_OVER -> failed("upstream session ended");
      case NOT_ADMITTED -> failed("upstream credential rejected");
      case OVERLOADED -> overloaded(breakdown.comeAgain());
      case UNKNOWN_HERE, NOT_MCP -> failed("upstream answered with something that is not MCP");
      case TOO_LARGE -> failed("The server's answer is larger than allowed");
      case TOO_MUCH_AT_ONCE ->
          failed("Too many large answers at once; the request may have had effects");
    };
  }

  private static Outcome failed(String message) {
    return new Outcome.Failed(RpcError.internal(message));
  }

  /** Said in the error, because a status of our own would be about this gateway (3.6). */
  private static Outcome overloaded(Optional<Duration> comeAgain) {
    RpcError error = RpcError.internal("upstream overloaded");
    return new Outcome.Failed(
        comeAgain
            .map(
                pause ->
                    new RpcError(
                        error.code(),
                        error.message(),
                        Optional.of(
                            JsonObject.of(RETRY_AFTER, Json.of(pause.toMillis())).toJson())))
            .orElse(error));
  }

  /**
   * As {@link #of}, and whether the exchange may be carried out once more: when the server did not
   * look at it, or when it only reads and its client has heard nothing of it yet (T13, 3.6).
   */
  public static Carried carried(Watch.Turn.Broken broken, Exchange exchange) {
    Breakdown breakdown = broken.breakdown();
    Outcome outcome = of(breakdown);
    boolean readAgain =
        switch (breakdown.kind()) {
          case LOST, UNREACHED -> onlyReads(exchange) && !broken.passedOn();
          case SESSION_OVER, UNKNOWN_HERE -> true;
          case DIED, NOT_ADMITTED, OVERLOADED, NOT_MCP, TOO_LARGE, TOO_MUCH_AT_ONCE -> false;
        };
    return readAgain ? new Carried.Again(outcome) : new Carried.Done(outcome);
  }

  private static boolean onlyReads(Exchange exchange) {
    return exchange.continuation().isEmpty()
        && Method.of(exchange.method()).filter(READING::contains).isPresent();
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
}
