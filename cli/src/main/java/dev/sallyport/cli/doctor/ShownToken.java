package dev.sallyport.cli.doctor;

import dev.sallyport.access.AccessKey;
import dev.sallyport.access.Secret;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.util.Base64;
import java.util.List;

/** What a token looks like from outside, without anybody's word that it is good. */
sealed interface ShownToken {
  /** Made by a Sallyport, with {@code keys add}. */
  record Key() implements ShownToken {}

  /** Nothing that can be read. */
  record Opaque() implements ShownToken {}

  /** A JWE, which only the server can read. */
  record Encrypted() implements ShownToken {}

  record Jwt(JsonObject header, JsonObject claims) implements ShownToken {
    /** What it says is for nobody but whoever compares it. */
    @Override
    public String toString() {
      return "Jwt[***]";
    }
  }

  static ShownToken of(Secret token) {
    String text = token.reveal();
    if (AccessKey.looksLikeOne(token)) {
      return new Key();
    }
    List<String> parts = List.of(text.split("\\.", -1));
    try {
      return switch (parts.size()) {
        case 3 -> new Jwt(object(parts.get(0)), object(parts.get(1)));
        case 5 -> {
          object(parts.getFirst());
          yield new Encrypted();
        }
        default -> new Opaque();
      };
    } catch (IllegalArgumentException | JsonException notOne) {
      return new Opaque();
    }
  }

  private static JsonObject object(String part) throws JsonException {
    return Json.parse(Base64.getUrlDecoder().decode(part), new JsonBounds(16, 100, 1_000, 5_000))
        .asObject()
        .orElseThrow(() -> new IllegalArgumentException("no object"));
  }
}
