package dev.sallyport.protocol;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which arguments of one tool are repeated in {@code Mcp-Param-*} headers: the {@code x-mcp-header}
 * annotations of its input schema (SEP-2243 as amended by Streamable HTTP, Custom Headers).
 * Immutable.
 */
public final class ParameterHeaders {
  public static final String ANNOTATION = "x-mcp-header";
  public static final String PREFIX = "Mcp-Param-";
  public static final ParameterHeaders NONE = new ParameterHeaders(List.of());

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?");
  private static final BigDecimal MOST_EXACT = new BigDecimal((1L << 53) - 1);
  private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

  /** Keywords whose values are data, where an annotation is only a member like any other. */
  private static final Set<String> DATA = Set.of("const", "default", "enum", "examples");

  /** Keywords whose values are schemas by name, where an annotation is only a name. */
  private static final Set<String> NAMED =
      Set.of(
          "properties",
          "patternProperties",
          "$defs",
          "definitions",
          "dependencies",
          "dependentRequired",
          "dependentSchemas");

  private final List<Mirrored> parameters;

  private record Mirrored(String header, List<String> path) {
    Optional<Json> valueIn(JsonObject arguments) {
      Optional<JsonObject> holder = Optional.of(arguments);
      for (String step : path.subList(0, path.size() - 1)) {
        holder = holder.flatMap(object -> object.object(step));
      }
      return holder
          .flatMap(object -> object.get(path.getLast()))
          .filter(value -> value.kind() != Json.Kind.NULL);
    }
  }

  /** What the annotations of a schema come to. */
  public sealed interface Reading {
    record Valid(ParameterHeaders headers) implements Reading {}

    /**
     * The tool must not be offered to clients of Streamable HTTP (HD-16), nor be called over it
     * (CH-09).
     *
     * @param why for the operator; may carry names from the schema
     */
    record Invalid(String why) implements Reading {}
  }

  private ParameterHeaders(List<Mirrored> parameters) {
    this.parameters = List.copyOf(parameters);
  }

  /** Reads the annotations of a tool's input schema. */
  public static Reading read(JsonObject inputSchema) {
    Scan scan = new Scan();
    scan.schema(inputSchema, List.of(), true);
    return scan.fault
        .<Reading>map(Reading.Invalid::new)
        .orElseGet(() -> new Reading.Valid(new ParameterHeaders(scan.found)));
  }

  /** Reads the annotations of a tool as a list has it; almost always there are none. */
  public static Reading ofTool(Json listed) {
    return mayBeIn(listed)
        ? listed
            .asObject()
            .flatMap(tool -> tool.object("inputSchema"))
            .map(ParameterHeaders::read)
            .orElse(new Reading.Valid(NONE))
        : new Reading.Valid(NONE);
  }

  /**
   * Whether a tool, or a list of them, is worth reading. Almost none mirrors anything, and reading
   * a schema costs far more than looking for the word, which may only hide behind an escape.
   */
  public static boolean mayBeIn(Json tools) {
    String text = tools.text();
    return text.contains(ANNOTATION) || text.contains("\\u");
  }

  /** The schema without any annotation, and all else as it came. */
  public static JsonObject strip(JsonObject schema) {
    List<String> keywords = new ArrayList<>();
    List<Json> values = new ArrayList<>();
    schema.forEach(
        (keyword, value) -> {
          if (!keyword.equals(ANNOTATION)) {
            keywords.add(keyword);
            values.add(
                NAMED.contains(keyword)
                    ? value.asObject().map(ParameterHeaders::stripNamed).orElse(value)
                    : DATA.contains(keyword) ? value : stripAny(value));
          }
        });
    return new JsonObject(keywords, values);
  }

  private static Json stripNamed(JsonObject named) {
    List<Json> values = new ArrayList<>();
    named.forEach((name, one) -> values.add(stripAny(one)));
    return new JsonObject(named.names(), values).toJson();
  }

  private static Json stripAny(Json value) {
    return value
        .asObject()
        .map(schema -> strip(schema).toJson())
        .or(
            () ->
                value
                    .asArray()
                    .map(all -> Json.arrayOf(all.stream().map(one -> stripAny(one)).toList())))
        .orElse(value);
  }

  public boolean isEmpty() {
    return parameters.isEmpty();
  }

