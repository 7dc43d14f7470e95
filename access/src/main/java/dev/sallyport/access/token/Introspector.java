package dev.sallyport.access.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.access.Secret;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.FetchBounds;
import dev.sallyport.transport.outbound.FetchOutcome;
import dev.sallyport.transport.outbound.GuardedFetch;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks an issuer what an opaque token is good for (RFC 7662 section 2). What it says of one that is
 * active is judged as the claims of a JWT are; nothing is trusted that it leaves out. Blocks.
 * Thread-safe.
 */
final class Introspector {
  private static final JsonBounds BOUNDS = new JsonBounds(16, 100, 1_000, 5_000);
  private static final FetchBounds FETCH =
      FetchBounds.DEFAULT.withMostBytes(64 * 1024).withWhole(Duration.ofSeconds(3));
  private static final Log LOG = Log.of(Introspector.class);

  private final Introspection settings;
  private final GuardedFetch fetch;
  private final HttpFields fields;
  private final AtomicBoolean fails = new AtomicBoolean();

  Introspector(Introspection settings, GuardedFetch fetch) {
    this.settings = settings;
    this.fetch = fetch;
    this.fields =
        HttpFields.empty()
            .with("Accept", "application/json")
            .with("Content-Type", "application/x-www-form-urlencoded")
            .with("Authorization", "Basic " + credentials(settings));
  }

  /** RFC 6749 section 2.3.1: both are encoded as in a form before they are put together. */
  private static String credentials(Introspection settings) {
    String both = encoded(settings.clientId()) + ":" + encoded(settings.clientSecret());
    return Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** What the issuer says. */
  sealed interface Answer {
    /**
     * @param claims as they were told, without {@code active}
     */
    record Active(JsonObject claims) implements Answer {}

    record Inactive() implements Answer {}

    record None() implements Answer {}
  }

  Answer ask(Secret token) throws InterruptedException {
    byte[] form =
        ("token=" + encoded(token.reveal()) + "&token_type_hint=access_token").getBytes(UTF_8);
    return switch (fetch.post(settings.url(), fields, form, FETCH)) {
      case FetchOutcome.Refused refused -> none(refused.detail());
      case FetchOutcome.Document answer when answer.status() != 200 ->
          none(settings.url() + " answers " + answer.status());
      case FetchOutcome.Document answer -> read(answer.body());
    };
  }

  private Answer read(byte[] body) {
    Optional<JsonObject> told = object(body);
    Optional<Boolean> active = told.flatMap(all -> all.get("active")).flatMap(Json::asBoolean);
    if (active.isEmpty()) {
      return none(settings.url() + " does not say whether a token is active");
    }
    if (fails.getAndSet(false)) {
      LOG.log(Level.INFO, settings.url() + " answers again");
    }
    return active.get() ? new Answer.Active(told.orElseThrow()) : new Answer.Inactive();
  }

  private static Optional<JsonObject> object(byte[] body) {
    try {
      return Json.parse(body, BOUNDS).asObject();
    } catch (JsonException notJson) {
      return Optional.empty();
    }
  }

  /** Told once until it works again: every call of a caller may bring it up. */
  private Answer none(String why) {
    if (!fails.getAndSet(true)) {
      LOG.log(Level.WARNING, "opaque tokens cannot be checked: " + why);
    }
    return new Answer.None();
  }
}
