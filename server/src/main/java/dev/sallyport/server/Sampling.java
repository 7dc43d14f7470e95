package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A question for the client's language model: {@code Sampling.of("Name this
 * colour").maxTokens(20)}.
 *
 * @param params the parameters of sampling/createMessage
 */
public record Sampling(JsonObject params) {
  private static final long USUAL_TOKENS = 1_000;

  public static Sampling of(String userText) {
    return of(List.of(PromptMessage.user(userText)));
  }

  public static Sampling of(List<PromptMessage> messages) {
    List<Json> all = new ArrayList<>();
    messages.forEach(message -> all.add(message.json()));
    return new Sampling(
        JsonObject.of("messages", Json.arrayOf(all), "maxTokens", Json.of(USUAL_TOKENS)));
  }

  public Sampling maxTokens(long most) {
    return with("maxTokens", Json.of(most));
  }

  public Sampling systemPrompt(String text) {
    return with("systemPrompt", Json.of(text));
  }

  /** Any other parameter of the specification, for example {@code modelPreferences}. */
  public Sampling with(String name, Json value) {
    return new Sampling(params.with(name, value));
  }
}
