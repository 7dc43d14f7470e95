package dev.sallyport.gateway;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import java.util.Optional;

/**
 * One request on a route, from the verified caller to the upstream and back. The file to read
 * first. Over HTTP, this is the order; the first refusal ends it:
 *
 * <ol>
 *   <li>{@link ProxiedPeers}, behind a proxy: who may connect
 *   <li>{@code Screen}, by the head alone: Host, Origin, path, method, types, an unknown key
 *   <li>{@code McpEndpoint}: {@link BearerCheck} says who calls, {@code Envelope} reads the message
 *       once, {@code Classifier} names the era
 *   <li>{@code ModernProtocol}, the ladder: metadata, mirrored headers ({@code Mirror}), method,
 *       sealed state ({@code Continuations})
 *   <li>{@code ModernEndpoint}: how much this caller has in progress ({@code Admission})
 *   <li>{@code ModernCall}: mirrored parameters ({@code ToolHeaders}), then the exchange
 *   <li>{@link #handle}: how often this caller comes ({@link Limits}), whether the token has every
 *       scope that this needs ({@link RouteScopes}), then ids of tasks ({@link TaskIds})
 *   <li>{@code Federation}: of several servers the one that it is about, or all of them; one server
 *       alone is passed the request as it is
 *   <li>{@code ModernCall} makes an ending of the outcome, {@code ReplyStream} writes it
 * </ol>
 *
 * <p>For a client with a handshake {@code LegacyEndpoint} finds the session before the admission,
 * and {@code CallInProgress} takes the place of {@code ModernCall}; over HTTP+SSE it is {@code
 * SseEndpoint} that finds it. On stdio {@code StdioEndpoint} leads to the same two, without heads
 * and headers, and the caller is the local user.
 *
 * <p>A notification stream ({@code subscriptions/listen}) and a continuation (answers to questions)
 * are exchanges like any other and pass every step. What comes between the rate limit and the
 * upstream with the issues on access and credentials (decide, obtain credential, audit) goes into
 * {@link #handle}, one line each. Whoever takes the time of it stands around it ({@code
 * telemetry}). Thread-safe.
 */
final class CallFlow implements Handler {
  private final Limits limits;
  private final RouteScopes scopes;
  private final Handler upstream;

  CallFlow(Limits limits, RouteScopes scopes, Handler upstream) {
    this.limits = limits;
    this.scopes = scopes;
    this.upstream = upstream;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    Optional<Refusal> turnedAway =
        limits.admit(exchange.caller()).or(() -> scopes.decide(exchange));
    if (turnedAway.isPresent()) {
      return new Outcome.Refused(turnedAway.get());
    }
    return upstream.handle(exchange);
  }
}
