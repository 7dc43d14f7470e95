package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A template of messages that a person picks.
 *
 * <pre>{@code
 * Prompt.named("apology").describedAs("Writes an apology for a late order")
 *     .argument("order", "The order's number")
 *     .answering((arguments, call) -> List.of(
 *         PromptMessage.user("Apologise for the delay of order " + arguments.get("order"))));
 * }</pre>
 *
 * Immutable and thread-safe, as far as the author's code is.
 */
public final class Prompt {
  private final String name;
  private final JsonObject listed;
  private final Set<Capability> required;

  /** Whether each argument has to be given. */
  private final Map<String, Boolean> arguments;

  private final Map<String, Completer> completers;
  private final Body body;

  /** An author's code for a prompt. */
  @FunctionalInterface
  public interface Body {
    List<PromptMessage> answer(Arguments arguments, Call call) throws Exception;
  }

  private Prompt(Draft draft, Body body) {
    this.name = draft.name;
    this.listed = draft.listed();
    this.required = draft.required();
    this.arguments = new LinkedHashMap<>(draft.arguments);
    this.completers = Map.copyOf(draft.completers);
    this.body = body;
  }

  public static Draft named(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a prompt has a name");
    }
    return new Draft(name);
  }

  String name() {
    return name;
  }

  JsonObject listed() {
    return listed;
  }

  Set<Capability> required() {
    return required;
  }

  boolean hasCompletions() {
    return !completers.isEmpty();
  }

  /** Suggests values, perhaps none; empty when there is nothing of that name. */
  Optional<Completer> completer(String argument) {
    return arguments.containsKey(argument)
        ? Optional.of(completers.getOrDefault(argument, Completer.NOTHING))
        : Optional.empty();
  }

  /** What is wrong with a caller's arguments, if anything (FE-13). */
  Optional<String> fault(Arguments given) {
    if (!arguments.keySet().containsAll(given.names())) {
      return Optional.of("Unknown argument; known are: " + arguments.keySet());
    }
    return arguments.entrySet().stream()
        .filter(argument -> argument.getValue() && given.find(argument.getKey()).isEmpty())
        .findFirst()
        .map(argument -> "Missing argument: " + argument.getKey());
  }

  Work work(Arguments given) {
    return new Work() {
      @Override
      public String name() {
        return "prompt " + name;
      }

      @Override
      public Outcome carryOut(Call call) throws Exception {
        List<Json> messages = new ArrayList<>();
        body.answer(given, call).forEach(message -> messages.add(message.json()));
        JsonObject result =
            listed
                .get("description")
                .map(text -> JsonObject.of("description", text))
                .orElse(JsonObject.EMPTY);
        return new Outcome.Complete(result.with("messages", Json.arrayOf(messages)));
      }

      @Override
      public Outcome failed(String why) {
        return new Outcome.Failed(RpcError.internal(why));
      }
    };
  }

  /** A prompt being written; {@link #answering} ends it. */
  public static final class Draft extends Described<Draft> {
    private final String name;
    private final Map<String, Boolean> arguments = new LinkedHashMap<>();
    private final List<Json> listedArguments = new ArrayList<>();
    private final Map<String, Completer> completers = new HashMap<>();

    private Draft(String name) {
      super(JsonObject.of("name", Json.of(name)));
      this.name = name;
    }

    @Override
    Draft self() {
      return this;
    }

    /** An argument that has to be given. */
    public Draft argument(String argument, String description) {
      return add(argument, description, true);
    }

    public Draft optionalArgument(String argument, String description) {
      return add(argument, description, false);
    }

    private Draft add(String argument, String description, boolean needed) {
      if (arguments.put(argument, needed) != null) {
        throw new IllegalArgumentException("there are two arguments " + argument);
      }
      listedArguments.add(
          JsonObject.of("name", Json.of(argument), "description", Json.of(description))
              .with("required", Json.of(needed))
              .toJson());
      return with("arguments", Json.arrayOf(listedArguments));
    }

    /** Suggests values for an argument. */
    public Draft completing(String argument, Completer completer) {
      if (!arguments.containsKey(argument)) {
        throw new IllegalArgumentException("there is no argument " + argument);
      }
      completers.put(argument, completer);
      return this;
    }

    public Prompt answering(Body body) {
      return new Prompt(this, body);
    }
  }
}
