package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;

/** One message of a prompt: {@code PromptMessage.user("Summarise the orders of " + customer)}. */
public record PromptMessage(Role role, Content content) {
  public static PromptMessage user(String text) {
    return user(Content.text(text));
  }

  public static PromptMessage user(Content content) {
    return new PromptMessage(Role.USER, content);
  }

  public static PromptMessage assistant(String text) {
    return assistant(Content.text(text));
  }

  public static PromptMessage assistant(Content content) {
    return new PromptMessage(Role.ASSISTANT, content);
  }

  Json json() {
    return JsonObject.of("role", Json.of(role.text()), "content", content.json().toJson()).toJson();
  }
}
