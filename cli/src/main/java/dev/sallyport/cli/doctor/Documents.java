package dev.sallyport.cli.doctor;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.FetchBounds;
import dev.sallyport.transport.outbound.FetchOutcome;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;

/** Fetches what a server publishes of itself. */
final class Documents {
  /** For what the guarded client does not ask. */
  static final String ALLOW =
      "only public addresses and https on its usual port are asked, unless you trust it:  --allow ";

  private static final HttpFields JSON = HttpFields.empty().with("Accept", "application/json");
  private static final JsonBounds BOUNDS = new JsonBounds(16, 100, 1_000, 20_000);
  private static final FetchBounds FETCH = FetchBounds.DEFAULT.withMostBytes(256 * 1024);

  private final GuardedFetch fetch;

  Documents(GuardedFetch fetch) {
    this.fetch = fetch;
  }

  sealed interface Got {
    /**
     * @param type as it was sent
     */
    record Document(HttpUrl place, JsonObject object, String type) implements Got {}

    /**
     * @param refused whether it was not asked at all
     */
    record Nothing(String why, boolean refused) implements Got {}
  }

  Got get(HttpUrl place) throws InterruptedException {
    return switch (fetch.get(place, JSON, FETCH)) {
      case FetchOutcome.Refused(var reason, var detail) ->
          switch (reason) {
            case URL, ADDRESS, REDIRECT -> new Got.Nothing("not asked: " + detail, true);
            case TOO_LARGE, TOO_SLOW, BUSY, UNREACHED -> new Got.Nothing(detail, false);
          };
      case FetchOutcome.Document got when got.status() != 200 ->
          new Got.Nothing(place + " answers " + got.status(), false);
      case FetchOutcome.Document got -> document(place, got);
    };
  }

  private static Got document(HttpUrl place, FetchOutcome.Document got) {
    try {
      String type = got.fields().first("Content-Type").orElse("");
      return Json.parse(got.body(), BOUNDS)
          .asObject()
          .<Got>map(object -> new Got.Document(place, object, type))
          .orElseGet(() -> new Got.Nothing(place + " is no JSON object", false));
    } catch (JsonException notJson) {
      return new Got.Nothing(place + " is no JSON", false);
    }
  }
}
