package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.legacy.PendingQuestions.Answer;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the client of a call what its handler wants to know, with requests of our own on the call's
 * stream (mcp-reference 2.3). One question after the other: a user answers one at a time. Nothing
 * is sent unless all of it can be asked, and the whole round has one time limit, like the call that
 * waits for it. Thread-safe.
 */
final class Asking {
  private static final JsonObject NO_ANSWER = JsonObject.of("action", Json.of("cancel"));

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
    record Answered(JsonObject answers) implements Round {}

    record Failed(RpcError error) implements Round {}

    /** The call was cancelled meanwhile. */
    record Withdrawn() implements Round {}
  }

  /** A question in the client's own form. */
  private record Prepared(String key, Method method, JsonObject params) {}

  Round ask(List<Question> questions, Sink sink, Cancellation cancellation) {
    List<Prepared> prepared = new ArrayList<>();
    for (Question question : questions) {
      switch (forms.toClient(question)) {
        case QuestionForms.Form.Askable(var params) ->
            prepared.add(
                new Prepared(question.key(), Method.of(question.method()).orElseThrow(), params));
        case QuestionForms.Form.Impossible(var error) -> {
          return new Round.Failed(error);
        }
      }
    }
    JsonObject answers = JsonObject.EMPTY;
    long end = System.nanoTime() + timeout.toNanos();
    for (Prepared question : prepared) {
      switch (ask(question, end, sink, cancellation)) {
        case Round.Answered(var answer) -> answers = answers.with(question.key(), answer);
        case Round.Failed failed -> {
          return failed;
        }
        case Round.Withdrawn withdrawn -> {
          return withdrawn;
        }
      }
    }
    return new Round.Answered(answers);
  }

  private Round ask(Prepared question, long end, Sink sink, Cancellation cancellation) {
    if (end - System.nanoTime() <= 0) {
      return unanswered(question.method(), "did not answer in time");
    }
    try (PendingQuestions.Pending open = pending.ask()) {
      Message.Request request =
          new Message.Request(open.id(), question.method().text(), question.params());
      if (!sink.send(request)) {
        return new Round.Failed(
            RpcError.internal("The client must be asked something, and takes no event stream"));
      }
      return switch (open.await(Duration.ofNanos(end - System.nanoTime()), cancellation)) {
        // An answer of the modern era is no Result: it has neither member (4-T42).
        case Answer.Given(var result) -> new Round.Answered(result.without("resultType", "_meta"));
        case Answer.Declined _ -> unanswered(question.method(), "would not answer");
        case Answer.TimedOut _ -> {
          withdraw(open, sink, "No answer in time");
          yield unanswered(question.method(), "did not answer in time");
        }
        case Answer.Withdrawn _ -> {
          withdraw(open, sink, "The request it belongs to was cancelled");
          yield new Round.Withdrawn();
        }
      };
    }
  }

  private static void withdraw(PendingQuestions.Pending question, Sink sink, String why) {
    sink.send(
        new Message.Notification(
            Method.CANCELLED.text(),
            JsonObject.of("requestId", question.id().token(), "reason", Json.of(why))));
  }

  /**
   * Only an elicitation has a way to say that the user gave no answer; the others have none, so the
   * call fails (2.3.4, 4-T23).
   */
  private static Round unanswered(Method method, String how) {
    return method == Method.ELICIT
        ? new Round.Answered(NO_ANSWER)
        : new Round.Failed(
            RpcError.internal("The client " + how + " when asked for " + method.text()));
  }
}
