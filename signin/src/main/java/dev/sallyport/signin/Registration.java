package dev.sallyport.signin;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.signin.store.ClientTable;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import dev.sallyport.transport.http.HttpAnswer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets clients register themselves (RFC 7591; AS-05). Whoever reaches us can, so it grants nothing:
 * a name that is shown as made up, and where answers may go. Thread-safe.
 */
final class Registration {
  static final int MOST_BYTES = 16 * 1024;
  private static final int LONGEST_NAME = 200;
  private static final JsonBounds BOUNDS = new JsonBounds(16, 200, 500, 5_000);
  private static final Set<String> GRANTS = Set.of("authorization_code", "refresh_token");

  private final Store store;
  private final Clock clock;
  private final Chance chance;

  Registration(Store store, Clock clock, Chance chance) {
    this.store = store;
    this.clock = clock;
    this.chance = chance;
  }

  HttpAnswer register(byte[] body) throws StoreException {
    Optional<JsonObject> said = object(body);
    if (said.isEmpty()) {
      return invalid("it is no JSON object, or too large");
    }
    JsonObject metadata = said.get();
    Optional<List<RedirectUri>> redirects = redirects(metadata);
    if (redirects.isEmpty()) {
      return Answers.error(
          400,
          "invalid_redirect_uri",
          "redirect_uris has 1 to 20 of them, each https, or http to this computer, without a"
              + " fragment");
    }
    Optional<String> fault = fault(metadata);
    if (fault.isPresent()) {
      return invalid(fault.get());
    }
    Instant now = clock.instant();
    ClientTable.Registered client =
        new ClientTable.Registered(
            chance.id(),
            name(metadata).orElse(""),
            redirects.get().stream().map(RedirectUri::text).toList(),
            now);
    if (!store.in(rows -> ClientTable.add(rows, client))) {
      return Answers.unavailable();
    }
    return Answers.json(201, answer(client));
  }

  private static Optional<String> fault(JsonObject metadata) {
    if (metadata.has("client_name") && name(metadata).isEmpty()) {
      return Optional.of("client_name is text of at most " + LONGEST_NAME + " characters");
    }
    Optional<Json> grants = metadata.get("grant_types");
    if (grants.isPresent() && !texts(grants.get()).contains("authorization_code")) {
      return Optional.of("grant_types has to have authorization_code");
    }
    Optional<Json> responses = metadata.get("response_types");
    return responses.isPresent() && !texts(responses.get()).contains("code")
        ? Optional.of("response_types has to have code")
        : Optional.empty();
  }

  /**
   * What was asked for and is not possible is not in it, so that the client learns of that: it gets
   * no secret, whatever it wanted (RFC 7591 section 3.2.1).
   */
  private static Json answer(ClientTable.Registered client) {
    JsonObject answer =
        JsonObject.of("client_id", Json.of(client.id()))
            .with("client_id_issued_at", Json.of(client.registered().getEpochSecond()))
            .with("redirect_uris", Home.texts(client.redirects()))
            .with("grant_types", Home.texts(GRANTS.stream().sorted().toList()))
            .with("response_types", Home.texts(List.of("code")))
            .with("token_endpoint_auth_method", "none");
    return (client.name().isEmpty() ? answer : answer.with("client_name", client.name())).toJson();
  }

  /** As a client describes itself, here or in its document. */
  static Optional<List<RedirectUri>> redirects(JsonObject metadata) {
    return metadata.get("redirect_uris").map(Registration::texts).flatMap(Client::soundRedirects);
  }

  static Optional<String> name(JsonObject metadata) {
    return metadata
        .string("client_name")
        .filter(name -> !name.isBlank() && name.length() <= LONGEST_NAME);
  }

  /** Of an array of texts; something else in it counts as an empty one. */
  private static List<String> texts(Json json) {
    List<String> texts = new ArrayList<>();
    json.asArray().orElse(List.of()).forEach(each -> texts.add(each.asString().orElse("")));
    return texts;
  }

  private static Optional<JsonObject> object(byte[] body) {
    if (body.length > MOST_BYTES) {
      return Optional.empty();
    }
    try {
      return Json.parse(body, BOUNDS).asObject();
    } catch (JsonException notJson) {
      return Optional.empty();
    }
  }

  private static HttpAnswer invalid(String why) {
    return Answers.error(400, "invalid_client_metadata", why);
  }
}
