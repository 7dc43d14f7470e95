package dev.sallyport.server;

import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.server.schema.InvalidInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answers to questions that were asked together. Immutable. */
public final class Answers {
  private final Map<Ask<?>, Object> answers;

  Answers(Map<Ask<?>, Object> answers) {
    this.answers = Map.copyOf(answers);
  }

  /** The answers that are given. Keys that nobody asked for are passed over (MR-11). */
  static Map<Ask<?>, Object> read(List<Ask<?>> asks, JsonObject given) throws InvalidInput {
    Map<Ask<?>, Object> read = new HashMap<>();
    for (Ask<?> ask : asks) {
      Optional<Json> answer = given.get(ask.key());
      if (answer.isPresent()) {
        read.put(ask, ask.read(answer.get()));
      }
    }
    return read;
  }

  /** Answers that came with the first request already, from a client that knew the questions. */
  static Map<Ask<?>, Object> early(List<Ask<?>> asks, Optional<Continuation> given) {
    try {
      return read(asks, given.map(Continuation::answers).orElse(JsonObject.EMPTY));
    } catch (InvalidInput unfit) {
      throw new UnfitAnswer(unfit);
    }
  }

  /**
   * @throws IllegalArgumentException when the question was not among those asked
   */
  public <A> A to(Ask<A> ask) {
    Object answer = answers.get(ask);
    if (answer == null) {
      throw new IllegalArgumentException("this was not asked");
    }
    // The map is filled by Ask.read alone, whose type is that of the question.
    @SuppressWarnings("unchecked")
    A typed = (A) answer;
    return typed;
  }
}
