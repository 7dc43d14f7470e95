package dev.sallyport.gateway;

import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells, at level debug, of each request of a client and of each session who wanted what and what
 * came of it, for whoever asks why a call does not work. No arguments, no results and no messages
 * of errors. Otherwise it does nothing. Thread-safe.
 */
final class LoggedFlow implements Handler {
  private static final Log LOG = Log.of(LoggedFlow.class);
  private static final int LONGEST_NAME = 128;

  private final Handler flow;
  private final LongSupplier nanos;

  /**
   * @param nanos a monotonic clock
   */
  LoggedFlow(Handler flow, LongSupplier nanos) {
    this.flow = flow;
    this.nanos = nanos;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    if (exchange.origin().request().isEmpty() || !LOG.tellsDetails()) {
      return flow.handle(exchange);
    }
    long begun = nanos.getAsLong();
    try {
      Outcome outcome = flow.handle(exchange);
      tell(exchange, ending(exchange, outcome), begun);
      if (isHandshake(exchange) && outcome instanceof Outcome.Complete) {
        exchange.origin().session().ifPresent(session -> begun(exchange, session));
      }
      return outcome;
    } catch (RuntimeException | Error fault) {
      tell(exchange, "broke off", begun);
      throw fault;
    }
  }

  private void tell(Exchange exchange, String ending, long begun) {
    long millis = Duration.ofNanos(nanos.getAsLong() - begun).toMillis();
    LOG.detail(
        what(exchange) + " by " + who(exchange) + ": " + ending + " after " + millis + " ms");
  }

  private static void begun(Exchange exchange, ClientSession session) {
    String whose = session.name() + " of " + who(exchange);
    LOG.detail("session " + whose + " has begun, " + exchange.client().version().text());
    session.onEnd(() -> LOG.detail("session " + whose + " is over"));
  }

  /** A client with a handshake cannot discover; what its {@code initialize} became is no method. */
  private static boolean isHandshake(Exchange exchange) {
    return Method.DISCOVER.is(exchange.method()) && exchange.origin().session().isPresent();
  }

  /** With the name of a tool or a prompt; a URI can hold what is secret. */
  private static String what(Exchange exchange) {
    if (isHandshake(exchange)) {
      return Method.INITIALIZE.text();
    }
    Optional<Method> method = Method.of(exchange.method());
    boolean named =
        Method.TOOLS_CALL.is(exchange.method()) || Method.PROMPTS_GET.is(exchange.method());
    String name = named ? exchange.params().string("name").map(LoggedFlow::shown).orElse("") : "";
    return method.map(Method::text).orElse("a method of an extension") + name;
  }

  private static String shown(String name) {
    boolean fits = name.length() <= LONGEST_NAME;
    return " " + Json.of(fits ? name : name.substring(0, LONGEST_NAME) + "…").text();
  }

  private static String who(Exchange exchange) {
    return exchange.caller().issuer()
        + " "
        + exchange.caller().subject()
        + " on "
        + exchange.origin().route();
  }

  private static String ending(Exchange exchange, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Complete(var result) ->
          Method.TOOLS_CALL.is(exchange.method())
                  && result.get("isError").flatMap(Json::asBoolean).orElse(false)
              ? "the tool says that it failed"
              : "done";
      case Outcome.InputRequired _ -> "the client is asked";
      case Outcome.Failed(RpcError error) -> "error " + error.code();
      case Outcome.Refused(Refusal refusal) -> "refused, " + word(refusal.reason());
      case Outcome.Cancelled _ -> "cancelled";
    };
  }

  static String word(Refusal.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
