package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The errors of legacy servers as modern outcomes (2.1.1). */
final class LegacyErrors {
  /**
   * Begins the handle that comes back once the user has been to the pages a server asked for, whose
   * number follows. Nothing is parked then (2.2.6).
   */
  private static final String AFTER_PAGES = "pages-";

  private static final int MOST_PAGES = 99;

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
        return toPages(pages, error, exchange);
      }
    }
    return new Outcome.Failed(lacking(error).map(RpcError::missingCapability).orElse(error));
  }

  /** Clients of the one version that knows the code get it; older ones have the page named. */
  private static Outcome toPages(List<Question> pages, RpcError error, Exchange exchange) {
    ProtocolVersion version = exchange.client().version();
    if (version.era() == ProtocolVersion.Era.LEGACY) {
      return version.atLeast(ProtocolVersion.V2025_11_25)
          ? new Outcome.Failed(error)
          : failed(exchange, "To go on, open " + urls(pages) + " and make the call again.");
    }
    return exchange.client().canElicit("url")
        ? new Outcome.InputRequired(pages, AFTER_PAGES + pages.size())
        : new Outcome.Failed(RpcError.missingCapability(urlMode()));
  }

  private static String urls(List<Question> pages) {
    return pages.stream()
        .flatMap(page -> page.params().string("url").stream())
        .collect(Collectors.joining(" and "));
  }

  /** A server of both eras says it so, for want of a code of its own in this one (2.1.1). */
  private static Optional<JsonObject> lacking(RpcError error) {
    return error.code() == RpcError.INVALID_PARAMS
        ? error.data().flatMap(Json::asObject).flatMap(data -> data.object("requiredCapabilities"))
        : Optional.empty();
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
      if (params.isPresent() && pages.size() < MOST_PAGES) {
        pages.add(
            new Question(
                "q" + (pages.size() + 1),
                Method.ELICIT.text(),
                params.get().without("elicitationId").with("mode", "url")));
      }
    }
    return pages;
  }

  /** How many pages a handle stands for; empty when it stands for something else. */
  static OptionalInt pages(String handle) {
    return handle.matches(AFTER_PAGES + "[1-9][0-9]?")
        ? OptionalInt.of(Integer.parseInt(handle.substring(AFTER_PAGES.length())))
        : OptionalInt.empty();
  }

  /** Whether the user agreed to every page; no answer is none (CM-08). */
  static boolean agreed(JsonObject answers, int pages) {
    return IntStream.rangeClosed(1, pages)
        .allMatch(
            page ->
                answers
                    .object("q" + page)
                    .flatMap(answer -> answer.string("action"))
                    .filter("accept"::equals)
                    .isPresent());
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
