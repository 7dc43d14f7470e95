package dev.sallyport.server.schema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A JSON Schema that an author wrote by hand, and the check of values against it. The general
 * validator behind it costs about a second of CPU when it is first needed, so it is loaded by the
 * first value and not at start-up: a server of record tools alone never loads it. Thread-safe.
 */
public final class WrittenSchema {
  /** Its own holder, so that the validator's classes stay unloaded until {@link #check}. */
  private static final class Validator {
    private static final SchemaRegistry REGISTRY =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  }

  private final JsonObject schema;
  private final AtomicReference<Object> compiled = new AtomicReference<>();

  private WrittenSchema(JsonObject schema) {
    this.schema = schema;
  }

  public static WrittenSchema of(JsonObject schema) {
    return new WrittenSchema(schema);
  }

  public JsonObject schema() {
    return schema;
  }

  /** Passes over a value that fits. */
  public void check(Json value) throws InvalidInput {
    List<Error> errors = compiled().validate(value.text(), InputFormat.JSON);
    if (!errors.isEmpty()) {
      throw new InvalidInput(
          errors.stream().limit(InvalidInput.MOST_FAULTS).map(WrittenSchema::sentence).toList());
    }
  }

  private Schema compiled() {
    Object known = compiled.get();
    if (known instanceof Schema schemaOfBefore) {
      return schemaOfBefore;
    }
    Schema fresh = Validator.REGISTRY.getSchema(schema.toJson().text(), InputFormat.JSON);
    compiled.set(fresh);
    return fresh;
  }

  /** Keyword and place only: the validator's own text may repeat the value. */
  private static String sentence(Error error) {
    String rule = "does not satisfy \"" + error.getKeyword() + "\"";
    // For this keyword the property comes from the schema; for others it may be the peer's.
    String name = error.getKeyword().equals("required") ? " of " + error.getProperty() : "";
    String place = error.getInstanceLocation().toString();
    return (place.isEmpty() ? "the value" : place) + ": " + rule + name;
  }
}
