package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.legacy.PendingQuestions.Answer;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the client of a call what its handler wants to know, with requests of our own on the call's
 * stream (mcp-reference 2.3). What is for its user comes one question after the other, because a
 * user answers one at a time; the rest is asked at once. Nothing is sent unless all of it can be
 * asked, and the whole round has one time limit, like the call that waits for it. Thread-safe.
 */
final class Asking {
  private static final JsonObject NO_ANSWER = JsonObject.of("action", Json.of("cancel"));

  /** What clients say whose user refused (2.1.1). */
  private static final int REJECTED = -1;

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

  /** What one question came to. */
  private sealed interface One {
    record Answered(JsonObject answer) implements One {}

    record Declined(RpcError error) implements One {}

    /** The whole round is over with it. */
    record Over(Round round) implements One {}
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
    return ask(prepared, new Client(sink, cancellation, System.nanoTime() + timeout.toNanos()));
  }

  /** Whom a round asks, and until when. */
  private record Client(Sink sink, Cancellation cancellation, long end) {}

  /** A question that was asked. */
  private record Asked(Prepared question, PendingQuestions.Pending pending) {}

  private Round ask(List<Prepared> questions, Client client) {
    List<Asked> open = new ArrayList<>();
    try {
      for (Prepared question : questions) {
        if (!isForTheUser(question) && !send(question, open, client)) {
          return noStream();
        }
      }
      JsonObject answers = JsonObject.EMPTY;
      Map<String, Continuation.Declined> declined = new LinkedHashMap<>();
      for (Prepared question : questions) {
        switch (next(question, open, client)) {
          case One.Answered(JsonObject answer) -> answers = answers.with(question.key(), answer);
          case One.Declined(RpcError error) ->
              declined.put(
                  question.key(), new Continuation.Declined(question.method().text(), error));
          case One.Over(Round round) -> {
            return round;
          }
        }
      }
      return new Round.Answered(answers, declined);
    } finally {
      open.forEach(left -> giveUp(left, client.sink(), "The request it belongs to is over"));
    }
  }

  private One next(Prepared question, List<Asked> open, Client client) {
    if (isForTheUser(question)) {
      if (client.end() - System.nanoTime() <= 0) {
        return unanswered(question.method());
      }
      if (!send(question, open, client)) {
        return new One.Over(noStream());
      }
    }
    return await(take(question, open), client);
  }

  private static boolean isForTheUser(Prepared question) {
    return question.method() == Method.ELICIT;
  }

  private static Asked take(Prepared question, List<Asked> open) {
    Asked asked =
        open.stream()
            .filter(each -> each.question().key().equals(question.key()))
            .findFirst()
            .orElseThrow();
    open.remove(asked);
    return asked;
  }

  private boolean send(Prepared question, List<Asked> open, Client client) {
    PendingQuestions.Pending asked = pending.ask();
    open.add(new Asked(question, asked));
    return client
        .sink()
        .send(new Message.Request(asked.id(), question.method().text(), question.params()));
  }

  private static Round noStream() {
    return new Round.Failed(
        RpcError.internal("The client must be asked something, and takes no event stream"));
  }

  private static One await(Asked asked, Client client) {
    try (PendingQuestions.Pending open = asked.pending()) {
      Method method = asked.question().method();
      Duration left = Duration.ofNanos(Math.max(0, client.end() - System.nanoTime()));
      return switch (open.await(left, client.cancellation())) {
        case Answer.Given(var result) -> new One.Answered(result.without("resultType"));
        case Answer.Declined(var error) -> new One.Declined(error);
        case Answer.TimedOut _ -> {
          withdraw(open, client.sink(), "No answer in time");
          yield unanswered(method);
        }
        case Answer.Withdrawn _ -> {
          withdraw(open, client.sink(), "The request it belongs to was cancelled");
          yield new One.Over(new Round.Withdrawn());
        }
      };
    }
  }

  private static void giveUp(Asked asked, Sink sink, String why) {
    try (PendingQuestions.Pending open = asked.pending()) {
      withdraw(open, sink, why);
    }
  }

  private static void withdraw(PendingQuestions.Pending question, Sink sink, String why) {
    sink.send(
        new Message.Notification(
            Method.CANCELLED.text(),
            JsonObject.of("requestId", question.id().token(), "reason", Json.of(why))));
  }

  /** Only an elicitation has a way to say that the user gave no answer (2.3.4, 4-T23). */
  private static One unanswered(Method method) {
    return method == Method.ELICIT
        ? new One.Answered(NO_ANSWER)
        : new One.Declined(RpcError.of(REJECTED, "The client did not answer in time"));
  }
}
