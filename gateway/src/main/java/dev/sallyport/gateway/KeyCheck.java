package dev.sallyport.gateway;

import dev.sallyport.access.Bearer;
import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import java.util.List;
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

  /** Without any credential there is nothing to look up, and no body to wait for. */
  @Override
  public Optional<Refusal> screen(HttpHead head) {
    List<String> fields = head.fields().all("Authorization");
    return fields.isEmpty()
            && bearer.identify(fields) instanceof Bearer.Identity.Unknown(var refusal)
        ? Optional.of(refusal)
        : Optional.empty();
  }
}
