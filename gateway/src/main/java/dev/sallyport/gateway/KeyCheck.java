package dev.sallyport.gateway;

import dev.sallyport.access.Bearer;
import dev.sallyport.access.KeyRing;
import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import java.util.Optional;

/** Callers are known by access keys. Thread-safe. */
final class KeyCheck implements CallerCheck {
  private final KeyRing keys;
  private final Bearer bearer;

  KeyCheck(KeyRing keys) {
    this.keys = keys;
    this.bearer = new Bearer(keys);
  }

  @Override
  public Verdict check(HttpHead head) {
    return switch (bearer.identify(head.fields().all("Authorization"))) {
      case Bearer.Identity.Known(var caller) -> new Verdict.Known(caller);
      case Bearer.Identity.Unknown(var refusal) -> new Verdict.Unknown(refusal);
    };
  }

  @Override
  public boolean mayComeBack(Caller caller) {
    return keys.has(caller);
  }

  /** Keys are looked up in memory, so a stranger is turned away before a body is waited for. */
  @Override
  public Optional<Refusal> screen(HttpHead head) {
    return switch (check(head)) {
      case Verdict.Known _ -> Optional.empty();
      case Verdict.Unknown(var refusal) -> Optional.of(refusal);
    };
  }
}
