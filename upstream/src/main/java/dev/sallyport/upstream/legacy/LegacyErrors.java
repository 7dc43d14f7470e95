package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.wire.UpstreamErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The errors of legacy servers as modern outcomes (2.1.1). */
final class LegacyErrors {
  /** Comes back once the user has been to the pages a server asked for; nothing is parked then. */
  static final String AFTER_PAGES = "pages";

  private LegacyErrors() {}

  static Outcome outcome(RpcError error, Exchange exchange) {
    if (error.code() == RpcError.LEGACY_RESOURCE_NOT_FOUND) {
      Optional<String> uri = exchange.params().string("uri");
      if (uri.isPresent()) {
        return new Outcome.Failed(RpcError.resourceNotFound(uri.get()));
      }
    }
    if (error.code() == RpcError.LEGACY_URL_ELICITATION_REQUIRED) {
      List<Question> pages = pages(error);
      if (!pages.isEmpty()) {
        return exchange.client().canElicit("url")
            ? new Outcome.InputRequired(pages, AFTER_PAGES)
            : new Outcome.Failed(RpcError.missingCapability(urlMode()));
      }
    }
    return new Outcome.Failed(UpstreamErrors.outsideReserved(error));
  }

  private static JsonObject urlMode() {
    return JsonObject.of("elicitation", JsonObject.of("url", JsonObject.EMPTY.toJson()).toJson());
  }

  /** The elicitations an error of 2025-11-25 lists, as questions (2.1 row 24). */
  private static List<Question> pages(RpcError error) {
    List<Json> listed =
        error
            .data()
            .flatMap(Json::asObject)
            .flatMap(data -> data.array("elicitations"))
            .orElse(List.of());
    List<Question> pages = new ArrayList<>();
    for (Json each : listed) {
      Optional<JsonObject> params = each.asObject().filter(some -> some.string("url").isPresent());
      if (params.isPresent()) {
        pages.add(
            new Question(
                "q" + (pages.size() + 1),
                Method.ELICIT.text(),
                params.get().without("elicitationId").with("mode", "url")));
      }
    }
    return pages;
  }

  /** Whether the user agreed to every page. */
  static boolean agreed(JsonObject answers) {
    List<Boolean> accepted = new ArrayList<>();
    answers.forEach(
        (key, answer) ->
            accepted.add(
                answer
                    .asObject()
                    .flatMap(result -> result.string("action"))
                    .filter("accept"::equals)
                    .isPresent()));
    return !accepted.contains(false);
  }

  /**
   * A call that came to nothing for a reason the model may read; other methods have no such form.
   */
  static Outcome failed(Exchange exchange, String text) {
    if (!Method.TOOLS_CALL.is(exchange.method())) {
      return new Outcome.Failed(RpcError.internal(text));
    }
    Json content =
        new JsonWriter(128)
            .beginArray()
            .beginObject()
            .member("type", "text")
            .member("text", text)
            .endObject()
            .endArray()
            .toJson();
    return new Outcome.Complete(JsonObject.of("content", content, "isError", Json.TRUE));
  }
}
