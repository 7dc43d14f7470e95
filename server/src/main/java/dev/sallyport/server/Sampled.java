package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the client's language model said.
 *
 * @param json the CreateMessageResult object of the specification
 */
public record Sampled(JsonObject json) {
  public List<Content> content() {
    Json content = json.get("content").orElse(Json.NULL);
    return content.asArray().orElse(List.of(content)).stream()
        .flatMap(block -> block.asObject().stream())
        .map(Content::of)
        .toList();
  }

  /** The text blocks, joined. */
  public String text() {
    return content().stream().map(Content::asText).collect(Collectors.joining());
  }

  public String model() {
    return json.string("model").orElse("");
  }
}