  /**
   * Whether the headers of a call agree with its arguments (HD-10 to HD-13). Headers no annotation
   * names are nobody's business here (HD-14).
   *
   * @param fields gives all values of a field, whatever the case of its name
   */
  public Optional<RpcError> check(JsonObject arguments, Function<String, List<String>> fields) {
    for (Mirrored parameter : parameters) {
      Optional<Json> value = parameter.valueIn(arguments);
      // A header for a value that is absent or null says something the body does not (HD-11).
      Optional<RpcError> fault =
          value.isEmpty()
              ? MirroredHeaders.optional(parameter.header(), fields, never -> false)
              : MirroredHeaders.required(
                  parameter.header(), fields, field -> agrees(field, value.get()));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  /** The headers for a call with these arguments (CH-08). */
  public Map<String, String> of(JsonObject arguments) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Mirrored parameter : parameters) {
      parameter
          .valueIn(arguments)
          .flatMap(ParameterHeaders::text)
          .ifPresent(text -> headers.put(parameter.header(), HeaderValue.encode(text)));
    }
    return headers;
  }

  private static boolean agrees(String field, Json value) {
    Optional<String> decoded = HeaderValue.decode(field);
    return switch (value.kind()) {
      case STRING -> decoded.equals(value.asString());
      case BOOLEAN -> decoded.equals(Optional.of(value.text()));
      case NUMBER -> decoded.filter(text -> sameNumber(text, value.text())).isPresent();
      case OBJECT, ARRAY, NULL -> false;
    };
  }

  /**
   * Compares as numbers (HD-12). Outside the range that doubles hold exactly, others would see
   * equal numbers where we see different ones, so nothing agrees there (HD-16).
   */
  private static boolean sameNumber(String header, String body) {
    if (!NUMBER.matcher(header).matches() || !NUMBER.matcher(body).matches()) {
      return false;
    }
    BigDecimal number = new BigDecimal(body);
    return number.abs().compareTo(MOST_EXACT) <= 0 && number.compareTo(new BigDecimal(header)) == 0;
  }

  /** What a value looks like in a header; nothing for one that cannot be mirrored. */
  private static Optional<String> text(Json value) {
    return switch (value.kind()) {
      case STRING -> value.asString();
      case BOOLEAN -> Optional.of(value.text());
      case NUMBER -> Optional.of(decimal(value.text()));
      case OBJECT, ARRAY, NULL -> Optional.empty();
    };
  }

  private static String decimal(String number) {
    if (!NUMBER.matcher(number).matches()) {
      return number;
    }
    BigDecimal exact = new BigDecimal(number).stripTrailingZeros();
    return exact.abs().compareTo(MOST_EXACT) <= 0 && exact.scale() <= 0
        ? exact.toPlainString()
        : number;
  }

  /** One walk over a schema; remembers the first fault. */
  private static final class Scan {
    final List<Mirrored> found = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    Optional<String> fault = Optional.empty();

    /**
     * @param reachable whether only {@code properties} lead here from the root
     */
    void schema(JsonObject schema, List<String> path, boolean reachable) {
      schema
          .get(ANNOTATION)
          .ifPresent(annotation -> annotated(annotation, schema, path, reachable));
      schema.forEach(
          (keyword, value) -> {
            if (NAMED.contains(keyword)) {
              boolean onward = reachable && keyword.equals("properties");
              value
                  .asObject()
                  .ifPresent(
                      named ->
                          named.forEach((name, one) -> any(one, extended(path, name), onward)));
            } else if (!DATA.contains(keyword)) {
              any(value, path, false);
            }
          });
    }

    private void any(Json value, List<String> path, boolean reachable) {
      value.asObject().ifPresent(schema -> schema(schema, path, reachable));
      value.asArray().ifPresent(all -> all.forEach(one -> any(one, path, false)));
    }

    private void annotated(
        Json annotation, JsonObject schema, List<String> path, boolean reachable) {
      String name = annotation.asString().orElse("");
      if (!TOKEN.matcher(name).matches()) {
        fail("is not a header name", path);
      } else if (!reachable || path.isEmpty()) {
        fail("is not on a property that only \"properties\" lead to", path);
      } else if (!isPrimitive(schema)) {
        fail("is not on a string, an integer or a boolean", path);
      } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
        fail("names the same header as another", path);
      } else {
        found.add(new Mirrored(PREFIX + name, path));
      }
    }

    /**
     * A nullable type counts as its other half: null is an argument that is not mirrored (HD-11).
     */
    private static boolean isPrimitive(JsonObject schema) {
      Json type = schema.get("type").orElse(Json.NULL);
      List<String> types =
          type.asArray().orElse(List.of(type)).stream()
              .flatMap(one -> one.asString().stream())
              .filter(one -> !(type.kind() == Json.Kind.ARRAY && one.equals("null")))
              .toList();
      return types.size() == 1 && TYPES.contains(types.getFirst());
    }

    private void fail(String why, List<String> path) {
      if (fault.isEmpty()) {
        fault = Optional.of(ANNOTATION + " at /" + String.join("/", path) + " " + why);
      }
    }

    private static List<String> extended(List<String> path, String name) {
      List<String> longer = new ArrayList<>(path);
      longer.add(name);
      return List.copyOf(longer);
    }
  }
}
