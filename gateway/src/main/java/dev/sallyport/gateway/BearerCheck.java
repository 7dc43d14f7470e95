package dev.sallyport.gateway;

import dev.sallyport.access.Bearer;
import dev.sallyport.access.Bearer.Presented;
import dev.sallyport.access.KeyRing;
import dev.sallyport.access.Secret;
import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.access.token.TokenVerdict;
import dev.sallyport.access.token.TokenVerdict.Fault;
import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.HttpHead;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls a route, by the one credential that a request carries (RS-04): an access key, or an
 * access token for this very route. Thread-safe.
 */
final class BearerCheck implements CallerCheck {
  private static final Log LOG = Log.of(BearerCheck.class);
  private static final Optional<String> INVALID_TOKEN = Optional.of("invalid_token");

  private final Optional<KeyRing> keys;
  private final Optional<AccessTokens> tokens;
  private final ProtectedResource resource;

  BearerCheck(Credentials credentials, ProtectedResource resource) {
    this.keys = credentials.keys();
    this.tokens = credentials.tokens();
    this.resource = resource;
  }

  @Override
  public Verdict check(HttpHead head) {
    return switch (Bearer.read(authorization(head))) {
      case Presented.Nothing _ -> unknown(nothing(head));
      case Presented.Malformed _ -> unknown(malformed(head));
      case Presented.Credential(var secret) ->
          byKey(secret)
              .<Verdict>map(caller -> new Verdict.Known(new Identity(caller, Claims.EVERYTHING)))
              .orElseGet(() -> byToken(secret, head));
    };
  }

  private static List<String> authorization(HttpHead head) {
    return head.fields().all("Authorization");
  }

  private Optional<Caller> byKey(Secret secret) {
    return keys.flatMap(ring -> ring.callerOf(secret));
  }

  private Verdict byToken(Secret secret, HttpHead head) {
    return tokens
        .map(known -> verdict(known.check(secret, resource.url(head), peer(head)), head))
        .orElseGet(() -> unknown(invalid(head, "The access key is not valid here")));
  }

  private static InetAddress peer(HttpHead head) {
    return head.peer().getAddress();
  }

  private Verdict verdict(TokenVerdict verdict, HttpHead head) {
    return switch (verdict) {
      case TokenVerdict.Valid(var identity) -> scoped(identity, head);
      case TokenVerdict.Invalid(var fault, var detail) -> {
        LOG.log(Level.DEBUG, "a token was refused: " + detail);
        yield unknown(invalid(head, told(fault)));
      }
      case TokenVerdict.Undecided(var cause, var wait) ->
          unknown(undecided(cause).retryAfter(wait));
    };
  }

  /** RS-08: without what every request needs, nothing of the body is looked at. */
  private Verdict scoped(Identity identity, HttpHead head) {
    return identity.claims().scopes().lacking(resource.scopes()).isEmpty()
        ? new Verdict.Known(identity)
        : unknown(challenged(Refusal.insufficientScope(resource.scopes()), head));
  }

  /** Nothing but that it is over, which a client can do something about. */
  private static String told(Fault fault) {
    return switch (fault) {
      case EXPIRED -> "The access token has expired";
      case MALFORMED,
          ISSUER,
          TYPE,
          ALGORITHM,
          NOT_YET,
          AUDIENCE,
          CLAIMS,
          SIGNATURE,
          INACTIVE,
          REVOKED ->
          "The access token is not valid here";
    };
  }

  private static Refusal undecided(TokenVerdict.Cause cause) {
    return switch (cause) {
      case KEYS, ISSUER, STANDING ->
          Refusal.of(Reason.UNAVAILABLE, "Access tokens cannot be checked just now; try again");
      case PACE -> Refusal.of(Reason.TOO_MANY_REQUESTS, "Too many tokens that are not valid here");
    };
  }

  @Override
  public Refusal challenged(Refusal refusal, HttpHead head) {
    return refusal.reason() == Reason.INSUFFICIENT_SCOPE
        ? refusal.challenge(
            resource.challenge(head, Optional.of("insufficient_scope"), refusal.scopes()))
        : refusal;
  }

  @Override
  public boolean mayComeBack(Caller caller) {
    return tokens.filter(known -> known.mayTake(caller)).isPresent()
        || keys.filter(ring -> ring.has(caller)).isPresent();
  }

  /**
   * Keys are looked up in memory, and so is what is known of a token, so most strangers are turned
   * away before a body is waited for.
   */
  @Override
  public Optional<Refusal> screen(HttpHead head) {
    return switch (Bearer.read(authorization(head))) {
      case Presented.Nothing _ -> Optional.of(nothing(head));
      case Presented.Malformed _ -> Optional.of(malformed(head));
      case Presented.Credential(var secret) -> {
        if (byKey(secret).isPresent()) {
          yield Optional.empty();
        }
        Optional<AccessTokens> known = tokens.filter(all -> all.mayBeOurs(secret));
        if (known.isEmpty()) {
          yield Optional.of(invalid(head, "The credential is not valid here"));
        }
        Optional<TokenVerdict> told = known.get().screen(secret, peer(head));
        yield told.flatMap(verdict -> refusal(verdict(verdict, head)));
      }
    };
  }

  private static Optional<Refusal> refusal(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Known _ -> Optional.empty();
      case Verdict.Unknown(var refusal) -> Optional.of(refusal);
    };
  }

  private Refusal nothing(HttpHead head) {
    return Refusal.of(
            Reason.UNAUTHENTICATED,
            tokens.isPresent()
                ? "Sign in first: send \"Authorization: Bearer TOKEN\""
                : "An access key is needed: send \"Authorization: Bearer KEY\"")
        .challenge(resource.challenge(head, Optional.empty(), Set.of()));
  }

  private Refusal malformed(HttpHead head) {
    String told =
        "Send exactly one \"Authorization: Bearer " + (tokens.isPresent() ? "TOKEN\"" : "KEY\"");
    return Refusal.of(Reason.MALFORMED, RpcError.invalidRequest(told), told)
        .challenge(resource.challenge(head, Optional.of("invalid_request"), Set.of()));
  }

  private Refusal invalid(HttpHead head, String told) {
    return Refusal.of(Reason.UNAUTHENTICATED, told)
        .challenge(resource.challenge(head, INVALID_TOKEN, Set.of()));
  }

  private static Verdict unknown(Refusal refusal) {
    return new Verdict.Unknown(refusal);
  }
}
