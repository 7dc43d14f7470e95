package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.server.schema.Literals;
import java.time.Instant;
import java.util.Arrays;

/**
 * Hints how to use a piece of content: {@code
 * Annotations.none().audience(Role.USER).priority(0.9)}.
 *
 * @param json the Annotations object of the specification
 */
public record Annotations(JsonObject json) {
  public static Annotations none() {
    return new Annotations(JsonObject.EMPTY);
  }

  public Annotations audience(Role... roles) {
    return new Annotations(
        json.with(
            "audience",
            Json.arrayOf(Arrays.stream(roles).map(role -> Json.of(role.text())).toList())));
  }

  /**
   * @param priority from 0, unimportant, to 1, required
   */
  public Annotations priority(double priority) {
    if (!(priority >= 0 && priority <= 1)) {
      throw new IllegalArgumentException("a priority lies between 0 and 1");
    }
    return new Annotations(json.with("priority", Literals.number(priority)));
  }

  public Annotations lastModified(Instant time) {
    return new Annotations(json.with("lastModified", time.toString()));
  }
}
