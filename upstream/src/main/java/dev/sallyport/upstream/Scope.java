package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Exchange;

/** Who shares a child. Nothing that hangs on a child is seen outside of its scope. */
sealed interface Scope {

  /** Where an exchange belongs. */
  static Scope of(Exchange exchange) {
    return new OneCaller(exchange.caller());
  }

  /** On whose account a child goes, of those that each caller can have so many of. */
  Caller caller();

  /** One caller alone, whatever session or client it uses. */
  record OneCaller(Caller caller) implements Scope {}
}
