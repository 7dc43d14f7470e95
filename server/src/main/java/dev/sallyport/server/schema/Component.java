package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.JsonWriter;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** One component of a record: a property of the object. */
final class Component {
  private final RecordComponent component;
  private final Shape shape;
  private final Wrapping wrapping;
  private final Optional<Json> defaultJson;

  /**
   * How an optional component holds its value.
   *
   * @param absent what stands for no value; none when there must be one
   */
  record Wrapping(
      Optional<Object> absent,
      Function<Object, Object> wrap,
      Function<Object, Optional<Object>> unwrap) {
    private static final Wrapping PLAIN = new Wrapping(Optional.empty(), it -> it, Optional::of);
    private static final Wrapping OPTIONAL =
        new Wrapping(Optional.of(Optional.empty()), Optional::of, Wrapping::held);
    private static final Wrapping INT =
        new Wrapping(
            Optional.of(OptionalInt.empty()), it -> OptionalInt.of((int) it), Wrapping::held);
    private static final Wrapping LONG =
        new Wrapping(
            Optional.of(OptionalLong.empty()), it -> OptionalLong.of((long) it), Wrapping::held);
    private static final Wrapping DOUBLE =
        new Wrapping(
            Optional.of(OptionalDouble.empty()),
            it -> OptionalDouble.of((double) it),
            Wrapping::held);

    static Wrapping of(Class<?> type) {
      if (type == Optional.class) {
        return OPTIONAL;
      }
      if (type == OptionalInt.class) {
        return INT;
      }
      if (type == OptionalLong.class) {
        return LONG;
      }
      return type == OptionalDouble.class ? DOUBLE : PLAIN;
    }

    private static Optional<Object> held(Object optional) {
      return switch (optional) {
        case Optional<?> any -> any.map(value -> (Object) value);
        case OptionalInt any -> any.isPresent() ? Optional.of(any.getAsInt()) : Optional.empty();
        case OptionalLong any -> any.isPresent() ? Optional.of(any.getAsLong()) : Optional.empty();
        case OptionalDouble any ->
            any.isPresent() ? Optional.of(any.getAsDouble()) : Optional.empty();
        default -> throw new IllegalStateException("not an optional");
      };
    }
  }

  Component(RecordComponent component, Shape shape) {
    this.component = component;
    this.shape = shape;
    this.wrapping = Wrapping.of(component.getType());
    this.defaultJson = text(component, Default.class, Default::value).map(shape::literal);
    component.getAccessor().setAccessible(true);
    if (defaultJson.isPresent()) {
      checkDefault(defaultJson.get());
    }
  }

  private void checkDefault(Json value) {
    try {
      shape.read(value);
    } catch (InvalidInput unfit) {
      throw new IllegalArgumentException(
          "the default of " + name() + " does not fit: " + unfit.getMessage(), unfit);
    }
  }

  static <A extends java.lang.annotation.Annotation> Optional<String> text(
      AnnotatedElement element, Class<A> annotation, Function<A, String> value) {
    return Optional.ofNullable(element.getAnnotation(annotation)).map(value);
  }

  String name() {
    return component.getName();
  }

  Optional<String> header() {
    return text(component, McpHeader.class, McpHeader::value);
  }

  /** Our own results always hold what has a default; a peer may leave it out. */
  boolean isRequired(Shape.Use use) {
    return wrapping.absent().isEmpty() && (use == Shape.Use.OUTPUT || defaultJson.isEmpty());
  }

  JsonObject schema(Shape.Use use) {
    JsonObject schema = shape.schema(use);
    schema = annotated(schema, "title", text(component, Title.class, Title::value));
    schema =
        annotated(schema, "description", text(component, Description.class, Description::value));
    if (use != Shape.Use.OUTPUT && defaultJson.isPresent()) {
      schema = schema.with("default", defaultJson.get());
    }
    return use == Shape.Use.INPUT ? annotated(schema, "x-mcp-header", header()) : schema;
  }

  private static JsonObject annotated(JsonObject schema, String keyword, Optional<String> text) {
    return text.map(value -> schema.with(keyword, value)).orElse(schema);
  }

  Object read(Optional<Json> given) throws InvalidInput {
    // An optional value that is null counts as absent: many clients cannot leave a value out.
    Optional<Json> value = isNullable() ? given.filter(it -> it.kind() != Json.Kind.NULL) : given;
    value = value.or(() -> defaultJson);
    if (value.isEmpty()) {
      return wrapping.absent().orElseThrow(() -> InvalidInput.of("is missing"));
    }
    return wrapping.wrap().apply(shape.read(value.get()));
  }

  private boolean isNullable() {
    return wrapping.absent().isPresent() || defaultJson.isPresent();
  }

  void write(Object owner, JsonWriter out) {
    Object held = value(owner);
    Optional<Object> value = wrapping.unwrap().apply(held);
    if (value.isPresent()) {
      out.name(name());
      shape.write(value.get(), out);
    }
  }

  private Object value(Object owner) {
    try {
      Object value = component.getAccessor().invoke(owner);
      if (value == null) {
        throw new IllegalStateException(
            component.getDeclaringRecord().getSimpleName() + "." + name() + " is null");
      }
      return value;
    } catch (IllegalAccessException | InvocationTargetException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }
}
