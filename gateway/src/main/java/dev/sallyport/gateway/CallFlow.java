package dev.sallyport.gateway;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import java.util.Optional;

/**
 * One request on a route, from the verified caller to the upstream and back. The file to read
 * first.
 *
 * <p>Before it, for every request: {@code McpEndpoint} screens Host and Origin, asks {@link
 * KeyCheck} who calls, reads the envelope and checks the mirrored headers. After it, the endpoint
 * writes the outcome in the client's era. On stdio there are no headers, and the caller is the
 * local user.
 *
 * <p>A notification stream ({@code subscriptions/listen}) and a continuation (answers to questions)
 * are exchanges like any other and pass every step. What comes between admission and the upstream
 * with the issues on access and credentials (decide, obtain credential, audit) goes into {@link
 * #handle}, one line each. Thread-safe.
 */
final class CallFlow implements Handler {
  private final Limits limits;
  private final Handler upstream;

  CallFlow(Limits limits, Handler upstream) {
    this.limits = limits;
    this.upstream = upstream;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    Optional<Refusal> turnedAway = limits.admit(exchange.caller());
    if (turnedAway.isPresent()) {
      return new Outcome.Refused(turnedAway.get());
    }
    return upstream.handle(exchange);
  }
}
