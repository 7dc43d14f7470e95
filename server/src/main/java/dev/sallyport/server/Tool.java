package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ParameterHeaders;
import dev.sallyport.server.schema.InvalidInput;
import dev.sallyport.server.schema.Literals;
import dev.sallyport.server.schema.RecordSchema;
import dev.sallyport.server.schema.WrittenSchema;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Something a model can have done.
 *
 * <pre>{@code
 * record Sum(@Description("The first number") double a, double b) {}
 *
 * Tool.named("add").describedAs("Adds two numbers").readOnly()
 *     .input(Sum.class)
 *     .answering((sum, call) -> ToolResult.text("" + (sum.a() + sum.b())));
 * }</pre>
 *
 * Arguments are checked before the code runs; what does not fit is told to the model in a result
 * that is an error. Immutable and thread-safe, as far as the author's code is.
 */
public final class Tool {
  /** FE-05. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

  private final String name;
  private final JsonObject listed;
  private final Set<Capability> required;
  private final Binding binding;

  /** The code with its arguments in it. */
  private interface Bound {
    ToolResult call(Call call) throws Exception;
  }

  /** Reads arguments. */
  private interface Binding {
    Bound bind(JsonObject arguments) throws InvalidInput;
  }

  /** An author's code for a tool. */
  @FunctionalInterface
  public interface Body<I, O> {
    O answer(I input, Call call) throws Exception;
  }

  /** An author's code for a tool that takes nothing. */
  @FunctionalInterface
  public interface PlainBody<O> {
    O answer(Call call) throws Exception;
  }

  private Tool(Draft<?, ?> draft, Binding binding) {
    this.name = draft.listed().string("name").orElseThrow();
    this.listed = draft.listed();
    this.required = draft.required();
    this.binding = binding;
  }

  /**
   * @param name letters, digits, {@code _ . -}; unique in a server
   */
  public static Draft<JsonObject, ToolResult> named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a tool's name is 1 to 128 of A-Z a-z 0-9 _ . -");
    }
    JsonObject none = JsonObject.of("type", Json.of("object"), "additionalProperties", Json.FALSE);
    Draft<JsonObject, ToolResult> draft =
        new Draft<>(JsonObject.of("name", Json.of(name)), Tool::nothing, result -> result);
    return draft.with("inputSchema", none.toJson());
  }

  private static JsonObject nothing(JsonObject arguments) throws InvalidInput {
    if (!arguments.isEmpty()) {
      throw InvalidInput.of("this takes no arguments");
    }
    return arguments;
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

  /** One call of this tool, its arguments read. */
  Work work(JsonObject arguments) throws InvalidInput {
    Bound bound = binding.bind(arguments);
    return new Work() {
      @Override
      public String name() {
        return "tool " + name;
      }

      @Override
      public Outcome carryOut(Call call) throws Exception {
        return new Outcome.Complete(bound.call(call).json());
      }

      @Override
      public Outcome failed(String why) {
        return new Outcome.Complete(ToolResult.error(why).json());
      }
    };
  }

  /** A tool being written; {@link #answering} ends it. */
  public static final class Draft<I, O> extends Described<Draft<I, O>> {
    private final Input<I> input;
    private final Output<O> output;

    private interface Input<I> {
      I read(JsonObject arguments) throws InvalidInput;
    }

    private interface Output<O> {
      ToolResult result(O value) throws InvalidInput;
    }

    private Draft(JsonObject listed, Input<I> input, Output<O> output) {
      super(listed);
      this.input = input;
      this.output = output;
    }

    @Override
    Draft<I, O> self() {
      return this;
    }

    /** It changes nothing. */
    public Draft<I, O> readOnly() {
      return hint("readOnlyHint", true);
    }

    /** It may undo or overwrite something; or, with false, it only ever adds. */
    public Draft<I, O> destructive(boolean does) {
      return hint("destructiveHint", does);
    }

    /** Doing it twice is the same as once. */
    public Draft<I, O> idempotent() {
      return hint("idempotentHint", true);
    }

    /** Whether it reaches things outside this server's own, such as the web. */
    public Draft<I, O> openWorld(boolean does) {
      return hint("openWorldHint", does);
    }

    private Draft<I, O> hint(String name, boolean value) {
      JsonObject hints = listed().object("annotations").orElse(JsonObject.EMPTY);
      return with("annotations", hints.with(name, Json.of(value)).toJson());
    }

    /** Arguments as a record; its schema is derived. */
    public <R extends Record> Draft<R, O> input(Class<R> type) {
      RecordSchema<R> schema = RecordSchema.of(type);
      return taking(schema.input(), schema::read);
    }

    /**
     * Arguments as they come, with a JSON Schema written by hand. Values are checked against it;
     * the validator for that is loaded by the first call.
     */
    public Draft<JsonObject, O> inputSchema(String jsonSchema) {
      WrittenSchema schema = WrittenSchema.of(Literals.object(jsonSchema));
      if (!schema.schema().get("type").equals(Optional.of(Json.of("object")))) {
        throw new IllegalArgumentException("the schema of arguments has the type object (FE-04)");
      }
      return taking(
          schema.schema(),
          arguments -> {
            schema.check(arguments.toJson());
            return arguments;
          });
    }

    private <T> Draft<T, O> taking(JsonObject schema, Input<T> other) {
      if (ParameterHeaders.read(schema) instanceof ParameterHeaders.Reading.Invalid(String why)) {
        throw new IllegalArgumentException(why); // HD-16
      }
      Draft<T, O> draft = continued(other, output);
      return draft.with("inputSchema", schema.toJson());
    }

    /** Answers with a record: structured content, whose schema is derived and listed. */
    public <R extends Record> Draft<I, R> output(Class<R> type) {
      Draft<I, R> draft = continued(input, ToolResult::of);
      return draft.with("outputSchema", RecordSchema.of(type).output().toJson());
    }

    /**
     * Answers with structured content by a JSON Schema written by hand, which is checked (FE-07).
     */
    public Draft<I, ToolResult> outputSchema(String jsonSchema) {
      WrittenSchema schema = WrittenSchema.of(Literals.object(jsonSchema));
      Draft<I, ToolResult> draft =
          continued(
              input,
              result -> {
                if (!result.json().has("isError")) {
                  schema.check(
                      result
                          .json()
                          .get("structuredContent")
                          .orElseThrow(() -> InvalidInput.of("there is no structured content")));
                }
                return result;
              });
      return draft.with("outputSchema", schema.schema().toJson());
    }

    private <T, U> Draft<T, U> continued(Input<T> otherInput, Output<U> otherOutput) {
      Draft<T, U> draft = new Draft<>(listed(), otherInput, otherOutput);
      return draft.requires(required().toArray(Capability[]::new));
    }

    /** The code; it may block, throw, and use {@link Call} to reach its client. */
    public Tool answering(Body<I, O> body) {
      return new Tool(
          this,
          arguments -> {
            I read = input.read(arguments);
            return call -> output.result(body.answer(read, call));
          });
    }

    /** As {@link #answering(Body)}, for a tool that takes nothing. */
    public Tool answering(PlainBody<O> body) {
      return answering((_, call) -> body.answer(call));
    }
  }
}
