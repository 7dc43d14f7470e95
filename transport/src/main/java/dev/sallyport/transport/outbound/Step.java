package dev.sallyport.transport.outbound;

/** What the books of a {@link Place} say is to be done, once their lock is given back. */
sealed interface Step {
  /** The connection is the call's now. */
  record Carry(Dispatch dispatch) implements Step {}

  /** One more connection is needed. */
  record Open(Way way) implements Step {}

  record Fail(Dispatch dispatch, OutboundFault fault) implements Step {}

  record Close(Link link) implements Step {}
}
