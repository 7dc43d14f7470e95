package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Takes the time of each exchange that a client asked for, a subscription's whole life among them,
 * and notes how it ended. What we ask ourselves on a client's behalf is not its request, and does
 * not count. Thread-safe.
 */
final class MeasuredFlow implements Handler {
  private final Handler flow;
  private final LongSupplier nanos;
  private final Durations durations;
  private final ToolNames tools;
  private final Refusals refusals;
  private final LongAdder inProgress;

  MeasuredFlow(
      Handler flow,
      LongSupplier nanos,
      Durations durations,
      ToolNames tools,
      Refusals refusals,
      LongAdder inProgress) {
    this.flow = flow;
    this.nanos = nanos;
    this.durations = durations;
    this.tools = tools;
    this.refusals = refusals;
    this.inProgress = inProgress;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    if (exchange.origin().request().isEmpty()) {
      return flow.handle(exchange);
    }
    inProgress.increment();
    long begun = nanos.getAsLong();
    try {
      Outcome outcome = flow.handle(exchange);
      ended(exchange, outcome, begun);
      return outcome;
    } catch (RuntimeException | Error fault) {
      // Its client is told of an internal error.
      record(exchange, tool(exchange, ToolNames.Word.DOUBTFUL), ErrorType.INTERNAL, begun);
      throw fault;
    } finally {
      inProgress.decrement();
    }
  }

  private void ended(Exchange exchange, Outcome outcome, long begun) {
    String error = ErrorType.of(exchange.method(), outcome);
    if (outcome instanceof Outcome.Refused(Refusal refusal)) {
      refusals.count(refusal.reason());
    }
    record(exchange, tool(exchange, word(outcome, error)), error, begun);
  }

  private void record(Exchange exchange, String tool, String error, long begun) {
    durations.record(
        new Labels(
            method(exchange),
            tool,
            exchange.client().version().text(),
            error,
            exchange.origin().route()),
        nanos.getAsLong() - begun);
  }

  /** A client with a handshake cannot discover; what its {@code initialize} became is no method. */
  private static String method(Exchange exchange) {
    Optional<Method> method = Method.of(exchange.method());
    if (method.isEmpty()) {
      return Labels.OTHER;
    }
    return method.get() == Method.DISCOVER && exchange.origin().session().isPresent()
        ? Method.INITIALIZE.text()
        : method.get().text();
  }

  private String tool(Exchange exchange, ToolNames.Word word) {
    if (!Method.TOOLS_CALL.is(exchange.method())) {
      return Labels.NONE;
    }
    Optional<Json> name = exchange.params().get("name");
    return name.isPresent() ? tools.label(name.get(), word) : Labels.OTHER;
  }

  /** What an outcome says of the tool that was named: a caller can name anything. */
  private static ToolNames.Word word(Outcome outcome, String error) {
    return switch (outcome) {
      case Outcome.Complete(JsonObject _) ->
          error.equals(ErrorType.NONE) ? ToolNames.Word.THERE : ToolNames.Word.DOUBTFUL;
      case Outcome.InputRequired _ -> ToolNames.Word.THERE;
      case Outcome.Failed _ ->
          error.equals(ErrorType.NONE) ? ToolNames.Word.SILENT : ToolNames.Word.DOUBTFUL;
      case Outcome.Refused _, Outcome.Cancelled _ -> ToolNames.Word.SILENT;
    };
  }
}
