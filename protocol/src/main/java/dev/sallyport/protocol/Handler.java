package dev.sallyport.protocol;

/**
 * Carries out exchanges, in plain blocking code on the calling thread. The gateway is one handler,
 * an in-process server another, and an upstream a third.
 */
public interface Handler {
  /**
   * Carries out one exchange. {@code subscriptions/listen} returns when the subscription ends;
   * until then its notifications go to the exchange, the acknowledgement first (SB-02).
   *
   * @return never a half-done outcome: when {@link Exchange#cancellation()} fires, {@link
   *     Outcome.Cancelled} soon
   */
  Outcome handle(Exchange exchange);
}
