package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the shape of a Java type. A type that has none is the author's mistake, told at start-up
 * with the way to it. Confined to one thread.
 */
final class Shapes {
  private static final Map<Class<?>, Class<?>> BOXES =
      Map.of(
          boolean.class, Boolean.class,
          byte.class, Byte.class,
          short.class, Short.class,
          int.class, Integer.class,
          long.class, Long.class,
          float.class, Float.class,
          double.class, Double.class);

  /** The records being looked at, outermost first. */
  private final Set<Class<?>> open = new LinkedHashSet<>();

  static RecordShape ofRecord(Class<? extends Record> type) {
    return new Shapes().record(type);
  }

  private RecordShape record(Class<?> type) {
    if (!open.add(type)) {
      throw new IllegalArgumentException(
          type.getSimpleName() + " contains itself; write its schema by hand instead");
    }
    RecordComponent[] parts = type.getRecordComponents();
    List<Component> components = new ArrayList<>();
    for (RecordComponent part : parts) {
      components.add(component(type, part));
    }
    open.remove(type);
    return new RecordShape(
        Component.text(type, Description.class, Description::value),
        constructor(type, parts),
        components);
  }

  private Component component(Class<?> owner, RecordComponent part) {
    try {
      return new Component(part, shape(held(part.getGenericType())));
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(
          owner.getSimpleName() + "." + part.getName() + ": " + unfit.getMessage(), unfit);
    }
  }

  private static Constructor<?> constructor(Class<?> type, RecordComponent[] parts) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What an optional component is about; any other type is about itself. */
  private static Type held(Type type) {
    if (type == OptionalInt.class) {
      return Integer.class;
    }
    if (type == OptionalLong.class) {
      return Long.class;
    }
    if (type == OptionalDouble.class) {
      return Double.class;
    }
    return type instanceof ParameterizedType some && some.getRawType() == Optional.class
        ? some.getActualTypeArguments()[0]
        : type;
  }

  private Shape shape(Type type) {
    return switch (type) {
      case Class<?> plain -> plain(BOXES.getOrDefault(plain, plain));
      case ParameterizedType some -> some(some);
      default -> throw unfit(type);
    };
  }

  private Shape plain(Class<?> type) {
    if (type.isRecord()) {
      return record(type);
    }
    if (type.isEnum()) {
      return Choice.of(type);
    }
    if (type == Json.class || type == JsonObject.class) {
      return new Anything(type == JsonObject.class);
    }
    return Scalars.of(type).orElseThrow(() -> unfit(type));
  }

  private Shape some(ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == List.class || type.getRawType() == Set.class) {
      return new Sequence(shape(arguments[0]), type.getRawType() == Set.class);
    }
    if (type.getRawType() == Map.class && arguments[0] == String.class) {
      return new Mapping(shape(arguments[1]));
    }
    throw unfit(type);
  }

  private static IllegalArgumentException unfit(Type type) {
    return new IllegalArgumentException(
        type.getTypeName()
            + " has no JSON form here; there are records, enums, List, Set, Map<String, …>,"
            + " Optional, strings, numbers, booleans, java.time, UUID, URI, Json and JsonObject");
  }
}
