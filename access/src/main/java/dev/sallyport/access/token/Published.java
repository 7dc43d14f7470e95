package dev.sallyport.access.token;

import dev.sallyport.access.token.IssuerProbe.Contact;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.FetchBounds;
import dev.sallyport.transport.outbound.FetchOutcome;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.util.Optional;

/** Gets what issuers publish, within bounds. Blocks. Thread-safe. */
record Published(GuardedFetch fetch) {
  private static final HttpFields JSON = HttpFields.empty().with("Accept", "application/json");
  private static final JsonBounds BOUNDS = new JsonBounds(16, 100, 1_000, 20_000);
  private static final FetchBounds FETCH = FetchBounds.DEFAULT.withMostBytes(256 * 1024);

  /** What came of looking at a place. */
  sealed interface Looked {
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Yes(byte[] body, HttpFields fields) implements Looked {}

    /**
     * @param why one line for the operator
     */
    record No(String why, Contact contact) implements Looked {}
  }

  Looked at(HttpUrl place) throws InterruptedException {
    return switch (fetch.get(place, JSON, FETCH)) {
      case FetchOutcome.Refused refused ->
          new Looked.No(refused.detail(), contact(refused.reason()));
      case FetchOutcome.Document got when got.status() != 200 ->
          new Looked.No(
              place + " answers " + got.status(),
              got.status() >= 500 ? Contact.SILENT : Contact.ANSWERED);
      case FetchOutcome.Document got -> new Looked.Yes(got.body(), got.fields());
    };
  }

  private static Contact contact(FetchOutcome.Reason reason) {
    return switch (reason) {
      case URL, ADDRESS, REDIRECT -> Contact.REFUSED;
      case TOO_LARGE -> Contact.ANSWERED;
      case TOO_SLOW, BUSY, UNREACHED -> Contact.SILENT;
    };
  }

  static Optional<JsonObject> object(byte[] body) {
    try {
      return Json.parse(body, BOUNDS).asObject();
    } catch (JsonException notJson) {
      return Optional.empty();
    }
  }
}
