package dev.sallyport.server.schema;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The Java types that are one JSON string, number or boolean. */
final class Scalars {
  /** Nobody needs more digits; without a bound 1e999999999 would be spelled out. */
  private static final int MOST_DIGITS = 400;

  private static final String MOMENT = "a date and time with offset like 1999-12-31T14:30:00Z";

  private static final Map<Class<?>, Scalar> KNOWN =
      Map.ofEntries(
          Map.entry(
              String.class,
              scalar("string", "a string", Scalars::text, it -> Json.of((String) it))),
          Map.entry(
              Boolean.class,
              scalar("boolean", "true or false", Scalars::truth, it -> Json.of((boolean) it))),
          whole(Byte.class, "an integer from -128 to 127", BigDecimal::byteValueExact),
          whole(Short.class, "an integer from -32768 to 32767", BigDecimal::shortValueExact),
          whole(Integer.class, "an integer of 32 bits", BigDecimal::intValueExact),
          whole(Long.class, "an integer of 64 bits", BigDecimal::longValueExact),
          whole(BigInteger.class, "an integer", BigDecimal::toBigIntegerExact),
          decimal(Float.class, it -> finite(it.floatValue())),
          decimal(Double.class, it -> finite(it.doubleValue())),
          decimal(BigDecimal.class, it -> it),
          formatted(LocalDate.class, "date", "a date like 1999-12-31", LocalDate::parse),
          formatted(Instant.class, "date-time", MOMENT, it -> OffsetDateTime.parse(it).toInstant()),
          formatted(OffsetDateTime.class, "date-time", MOMENT, OffsetDateTime::parse),
          formatted(ZonedDateTime.class, "date-time", MOMENT, ZonedDateTime::parse),
          formatted(Duration.class, "duration", "a duration like PT15M", Duration::parse),
          formatted(UUID.class, "uuid", "a UUID", Scalars::uuid),
          formatted(URI.class, "uri", "an absolute URI", Scalars::uri),
          // No standard format describes these two: "time" and "date-time" want an offset.
          local(LocalTime.class, "14:30:00", LocalTime::parse),
          local(LocalDateTime.class, "1999-12-31T14:30:00", LocalDateTime::parse));

  private Scalars() {}

  static Optional<Scalar> of(Class<?> type) {
    return Optional.ofNullable(KNOWN.get(type));
  }

  private static Scalar scalar(
      String type, String expected, Scalar.Reader reader, Function<Object, Json> writer) {
    return new Scalar(JsonObject.of("type", Json.of(type)), expected, reader, writer);
  }

  private static <T> Map.Entry<Class<?>, Scalar> whole(
      Class<T> type, String expected, Function<BigDecimal, T> exact) {
    return Map.entry(
        type,
        scalar(
            "integer",
            expected,
            json -> exact(json, exact),
            it -> Literals.number(new BigDecimal(it.toString()))));
  }

  private static <T> Map.Entry<Class<?>, Scalar> decimal(
      Class<T> type, Function<BigDecimal, T> from) {
    return Map.entry(
        type,
        scalar(
            "number",
            "a number",
            json -> exact(json, from),
            it ->
                it instanceof BigDecimal exact
                    ? Literals.number(exact)
                    : Literals.number(Double.parseDouble(it.toString()))));
  }

  private static <T> Map.Entry<Class<?>, Scalar> formatted(
      Class<T> type, String format, String expected, Function<String, T> parse) {
    JsonObject keywords = JsonObject.of("type", Json.of("string"), "format", Json.of(format));
    return Map.entry(
        type,
        new Scalar(
            keywords, expected, json -> parse.apply(text(json)), it -> Json.of(it.toString())));
  }

  private static <T> Map.Entry<Class<?>, Scalar> local(
      Class<T> type, String example, Function<String, T> parse) {
    Json examples = Json.arrayOf(List.of(Json.of(example)));
    JsonObject keywords = JsonObject.of("type", Json.of("string"), "examples", examples);
    return Map.entry(
        type,
        new Scalar(
            keywords,
            "a time like " + example,
            json -> parse.apply(text(json)),
            it -> Json.of(it.toString())));
  }

  private static String text(Json json) {
    return json.asString().orElseThrow(IllegalArgumentException::new);
  }

  private static Boolean truth(Json json) {
    return json.asBoolean().orElseThrow(IllegalArgumentException::new);
  }

  /** 42.0 is an integer in JSON Schema. */
  private static Object exact(Json json, Function<BigDecimal, ?> from) {
    if (json.kind() != Json.Kind.NUMBER || json.length() > MOST_DIGITS) {
      throw new IllegalArgumentException();
    }
    BigDecimal number = new BigDecimal(json.text());
    if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS) {
      throw new IllegalArgumentException();
    }
    try {
      return from.apply(number);
    } catch (ArithmeticException notExact) {
      throw new IllegalArgumentException(notExact);
    }
  }

  private static double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  private static float finite(float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  /** {@link UUID#fromString} also takes shortened groups. */
  private static UUID uuid(String text) {
    UUID uuid = UUID.fromString(text);
    if (!uuid.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException();
    }
    return uuid;
  }

  private static URI uri(String text) {
    URI uri = URI.create(text);
    if (!uri.isAbsolute()) {
      throw new IllegalArgumentException();
    }
    return uri;
  }
}
