package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;

/** Finds the answers to earlier questions in a request, and the handle they belong to (MR-06). */
final class Continuations {
  private static final String RESPONSES = "inputResponses";
  private static final String STATE = "requestState";
  private static final int MOST_ANSWERS = 64;

  private Continuations() {}

  /** What was found. */
  sealed interface Reading {
    /**
     * @param round how many rounds of questions there were before
     * @param params without the answers and the state
     */
    record Valid(Optional<Continuation> continuation, int round, JsonObject params)
        implements Reading {}

    record Invalid(RpcError error) implements Reading {}
  }

  static Reading read(Message.Request request, Caller caller, StateSeal seal) {
    JsonObject params = request.params();
    boolean may = Method.of(request.method()).filter(Method::mayAsk).isPresent();
    Optional<Json> responses = params.get(RESPONSES);
    Optional<Json> state = params.get(STATE);
    if (!may || (responses.isEmpty() && state.isEmpty())) {
      return new Reading.Valid(Optional.empty(), 0, params);
    }
    Optional<JsonObject> answers =
        responses.isEmpty()
            ? Optional.of(JsonObject.EMPTY)
            : responses.get().asObject().filter(Continuations::areAnswers);
    if (answers.isEmpty()) {
      return invalid("inputResponses must be an object of at most 64 objects"); // MR-11
    }
    JsonObject rest = params.without(RESPONSES, STATE);
    if (state.isEmpty()) {
      return new Reading.Valid(
          Optional.of(new Continuation(answers.get(), Optional.empty())), 0, rest);
    }
    Optional<StateSeal.Opened> opened =
        state
            .get()
            .asString()
            .flatMap(
                text -> seal.open(text, new StateSeal.Binding(caller, request.method(), rest)));
    return opened.isEmpty()
        ? invalid("requestState is not valid here, or no longer; begin again without it")
        : new Reading.Valid(
            Optional.of(new Continuation(answers.get(), opened.map(StateSeal.Opened::handle))),
            opened.get().round(),
            rest);
  }

  private static boolean areAnswers(JsonObject answers) {
    return answers.size() <= MOST_ANSWERS
        && answers.allValues(answer -> answer.kind() == Json.Kind.OBJECT);
  }

  private static Reading invalid(String why) {
    return new Reading.Invalid(RpcError.invalidParams("Invalid params: " + why));
  }
}
