package dev.sallyport.gateway;

import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes everybody for the local user, because only this machine can connect. A request that a proxy
 * or a tunnel says it brought from elsewhere is refused: whoever put one in front made strangers
 * out of local callers. Thread-safe.
 */
final class UncheckedLocal implements CallerCheck {
  private static final String FORWARDED = "x-forwarded-";
  private static final Set<String> FORWARDING =
      Set.of(
          "forwarded",
          "via",
          "x-real-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-original-host",
          "x-envoy-external-address",
          "true-client-ip",
          "fastly-client-ip",
          "cf-connecting-ip",
          "cf-ray",
          "tailscale-user-login");

  private final Identity local;

  UncheckedLocal(Identity local) {
    this.local = local;
  }

  @Override
  public Verdict check(HttpHead head) {
    return screen(head)
        .<Verdict>map(Verdict.Unknown::new)
        .orElseGet(() -> new Verdict.Known(local));
  }

  @Override
  public Optional<Refusal> screen(HttpHead head) {
    AtomicBoolean forwarded = new AtomicBoolean();
    head.fields().forEach((name, _) -> forwarded.compareAndSet(false, tellsOfProxy(name)));
    return forwarded.get()
        ? Optional.of(
            Refusal.of(
                Refusal.Reason.FOREIGN_HOST,
                "Nobody is checked here, so nothing that was forwarded is let in; share without"
                    + " --no-auth"))
        : Optional.empty();
  }

  private static boolean tellsOfProxy(String field) {
    String name = field.toLowerCase(Locale.ROOT);
    return name.startsWith(FORWARDED) || FORWARDING.contains(name);
  }
}
