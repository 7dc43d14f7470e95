package dev.sallyport.protocol;

import java.util.Optional;

/**
 * Where an exchange comes from: what access, isolation and the record of a request go by, and
 * nothing of what it is about.
 *
 * @param caller on whose behalf, verified
 * @param claims what the credential says that this request came with
 * @param route the name of the endpoint it came by
 * @param session a legacy client's session; empty where there are no sessions
 * @param request the client's own id of its request; empty for what we ask ourselves on the
 *     caller's behalf, with the caller's rights and no more
 * @param witness who looks on
 */
public record Origin(
    Caller caller,
    Claims claims,
    String route,
    Optional<ClientSession> session,
    Optional<RpcId> request,
    Witness witness) {

  /** Nobody looks on, and nothing is granted. */
  public Origin(
      Caller caller, String route, Optional<ClientSession> session, Optional<RpcId> request) {
    this(caller, Claims.NONE, route, session, request, Witness.NONE);
  }

  /** For what belongs to no session, and comes with no credential. */
  public static Origin of(Caller caller, String route) {
    return new Origin(caller, route, Optional.empty(), Optional.empty());
  }

  /** The same place, with the credential of another request of the same caller. */
  public Origin with(Claims other) {
    return new Origin(caller, other, route, session, request, witness);
  }

  /** The same place, for a request that its client sent. */
  public Origin requested(RpcId id) {
    return new Origin(caller, claims, route, session, Optional.of(id), witness);
  }

  /** The same place, for something we ask ourselves. */
  public Origin ours() {
    return new Origin(caller, claims, route, session, Optional.empty(), witness);
  }

  /** The same place, as if it were another session. */
  public Origin in(ClientSession other) {
    return new Origin(caller, claims, route, Optional.of(other), request, witness);
  }

  /** The same place, with somebody else who looks on. */
  public Origin seenBy(Witness other) {
    return new Origin(caller, claims, route, session, request, other);
  }
}
