package dev.sallyport.protocol;

import java.util.Map;
import java.util.Optional;

/**
 * The client's answers to the questions of an earlier {@link Outcome.InputRequired}.
 *
 * @param answers by question key, each a result object of the question's method; may be incomplete,
 *     may hold keys nobody asked for (MR-10, MR-11)
 * @param handle what the outcome carried, byte-exact (CM-02)
 * @param declined by question key, the questions that the client answered with an error; modern
 *     clients have no such form
 */
public record Continuation(
    JsonObject answers, Optional<String> handle, Map<String, Declined> declined) {

  /**
   * A question that was answered with an error.
   *
   * @param method of the question
   */
  public record Declined(String method, RpcError error) {}

  public Continuation {
    declined = Map.copyOf(declined);
  }

  public Continuation(JsonObject answers, Optional<String> handle) {
    this(answers, handle, Map.of());
  }

  /** The same answers to another handle. */
  public Continuation with(String other) {
    return new Continuation(answers, Optional.of(other), declined);
  }

  /**
   * Why there is no going on, for who knows no errors as answers: only an elicitation has a way to
   * say that there is none (2.3.4, 4-T23).
   */
  public Optional<RpcError> fault() {
    return declined.values().stream()
        .map(Declined::method)
        .filter(method -> !Method.ELICIT.is(method))
        .findFirst()
        .map(method -> RpcError.internal("The client would not answer when asked for " + method));
  }

  /** The answers, with that of a declined elicitation as such an answer. */
  public JsonObject answersInFull() {
    JsonObject all = answers;
    for (Map.Entry<String, Declined> each : declined.entrySet()) {
      if (Method.ELICIT.is(each.getValue().method())) {
        all = all.with(each.getKey(), JsonObject.of("action", Json.of("cancel")));
      }
    }
    return all;
  }
}
