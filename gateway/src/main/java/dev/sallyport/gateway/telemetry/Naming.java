package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import java.util.Optional;

/**
 * What an exchange is called by when it is told of, once it has ended: callers and servers can say
 * anything, and only so much of it is taken in. Thread-safe.
 */
final class Naming {
  private final ToolNames tools = new ToolNames(ToolNames.MOST, ToolNames.MOST_UNPROVEN);
  private final ToolNames prompts = new ToolNames(ToolNames.MOST, ToolNames.MOST_UNPROVEN);

  /**
   * @param version that was spoken, where the exchange came from or where it went
   */
  Labels of(Exchange exchange, Outcome outcome, String version, String place) {
    String error = ErrorType.of(exchange.method(), outcome);
    return new Labels(
        method(exchange),
        target(exchange, word(outcome, error)),
        version,
        error,
        ErrorType.status(outcome),
        place);
  }

  /** Of one that broke off on our side: its client is told of an internal error. */
  Labels broken(Exchange exchange, String version, String place) {
    return new Labels(
        method(exchange),
        target(exchange, ToolNames.Word.DOUBTFUL),
        version,
        ErrorType.INTERNAL,
        ErrorType.INTERNAL,
        place);
  }

  static String method(Exchange exchange) {
    return Method.of(exchange.method()).map(Method::text).orElse(Labels.OTHER);
  }

  private String target(Exchange exchange, ToolNames.Word word) {
    if (Method.TOOLS_CALL.is(exchange.method())) {
      return target(exchange, tools, word);
    }
    return Method.PROMPTS_GET.is(exchange.method()) ? target(exchange, prompts, word) : Labels.NONE;
  }

  private static String target(Exchange exchange, ToolNames names, ToolNames.Word word) {
    Optional<Json> name = exchange.params().get("name");
    return name.isPresent() ? names.label(name.get(), word) : Labels.OTHER;
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
