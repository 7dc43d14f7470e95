package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which results of a modern server may reach its caller, and as what. */
final class ModernResults {
  private ModernResults() {}

  /** Empty when the result breaks the rules, of its era or of this request. */
  static Optional<Outcome> outcome(JsonObject result, Exchange exchange) {
    Optional<Json> type = result.get("resultType");
    if (type.isEmpty()) {
      return Optional.of(new Outcome.Complete(result)); // CH-16: absent means complete
    }
    return switch (type.get().asString().orElse("")) {
      case "complete" -> Optional.of(new Outcome.Complete(result));
      case "input_required" ->
          Method.of(exchange.method()).filter(Method::mayAsk).isPresent() // MR-02
              ? inputRequired(result, exchange.client())
              : Optional.empty();
      case "task" ->
          Method.TOOLS_CALL.is(exchange.method())
                  && Tasks.areTakenBy(exchange.client()) // TK-01, TK-02
                  && Tasks.created(result).isPresent()
              ? Optional.of(new Outcome.Complete(result))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Outcome> inputRequired(JsonObject result, ClientContext client) {
    Optional<String> state = result.string("requestState");
    Optional<JsonObject> requests = result.object("inputRequests");
    boolean mistyped =
        (state.isEmpty() && result.has("requestState"))
            || (requests.isEmpty() && result.has("inputRequests"));
    Optional<List<Question>> questions = questions(requests.orElse(JsonObject.EMPTY));
    if (mistyped
        || questions.isEmpty()
        || (questions.get().isEmpty() && state.isEmpty()) // MR-03
        || !questions.get().stream()
            .allMatch(
                question -> question.fit(client) instanceof Question.Fit.Fits)) { // MR-05, 4-T45
      return Optional.empty();
    }
    JsonObject rest = result.without("resultType", "inputRequests", "requestState");
    return Optional.of(new Outcome.InputRequired(questions.get(), state, rest));
  }

  /** Empty when one of them is malformed. */
  static Optional<List<Question>> questions(JsonObject requests) {
    List<Question> questions = new ArrayList<>();
    for (String key : requests.names()) {
      Optional<JsonObject> request = requests.object(key);
      Optional<String> method = request.flatMap(asked -> asked.string("method"));
      if (request.isEmpty() || method.isEmpty()) {
        return Optional.empty();
      }
      questions.add(
          new Question(key, method.get(), request.get().object("params").orElse(JsonObject.EMPTY)));
    }
    return Optional.of(questions);
  }
}
