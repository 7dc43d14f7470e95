package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Question;
import java.util.List;
import java.util.Optional;

/**
 * Questions of a handler as the {@code inputRequests} of a result (MR-04), if they may be asked.
 */
final class Questions {
  private Questions() {}

  /** Empty when a key occurs twice, or the client did not say it can answer (MR-05, 4-T45). */
  static Optional<JsonObject> toInputRequests(List<Question> questions, ClientContext client) {
    JsonObject requests = JsonObject.EMPTY;
    for (Question question : questions) {
      if (requests.has(question.key()) || !(question.fit(client) instanceof Question.Fit.Fits)) {
        return Optional.empty();
      }
      // The id of an elicitation went with the handshake (2.1 row 24).
      JsonObject params = question.params().without("elicitationId");
      JsonObject request =
          JsonObject.of("method", Json.of(question.method()), "params", params.toJson());
      requests = requests.with(question.key(), request);
    }
    return Optional.of(requests);
  }
}
