package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;

/**
 * A record class and its JSON: schema, reader and writer. Immutable and thread-safe; made once for
 * each class.
 *
 * @param <R> the record
 */
public final class RecordSchema<R extends Record> {
  /** Once for each class, and gone with it. */
  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return Shapes.ofRecord(type.asSubclass(Record.class));
        }
      };

  private final Class<R> type;
  private final RecordShape shape;

  private RecordSchema(Class<R> type) {
    this.type = type;
    this.shape = SHAPES.get(type);
  }

  /**
   * @throws IllegalArgumentException when a component has a type without JSON form
   */
  public static <R extends Record> RecordSchema<R> of(Class<R> type) {
    return new RecordSchema<>(type);
  }

  /** The JSON of a record, whatever its class. */
  public static JsonObject write(Record value) {
    JsonWriter out = new JsonWriter(256);
    SHAPES.get(value.getClass()).write(value, out);
    return out.toJson().asObject().orElseThrow();
  }

  /** The schema of what a peer sends. */
  public JsonObject input() {
    return shape.schema(Shape.Use.INPUT);
  }

  /** The schema of what we send. */
  public JsonObject output() {
    return shape.schema(Shape.Use.OUTPUT);
  }

  /**
   * The schema of a question to a person.
   *
   * @throws IllegalArgumentException when the record is not flat, which a form has to be
   */
  public JsonObject form() {
    for (Component component : shape.components()) {
      Json kind = component.schema(Shape.Use.FORM).get("type").orElse(Json.NULL);
      if (kind.equals(Json.of("object"))) {
        throw new IllegalArgumentException(
            type.getSimpleName() + "." + component.name() + ": a form is flat");
      }
    }
    return shape.schema(Shape.Use.FORM);
  }

  public R read(JsonObject members) throws InvalidInput {
    return type.cast(shape.read(members));
  }
}
