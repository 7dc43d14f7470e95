package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.util.Arrays;
import java.util.Locale;

/**
 * A picture a client may show: {@code Icon.at("https://example.com/i.png").mimeType("image/png")}.
 *
 * @param json the Icon object of the specification
 */
public record Icon(JsonObject json) {
  /** The background an icon was drawn for. */
  public enum Theme {
    LIGHT,
    DARK
  }

  /**
   * @param src an https or data URI
   */
  public static Icon at(String src) {
    return new Icon(JsonObject.of("src", Json.of(src)));
  }

  public Icon mimeType(String mimeType) {
    return new Icon(json.with("mimeType", mimeType));
  }

  /**
   * @param sizes for example {@code 48x48}, or {@code any} for vector graphics
   */
  public Icon sizes(String... sizes) {
    return new Icon(json.with("sizes", Json.arrayOf(Arrays.stream(sizes).map(Json::of).toList())));
  }

  public Icon theme(Theme theme) {
    return new Icon(json.with("theme", theme.name().toLowerCase(Locale.ROOT)));
  }
}
