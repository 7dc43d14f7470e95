package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON-RPC envelope, once and strictly: UTF-8 only, no duplicate names at any depth,
 * nothing after the value, bounds on depth and tokens. Thread-safe.
 */
public final class Envelope {
  private static final int MOST_IN_A_BATCH = 100;

  private final JsonFactory factory;

  public Envelope(JsonBounds bounds) {
    factory = StrictJson.factory(bounds);
  }

  /** What a text turned out to be. */
  public sealed interface Reading {
    /** One well-formed message. */
    record Single(Message message) implements Reading {}

    /** An array; each element stands for itself. Never empty. */
    record Batch(List<Reading> elements) implements Reading {
      public Batch {
        elements = List.copyOf(elements);
      }
    }

    /**
     * Not a message.
     *
     * @param id the id, when there was a readable one to answer to (JR-03, JR-04)
     */
    record Broken(Optional<RpcId> id, RpcError error) implements Reading {}
  }

  /**
   * Reads what a client sent. Values are written anew from the parsed stream, so what was checked
   * is what is forwarded (4-T55).
   */
  public Reading readFromClient(byte[] text) {
    try (StrictJson.Source source = checked(text, true)) {
      return read(source);
    } catch (JacksonException e) {
      return unparseable(StrictJson.fault(e));
    } catch (JsonException e) {
      return unparseable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads what a server sent. Values are slices of the given array, which must not change
   * afterwards.
   */
  public Reading readFromServer(byte[] text) {
    try (StrictJson.Source source = checked(text, false)) {
      return read(source);
    } catch (JacksonException e) {
      return unparseable(StrictJson.fault(e));
    } catch (JsonException e) {
      return unparseable(String.valueOf(e.getMessage()));
    }
  }

  private StrictJson.Source checked(byte[] text, boolean rewrite) throws JsonException {
    StrictJson.requireUtf8(text, 0, text.length);
    return rewrite
        ? StrictJson.Source.rewriting(factory, text, 0, text.length)
        : StrictJson.Source.slicing(factory, text, 0, text.length);
  }

  private static Reading unparseable(String fault) {
    return new Reading.Broken(Optional.empty(), RpcError.parse("Parse error: " + fault));
  }

  private static Reading read(StrictJson.Source source) throws JsonException {
    JsonToken first = source.next();
    if (first == null) {
      throw new JsonException("the text is empty");
    }
    Reading reading =
        switch (first) {
          case START_OBJECT -> message(source);
          case START_ARRAY -> batch(source);
          default -> {
            source.capture();
            yield new Reading.Broken(
                Optional.empty(), RpcError.invalidRequest("A message is a JSON object"));
          }
        };
    if (source.next() != null) {
      throw new JsonException("something follows the value");
    }
    return reading;
  }

  private static Reading batch(StrictJson.Source source) {
    List<Reading> elements = new ArrayList<>();
    for (JsonToken token = source.next(); token != JsonToken.END_ARRAY; token = source.next()) {
      if (token == JsonToken.START_OBJECT) {
        elements.add(message(source));
      } else {
        source.capture();
        elements.add(
            new Reading.Broken(
                Optional.empty(), RpcError.invalidRequest("A message is a JSON object")));
      }
      if (elements.size() > MOST_IN_A_BATCH) {
        // The rest must still be read for well-formedness, or a parse error would depend on the
        // size of the batch.
        elements.removeLast();
        elements.set(
            0,
            new Reading.Broken(Optional.empty(), RpcError.invalidRequest("The batch is too long")));
      }
    }
    if (elements.isEmpty()) {
      return new Reading.Broken(Optional.empty(), RpcError.invalidRequest("The batch is empty"));
    }
    return new Reading.Batch(elements);
  }

  /** Reads the object whose opening brace is current. */
  private static Reading message(StrictJson.Source source) {
    Draft draft = new Draft();
    while (source.next() != JsonToken.END_OBJECT) {
      String name = source.parser.currentName();
      JsonToken token = java.util.Objects.requireNonNull(source.next());
      boolean object = token == JsonToken.START_OBJECT;
      switch (name) {
        case "jsonrpc" -> draft.version = Optional.of(source.capture());
        case "id" -> draft.id = Optional.of(source.capture());
        case "method" -> draft.method = Optional.of(source.capture());
        case "params" -> {
          draft.paramsAreObject = object;
          draft.params = Optional.of(object ? source.members() : nothing(source));
        }
        case "result" -> {
          draft.resultIsObject = object;
          draft.result = Optional.of(object ? source.members() : nothing(source));
        }
        case "error" -> draft.error = Optional.of(source.capture());
        default -> source.capture();
      }
    }
    return draft.toReading();
  }

  private static JsonObject nothing(StrictJson.Source source) {
    source.capture();
    return JsonObject.EMPTY;
  }

  /** The members of an envelope as they turn up, in any order. */
  private static final class Draft {
    Optional<Json> version = Optional.empty();
    Optional<Json> id = Optional.empty();
    Optional<Json> method = Optional.empty();
    Optional<JsonObject> params = Optional.empty();
    boolean paramsAreObject = true;
    Optional<JsonObject> result = Optional.empty();
    boolean resultIsObject = true;
    Optional<Json> error = Optional.empty();

    Reading toReading() {
      if (!version.flatMap(Json::asString).filter("2.0"::equals).isPresent()) {
        return broken("jsonrpc must be \"2.0\"");
      }
      if (id.isPresent()
          && !RpcId.isId(id.get())
          && !(error.isPresent() && id.get().kind() == Json.Kind.NULL)) {
        return broken("id must be a string or an integer");
      }
      if (method.isPresent()) {
        return call();
      }
      return reply();
    }

    private Reading call() {
      Optional<String> name = method.flatMap(Json::asString);
      if (name.isEmpty() || result.isPresent() || error.isPresent()) {
        return broken("method must be a string, and a request carries neither result nor error");
      }
      if (!paramsAreObject) {
        return broken("params must be an object");
      }
      JsonObject given = params.orElse(JsonObject.EMPTY);
      return new Reading.Single(
          id.isPresent()
              ? new Message.Request(new RpcId(id.get()), name.get(), given)
              : new Message.Notification(name.get(), given));
    }

    private Reading reply() {
      if (result.isPresent() == error.isPresent()) {
        return broken("a message has a method, a result or an error");
      }
      if (result.isPresent()) {
        return id.isEmpty() || !resultIsObject
            ? broken("a result is an object and answers an id")
            : new Reading.Single(new Message.Result(new RpcId(id.get()), result.get()));
      }
      Optional<RpcError> read = error.flatMap(Json::asObject).flatMap(Draft::error);
      if (read.isEmpty()) {
        return broken("an error has an integer code and a message");
      }
      return new Reading.Single(new Message.Failure(readableId(), read.get()));
    }

    private static Optional<RpcError> error(JsonObject members) {
      return members.integer("code").stream()
          .filter(code -> code == (int) code)
          .mapToObj(
              code ->
                  new RpcError(
                      (int) code, members.string("message").orElse(""), members.get("data")))
          .findFirst();
    }

    private Optional<RpcId> readableId() {
      return id.filter(RpcId::isId).map(RpcId::new);
    }

    private Reading broken(String why) {
      return new Reading.Broken(readableId(), RpcError.invalidRequest("Invalid request: " + why));
    }
  }
}
