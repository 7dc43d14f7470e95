package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import java.util.Optional;

/** Who shares a child. Nothing that hangs on a child is seen outside of its scope. */
sealed interface Scope {

  /** Where an exchange belongs. */
  static Scope of(Exchange exchange, Isolation isolation) {
    return switch (isolation) {
      case CALLER -> new OneCaller(exchange.caller());
      case SESSION ->
          exchange
              .origin()
              .session()
              .<Scope>map(session -> new OneSession(exchange.caller(), session))
              .orElseGet(() -> new OneCaller(exchange.caller()));
      case SHARED -> new Everybody();
    };
  }

  /** On whose account a child goes, of those that each caller can have so many of. */
  default Optional<Caller> account() {
    return switch (this) {
      case OneCaller(Caller caller) -> Optional.of(caller);
      case OneSession(Caller caller, ClientSession _) -> Optional.of(caller);
      case Everybody _ -> Optional.empty();
    };
  }

  /** What ends with the child, and the child with it. */
  default Optional<ClientSession> life() {
    return switch (this) {
      case OneSession(Caller _, ClientSession session) -> Optional.of(session);
      case OneCaller _, Everybody _ -> Optional.empty();
    };
  }

  /** One caller alone, whatever session or client it uses. */
  record OneCaller(Caller caller) implements Scope {}

  /** One session alone. */
  record OneSession(Caller caller, ClientSession session) implements Scope {}

  /** Every caller of the server. */
  record Everybody() implements Scope {}
}
