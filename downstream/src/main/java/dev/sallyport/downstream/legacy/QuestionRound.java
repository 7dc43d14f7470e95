package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.legacy.Asking.Prepared;
import dev.sallyport.downstream.legacy.Asking.Round;
import dev.sallyport.downstream.legacy.PendingQuestions.Answer;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One round of questions to a client: what is for its user one after the other, the rest at once.
 * What is taken back meanwhile is taken back from the client too (3.5). Owned by the thread of the
 * call; only what is taken back comes from others.
 */
final class QuestionRound {
  private static final JsonObject NO_ANSWER = JsonObject.of("action", Json.of("cancel"));

  /** What clients say whose user refused (2.1.1). */
  private static final int REJECTED = -1;

  private final PendingQuestions pending;
  private final Sink sink;
  private final Cancellation cancellation;
  private final long end;
  private final Map<String, PendingQuestions.Pending> asked = new ConcurrentHashMap<>();
  private final Set<String> takenBack = ConcurrentHashMap.newKeySet();

  /** What one question came to. */
  private sealed interface One {
    record Answered(JsonObject answer) implements One {}

    record Declined(RpcError error) implements One {}

    /** Nobody wants to know any more. */
    record TakenBack() implements One {}

    /** The whole round is over with it. */
    record Over(Round round) implements One {}
  }

  /**
   * @param end by {@link System#nanoTime}
   */
  QuestionRound(PendingQuestions pending, Sink sink, Cancellation cancellation, long end) {
    this.pending = pending;
    this.sink = sink;
    this.cancellation = cancellation;
    this.end = end;
  }

  Round ask(List<Prepared> questions, Outcome.InputRequired.Open open) {
    try (Cancellation.Registration _ = open.listen(this::takeBack)) {
      for (Prepared question : questions) {
        if (!isForTheUser(question) && !send(question)) {
          return noStream();
        }
      }
      JsonObject answers = JsonObject.EMPTY;
      Map<String, Continuation.Declined> declined = new LinkedHashMap<>();
      for (Prepared question : questions) {
        switch (next(question)) {
          case One.Answered(JsonObject answer) -> answers = answers.with(question.key(), answer);
          case One.Declined(RpcError error) ->
              declined.put(
                  question.key(), new Continuation.Declined(question.method().text(), error));
          case One.TakenBack _ -> {}
          case One.Over(Round round) -> {
            return round;
          }
        }
      }
      return new Round.Answered(answers, declined);
    } finally {
      asked.values().forEach(left -> giveUp(left, "The request it belongs to is over"));
    }
  }

  private void takeBack(String key) {
    takenBack.add(key);
    Optional.ofNullable(asked.get(key)).ifPresent(PendingQuestions.Pending::takeBack);
  }

  private One next(Prepared question) {
    if (takenBack.contains(question.key()) && !asked.containsKey(question.key())) {
      return new One.TakenBack();
    }
    if (isForTheUser(question)) {
      if (end - System.nanoTime() <= 0) {
        return unanswered(question.method());
      }
      if (!send(question)) {
        return new One.Over(noStream());
      }
    }
    return await(question);
  }

  private static boolean isForTheUser(Prepared question) {
    return question.method() == Method.ELICIT;
  }

  private boolean send(Prepared question) {
    PendingQuestions.Pending open = pending.ask();
    asked.put(question.key(), open);
    if (takenBack.contains(question.key())) {
      open.takeBack(); // between the two looks at it
    }
    return sink.send(new Message.Request(open.id(), question.method().text(), question.params()));
  }

  private static Round noStream() {
    return new Round.Failed(
        RpcError.internal("The client must be asked something, and takes no event stream"));
  }

  private One await(Prepared question) {
    PendingQuestions.Pending open = asked.get(question.key());
    if (open == null) {
      return new One.TakenBack();
    }
    try {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      return switch (open.await(left, cancellation)) {
        case Answer.Given(var result) -> new One.Answered(result.without("resultType"));
        case Answer.Declined(var error) -> new One.Declined(error);
        case Answer.TakenBack _ -> {
          withdraw(open, "The server no longer wants to know");
          yield new One.TakenBack();
        }
        case Answer.TimedOut _ -> {
          withdraw(open, "No answer in time");
          yield unanswered(question.method());
        }
        case Answer.Withdrawn _ -> {
          withdraw(open, "The request it belongs to was cancelled");
          yield new One.Over(new Round.Withdrawn());
        }
      };
    } finally {
      asked.remove(question.key());
      open.close();
    }
  }

  private void giveUp(PendingQuestions.Pending question, String why) {
    try (question) {
      withdraw(question, why);
    }
  }

  private void withdraw(PendingQuestions.Pending question, String why) {
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
