package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;

/** How one Java type looks in JSON. Immutable and thread-safe. */
sealed interface Shape permits Scalar, Choice, Sequence, Mapping, Anything, RecordShape {

  /** What a schema is for; the three differ in a few keywords only. */
  enum Use {
    /** Of a peer's arguments: unknown properties are refused. */
    INPUT,
    /** Of our own results: may grow. */
    OUTPUT,
    /** Of a question to a person: flat, with titles. */
    FORM
  }

  JsonObject schema(Use use);

  /**
   * The Java value of a peer's JSON.
   *
   * @throws InvalidInput when it does not fit the schema
   */
  Object read(Json json) throws InvalidInput;

  void write(Object value, JsonWriter out);

  /** The JSON of an annotation's text; plain text stands for itself where strings are expected. */
  default Json literal(String text) {
    return Literals.json(text);
  }

  static InvalidInput expected(String what, Json got) {
    String kind =
        switch (got.kind()) {
          case OBJECT -> "an object";
          case ARRAY -> "an array";
          case STRING -> "a string";
          case NUMBER -> "a number";
          case BOOLEAN -> "a boolean";
          case NULL -> "null";
        };
    return InvalidInput.of("expected " + what + ", got " + kind);
  }
}
