package dev.sallyport.protocol;

import java.util.Optional;

/**
 * Where an exchange comes from: what access, isolation and the record of a request go by, and
 * nothing of what it is about.
 *
 * @param caller on whose behalf, verified
 * @param route the name of the endpoint it came by
 * @param session a legacy client's session; empty where there are no sessions
 * @param request the client's own id of its request; empty for what we ask ourselves on the
 *     caller's behalf, with the caller's rights and no more
 */
public record Origin(
    Caller caller, String route, Optional<ClientSession> session, Optional<RpcId> request) {

  /** For what belongs to no session. */
  public static Origin of(Caller caller, String route) {
    return new Origin(caller, route, Optional.empty(), Optional.empty());
  }

  /** The same place, for a request that its client sent. */
  public Origin requested(RpcId id) {
    return new Origin(caller, route, session, Optional.of(id));
  }

  /** The same place, for something we ask ourselves. */
  public Origin ours() {
    return new Origin(caller, route, session, Optional.empty());
  }
}
