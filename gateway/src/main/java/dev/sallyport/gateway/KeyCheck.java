package dev.sallyport.gateway;

import dev.sallyport.access.Bearer;
import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import java.util.Optional;

/** Callers are known by access keys. Thread-safe. */
final class KeyCheck implements CallerCheck {
  private final Bearer bearer;

  KeyCheck(Bearer bearer) {
    this.bearer = bearer;
  }

  @Override
  public Verdict check(HttpHead head) {
    return switch (bearer.identify(head.fields().all("Authorization"))) {
      case Bearer.Identity.Known(var caller) -> new Verdict.Known(caller);
      case Bearer.Identity.Unknown(var refusal) -> new Verdict.Unknown(refusal);
    };
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
