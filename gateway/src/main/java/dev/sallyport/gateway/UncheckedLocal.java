package dev.sallyport.gateway;

import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import java.util.List;
import java.util.Optional;

/**
 * Takes everybody for the local user, because only this machine can connect. A request that a proxy
 * or a tunnel says it brought from elsewhere is refused: whoever put one in front made strangers
 * out of local callers. Thread-safe.
 */
final class UncheckedLocal implements CallerCheck {
  private static final List<String> FORWARDING =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP");

  private final Caller caller;

  UncheckedLocal(Caller caller) {
    this.caller = caller;
  }

  @Override
  public Verdict check(HttpHead head) {
    return screen(head)
        .<Verdict>map(Verdict.Unknown::new)
        .orElseGet(() -> new Verdict.Known(caller));
  }

  @Override
  public Optional<Refusal> screen(HttpHead head) {
    boolean forwarded = FORWARDING.stream().anyMatch(name -> head.fields().first(name).isPresent());
    return forwarded
        ? Optional.of(
            Refusal.of(
                Refusal.Reason.FOREIGN_HOST,
                "Nobody is checked here, so nothing that was forwarded is let in; share without"
                    + " --no-auth"))
        : Optional.empty();
  }
}
