package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks the client of a call what its handler wants to know, with requests of our own on the call's
 * stream (mcp-reference 2.3). Nothing is sent unless all of it can be asked, and the whole round
 * has one time limit, like the call that waits for it. Thread-safe.
 */
final class Asking {
  private final PendingQuestions pending;
  private final QuestionForms forms;
  private final Duration timeout;

  Asking(PendingQuestions pending, QuestionForms forms, Duration timeout) {
    this.pending = pending;
    this.forms = forms;
    this.timeout = timeout;
  }

  /** What a round of questions came to. */
  sealed interface Round {
    /**
     * @param declined the questions that were answered with an error
     */
    record Answered(JsonObject answers, Map<String, Continuation.Declined> declined)
        implements Round {}

    record Failed(RpcError error) implements Round {}

    /** The call was cancelled meanwhile. */
    record Withdrawn() implements Round {}
  }

  /** A question in the client's own form. */
  record Prepared(String key, Method method, JsonObject params) {}

  Round ask(Outcome.InputRequired wanted, Sink sink, Cancellation cancellation) {
    List<Prepared> prepared = new ArrayList<>();
    for (Question question : wanted.questions()) {
      switch (forms.toClient(question)) {
        case QuestionForms.Form.Askable(var params) ->
            prepared.add(
                new Prepared(question.key(), Method.of(question.method()).orElseThrow(), params));
        case QuestionForms.Form.Impossible(var error) -> {
          return new Round.Failed(error);
        }
      }
    }
    long end = System.nanoTime() + timeout.toNanos();
    return new QuestionRound(pending, sink, cancellation, end).ask(prepared, wanted.open());
  }
}
