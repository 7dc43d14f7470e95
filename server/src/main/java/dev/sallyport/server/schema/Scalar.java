package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import java.util.Set;
import java.util.function.Function;

/**
 * A value without parts.
 *
 * @param keywords its schema
 * @param expected what a reader of a message would call it
 */
record Scalar(JsonObject keywords, String expected, Reader reader, Function<Object, Json> writer)
    implements Shape {

  /** Only these may be asked of a person (the elicitation page of the specification). */
  private static final Set<String> FORM_FORMATS = Set.of("date", "date-time", "uri", "email");

  /**
   * Gives the Java value. An {@link IllegalArgumentException} or a {@link
   * java.time.DateTimeException} says that the JSON is not one.
   */
  interface Reader {
    Object read(Json json);
  }

  @Override
  public JsonObject schema(Use use) {
    boolean local = keywords.has("examples");
    boolean strange = keywords.string("format").map(f -> !FORM_FORMATS.contains(f)).orElse(false);
    if (use == Use.FORM && (local || strange)) {
      throw new IllegalArgumentException("a form cannot ask for " + expected);
    }
    return keywords;
  }

  @Override
  public Object read(Json json) throws InvalidInput {
    try {
      return reader.read(json);
    } catch (IllegalArgumentException | java.time.DateTimeException unfit) {
      boolean rightType = (json.kind() == Json.Kind.STRING) == isText();
      throw rightType ? InvalidInput.of("expected " + expected) : Shape.expected(expected, json);
    }
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.value(writer.apply(value));
  }

  @Override
  public Json literal(String text) {
    return isText() ? Json.of(text) : Literals.json(text);
  }

  private boolean isText() {
    return keywords.string("type").orElse("").equals("string");
  }
}
