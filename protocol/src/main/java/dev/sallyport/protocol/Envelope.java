package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON-RPC envelope, once and strictly: UTF-8 only, no duplicate names at any depth,
 * nothing after the value, bounds on depth and tokens. Thread-safe.
 */
public final class Envelope {
  /** Most messages of one batch; only legacy clients send any. */
  public static final int MOST_IN_A_BATCH = 100;

  private final JsonBounds bounds;
  private final JsonFactory factory;

  public Envelope(JsonBounds bounds) {
    this.bounds = bounds;
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
     * @param hadMethod whether it meant to ask or tell something, so that the id is its own, and
     *     not that of a request of ours
     */
    record Broken(Optional<RpcId> id, RpcError error, boolean hadMethod) implements Reading {}
  }

  /**
   * Reads what a client sent. Values are written anew from the parsed stream, so what was checked
   * is what is forwarded (4-T55).
   */
  public Reading readFromClient(byte[] text) {
    try {
      Utf8.require(text);
    } catch (JsonException e) {
      return unparseable(e);
    }
    try (JsonSource source = new JsonSource(factory, text)) {
      return read(source);
    } catch (JacksonException e) {
      return unparseable(StrictJson.fault(e));
    } catch (JsonException e) {
      return unparseable(e);
    }
  }

  /**
   * Reads what a server sent. Values are slices of the given array, which must not change
   * afterwards.
   */
  public Reading readFromServer(byte[] text) {
    try {
      return read(new JsonScanner(text, bounds));
    } catch (JsonException e) {
      return unparseable(e, text);
    }
  }

  /** Text that is not UTF-8 is called that, whatever else is the matter with it. */
  private static Reading unparseable(JsonException fault, byte[] text) {
    try {
      Utf8.require(text);
      return unparseable(fault);
    } catch (JsonException notText) {
      return unparseable(notText);
    }
  }

  private static Reading unparseable(JsonException fault) {
    return new Reading.Broken(
        Optional.empty(), RpcError.parse("Parse error: " + fault.getMessage()), false);
  }

  private static Reading read(JsonCursor source) throws JsonException {
    if (!source.begin()) {
      throw JsonException.empty();
    }
    Reading reading = source.isArray() ? batch(source) : element(source);
    source.end();
    return reading;
  }

  /** Reads to the end in any case, or a parse error would depend on the size of the batch. */
  private static Reading batch(JsonCursor source) throws JsonException {
    List<Reading> elements = new ArrayList<>();
    boolean tooLong = false;
    while (source.nextElement()) {
      Reading element = element(source);
      if (elements.size() < MOST_IN_A_BATCH) {
        elements.add(element);
      } else {
        tooLong = true;
      }
    }
    if (elements.isEmpty()) {
      return broken("the batch is empty");
    }
    return tooLong
        ? broken("a batch holds at most " + MOST_IN_A_BATCH + " messages")
        : new Reading.Batch(elements);
  }

  private static Reading element(JsonCursor source) throws JsonException {
    if (source.isObject()) {
      return message(source);
    }
    source.capture();
    return broken("a message is an object");
  }

  private static Reading broken(String why) {
    return new Reading.Broken(
        Optional.empty(), RpcError.invalidRequest("Invalid request: " + why), false);
  }

  private static Reading message(JsonCursor source) throws JsonException {
    Draft draft = new Draft();
    while (source.nextMember()) {
      String name = source.name();
      boolean object = source.isObject();
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
        default -> {
          draft.lookalike |= Draft.NAMES.contains(Draft.folded(name));
          source.capture();
        }
      }
    }
    return source.isRewriting() && draft.isAmbiguous()
        ? draft.broken("two member names differ in case only")
        : draft.toReading();
  }

  private static JsonObject nothing(JsonCursor source) throws JsonException {
    source.capture();
    return JsonObject.EMPTY;
  }

  /** The members of an envelope as they turn up, in any order. */
  private static final class Draft {
    static final Set<String> NAMES =
        ignoringCase(List.of("jsonrpc", "id", "method", "params", "result", "error"));

    /** So many names are compared faster one by one than by a set. */
    private static final int FEW = 8;

    Optional<Json> version = Optional.empty();
    Optional<Json> id = Optional.empty();
    Optional<Json> method = Optional.empty();
    Optional<JsonObject> params = Optional.empty();
    boolean paramsAreObject = true;
    Optional<JsonObject> result = Optional.empty();
    boolean resultIsObject = true;
    Optional<Json> error = Optional.empty();
    boolean lookalike;

    /**
     * Whether a reader that ignores case, as Go's does, would see another message than we do: one
     * that names another tool, say.
     */
    boolean isAmbiguous() {
      return lookalike || params.map(given -> hasTwins(given.names())).orElse(false);
    }

    private static boolean hasTwins(List<String> names) {
      if (names.size() > FEW) {
        return ignoringCase(names).size() < names.size();
      }
      for (int i = 1; i < names.size(); i++) {
        for (int j = 0; j < i; j++) {
          if (names.get(i).equalsIgnoreCase(names.get(j))) {
            return true;
          }
        }
      }
      return false;
    }

    private static Set<String> ignoringCase(List<String> names) {
      Set<String> set = new HashSet<>();
      names.forEach(name -> set.add(folded(name)));
      return set;
    }

    /** Both ways, because some letters only meet in one of the two cases. */
    static String folded(String name) {
      return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    Reading toReading() {
      if (version.flatMap(Json::asString).filter("2.0"::equals).isEmpty()) {
        return broken("jsonrpc must be \"2.0\"");
      }
      boolean forNobody = error.isPresent() && id.filter(Json.NULL::equals).isPresent();
      if (id.isPresent() && !RpcId.isId(id.get()) && !forNobody) {
        return broken("id must be a string or an integer");
      }
      return method.isPresent() ? call() : reply();
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
      return read.isEmpty()
          ? broken("an error is an object with an integer code")
          : new Reading.Single(new Message.Failure(readableId(), read.get()));
    }

    /**
     * Takes an error without a message too: what a server says is wrong is worth more than form.
     */
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
      return new Reading.Broken(
          readableId(), RpcError.invalidRequest("Invalid request: " + why), method.isPresent());
    }
  }
}
