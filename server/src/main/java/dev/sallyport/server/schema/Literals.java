package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.math.BigDecimal;

/** JSON that an author wrote in Java source, and numbers as JSON has them. */
public final class Literals {
  private Literals() {}

  /**
   * @throws IllegalArgumentException when the text is not JSON; at start-up, where the author sees
   *     it
   */
  public static Json json(String text) {
    try {
      return Json.parse(text);
    } catch (JsonException fault) {
      throw new IllegalArgumentException("not JSON: " + fault.getMessage(), fault);
    }
  }

  /** As {@link #json}, for an object. */
  public static JsonObject object(String text) {
    return json(text)
        .asObject()
        .orElseThrow(() -> new IllegalArgumentException("not a JSON object"));
  }

  /** A finite number in its shortest plain form: 50.0 is {@code 50}. */
  public static Json number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("JSON has no number for " + value);
    }
    return number(BigDecimal.valueOf(value));
  }

  public static Json number(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    boolean huge = plain.scale() < -18 || plain.scale() > 30;
    return json(huge ? plain.toString() : plain.toPlainString());
  }
}
