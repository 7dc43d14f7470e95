package dev.sallyport.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.transport.outbound.FetchOutcome;
import dev.sallyport.transport.outbound.HttpUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients whose id is the URL of a document that describes them
 * (draft-ietf-oauth-client-id-metadata-document; AS-04). What was good is kept for as long as its
 * host says, within bounds; what was not is asked for again. Only people who are known here make us
 * fetch one. Thread-safe.
 */
final class ClientDocuments {
  static final Duration SHORTEST = Duration.ofMinutes(1);
  static final Duration USUAL = Duration.ofMinutes(10);
  static final Duration LONGEST = Duration.ofHours(24);
  private static final int MOST_KEPT = 1_000;
  private static final JsonBounds BOUNDS = new JsonBounds(16, 200, 500, 5_000);
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);
  private static final Pattern UNKEPT =
      Pattern.compile("(?:^|[,\\s])(?:no-store|no-cache)\\b", Pattern.CASE_INSENSITIVE);
  private static final Log LOG = Log.of(ClientDocuments.class);

  private final Fetch fetch;
  private final LongSupplier nanos;
  private final Cache<String, Kept> kept =
      Caffeine.newBuilder().maximumSize(MOST_KEPT).executor(Runnable::run).build();

  /** How a document is had. */
  interface Fetch {
    FetchOutcome get(HttpUrl url) throws InterruptedException;
  }

  private record Kept(Client client, long until) {}

  /**
   * @param nanos a monotonic clock
   */
  ClientDocuments(Fetch fetch, LongSupplier nanos) {
    this.fetch = fetch;
    this.nanos = nanos;
  }

  /** Blocks. */
  Clients.Found find(String id) throws InterruptedException {
    Optional<HttpUrl> url = HttpUrl.of(id).filter(named -> isSound(named, id));
    if (url.isEmpty()) {
      return unknown("it is no https URL with a path, as it was first written");
    }
    Optional<Kept> known =
        Optional.ofNullable(kept.getIfPresent(id))
            .filter(found -> found.until() - nanos.getAsLong() > 0);
    if (known.isPresent()) {
      return new Clients.Found.Known(known.get().client());
    }
    return switch (fetch.get(url.get())) {
      case FetchOutcome.Refused refused -> {
        // Why is for the operator alone: it tells what can be reached from here.
        LOG.log(
            System.Logger.Level.INFO, "cannot fetch the document of a client: " + refused.detail());
        yield unknown(FetchOutcome.Refused.PUBLIC_TEXT);
      }
      case FetchOutcome.Document document when document.status() != 200 ->
          unknown(FetchOutcome.Refused.PUBLIC_TEXT);
      case FetchOutcome.Document document -> read(id, url.get(), document);
    };
  }

  /** Written as we write it, so that one client cannot have several names; and with a path. */
  private static boolean isSound(HttpUrl url, String id) {
    return url.secure()
        && url.toString().equals(id)
        && !url.target().equals("/")
        && List.of(url.target().split("[/?]", -1)).stream()
            .noneMatch(part -> part.equals(".") || part.equals(".."));
  }

  private Clients.Found read(String id, HttpUrl url, FetchOutcome.Document document) {
    Optional<JsonObject> said = object(document.body());
    if (said.isEmpty()) {
      return unknown("its document is no JSON object");
    }
    JsonObject metadata = said.get();
    if (!metadata.string("client_id").equals(Optional.of(id))) {
      return unknown("its document is of another client");
    }
    if (metadata.has("client_secret")
        || !metadata.string("token_endpoint_auth_method").orElse("none").equals("none")) {
      return unknown("its document says that it has a secret or a key, which is not supported");
    }
    Optional<List<RedirectUri>> redirects = Registration.redirects(metadata);
    if (redirects.isEmpty()) {
      return unknown("its document has no redirect_uris, or some that are not allowed");
    }
    String name = Registration.name(metadata).orElse(url.host());
    Client client = new Client(id, name, Optional.of(url.host()), false, redirects.get());
    keep(client, document);
    return new Clients.Found.Known(client);
  }

  private void keep(Client client, FetchOutcome.Document document) {
    String control = String.join(",", document.fields().all("Cache-Control"));
    if (UNKEPT.matcher(control).find()) {
      return;
    }
    Matcher age = MAX_AGE.matcher(control);
    Duration told = age.find() ? Duration.ofSeconds(Long.parseLong(age.group(1))) : USUAL;
    Duration bounded =
        told.compareTo(SHORTEST) < 0 ? SHORTEST : told.compareTo(LONGEST) > 0 ? LONGEST : told;
    kept.put(client.id(), new Kept(client, nanos.getAsLong() + bounded.toNanos()));
  }

  private static Optional<JsonObject> object(byte[] body) {
    try {
      return Json.parse(body, BOUNDS).asObject();
    } catch (JsonException notJson) {
      return Optional.empty();
    }
  }

  private static Clients.Found unknown(String why) {
    return new Clients.Found.Unknown(
        "The client is named by a URL (client_id), and cannot be used: " + why + ".");
  }
}
