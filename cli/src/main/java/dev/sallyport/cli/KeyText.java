package dev.sallyport.cli;

import dev.sallyport.access.AccessKey;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** What may be told of an access key, which is all but the key itself. */
final class KeyText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

  private KeyText() {}

  static JsonObject json(AccessKey key) {
    return JsonObject.of("name", Json.of(key.name()), "id", Json.of(key.id()))
        .with("created", key.created().toString())
        .with("expires", key.expires().map(end -> Json.of(end.toString())).orElse(Json.NULL));
  }

  static String until(AccessKey key) {
    if (key.expiredAt(Clock.systemUTC().instant())) {
      return "expired";
    }
    return key.expires().map(end -> "until " + time(end)).orElse("until revoked");
  }

  static String time(Instant moment) {
    return TIME.format(moment);
  }
}
