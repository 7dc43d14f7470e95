package dev.sallyport.server;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out completion/complete: suggestions for an argument of a prompt or a template. */
final class Completions {
  private static final Log LOG = Log.of(Completions.class);

  /** FE-14. */
  private static final int MOST_VALUES = 100;

  private Completions() {}

  static Outcome complete(Exchange exchange, Catalog catalog) {
    Optional<JsonObject> ref = exchange.params().object("ref");
    Optional<JsonObject> argument = exchange.params().object("argument");
    Optional<String> name = argument.flatMap(it -> it.string("name"));
    Optional<String> value = argument.flatMap(it -> it.string("value"));
    Optional<Arguments> others =
        Params.strings(
            exchange.params().object("context").orElse(JsonObject.EMPTY).get("arguments"));
    if (ref.isEmpty() || name.isEmpty() || value.isEmpty() || others.isEmpty()) {
      return invalid("Expected ref, and argument with name and value");
    }
    Optional<Completer> completer = completer(catalog, ref.get(), name.get());
    if (completer.isEmpty()) {
      return invalid("Unknown reference or argument");
    }
    Completer.Typed typed = new Completer.Typed(value.get(), others.get(), exchange.caller());
    try {
      return result(completer.get().complete(typed));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return new Outcome.Cancelled();
    } catch (Exception unexpected) {
      LOG.log(System.Logger.Level.ERROR, "a completion failed", unexpected);
      return new Outcome.Failed(RpcError.internal("The completion failed"));
    }
  }

  private static Optional<Completer> completer(Catalog catalog, JsonObject ref, String argument) {
    String target = ref.string("name").or(() -> ref.string("uri")).orElse("");
    return switch (ref.string("type").orElse("")) {
      case "ref/prompt" ->
          named(catalog.prompts(), target).flatMap(prompt -> prompt.completer(argument));
      case "ref/resource" ->
          named(catalog.templates(), target).flatMap(template -> template.completer(argument));
      default -> Optional.empty();
    };
  }

  private static <T> Optional<T> named(Map<String, T> all, String name) {
    return Optional.ofNullable(all.get(name));
  }

  private static Outcome result(List<String> values) {
    List<Json> sent = values.stream().limit(MOST_VALUES).map(Json::of).toList();
    JsonObject completion =
        JsonObject.of("values", Json.arrayOf(sent), "total", Json.of(values.size()))
            .with("hasMore", Json.of(values.size() > sent.size()));
    return new Outcome.Complete(JsonObject.of("completion", completion.toJson()));
  }

  private static Outcome invalid(String why) {
    return new Outcome.Failed(RpcError.invalidParams(why));
  }
}
