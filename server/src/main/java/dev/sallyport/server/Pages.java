package dev.sallyport.server;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Lists, page by page. A cursor is opaque to clients (FE-15); it holds the place where the next
 * page begins, so it stays good while a list changes, and forging one gains nothing.
 */
record Pages(int size, CacheHint cache) {
  private static final int LONGEST_CURSOR = 64;

  Outcome page(Exchange exchange, String member, List<JsonObject> all) {
    Optional<Json> cursor = exchange.params().get("cursor");
    OptionalInt from = cursor.isEmpty() ? OptionalInt.of(0) : place(member, cursor.get());
    if (from.isEmpty()) {
      return new Outcome.Failed(RpcError.invalidParams("Invalid cursor"));
    }
    int start = Math.min(from.getAsInt(), all.size());
    int end = Math.min(start + size, all.size());
    List<Json> page = all.subList(start, end).stream().map(JsonObject::toJson).toList();
    JsonObject result = JsonObject.of(member, Json.arrayOf(page));
    if (end < all.size()) {
      result = result.with("nextCursor", cursor(member, end));
    }
    return new Outcome.Complete(cache.addTo(result));
  }

  private static String cursor(String member, int place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((member + ":" + place).getBytes(StandardCharsets.UTF_8));
  }

  private static OptionalInt place(String member, Json cursor) {
    String text = cursor.asString().orElse("");
    if (text.length() > LONGEST_CURSOR) {
      return OptionalInt.empty();
    }
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int place =
          plain.startsWith(member + ":")
              ? Integer.parseInt(plain.substring(member.length() + 1))
              : -1;
      return place >= 0 ? OptionalInt.of(place) : OptionalInt.empty();
    } catch (IllegalArgumentException notOurs) {
      return OptionalInt.empty();
    }
  }
}
