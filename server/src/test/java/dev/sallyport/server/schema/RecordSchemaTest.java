package dev.sallyport.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecordSchemaTest {
  enum Colour {
    @Title("Deep red")
    RED,
    GREEN
  }

  record Part(String sku, int count) {}

  record Order(
      @Description("The number on the receipt") @McpHeader("Order") String number,
      Part part,
      List<Part> extras,
      Map<String, Integer> stock,
      Colour colour,
      Optional<String> note,
      @Default("3") int copies) {}

  record Numbers(
      byte tiny,
      short small,
      int middle,
      long big,
      BigInteger huge,
      float rough,
      double fine,
      BigDecimal exact) {}

  record Times(
      LocalDate day,
      LocalTime time,
      LocalDateTime local,
      Instant instant,
      OffsetDateTime offset,
      ZonedDateTime zoned,
      Duration duration) {}

  record Others(UUID id, URI link, Set<Colour> colours, Json any, JsonObject object, boolean on) {}

  record Optionals(
      Optional<String> text, OptionalInt whole, OptionalLong large, OptionalDouble decimal) {}

  record Positive(int value) {
    Positive {
      if (value < 1) {
        throw new IllegalArgumentException("must be at least 1");
      }
    }
  }

  record Holder(Positive inner) {}

  record Defaults(
      @Default("GREEN") Colour colour,
      @Default("true") boolean on,
      @Default("x") String text,
      @Default("[1,2]") List<Integer> list) {}

  record Node(String name, List<Node> children) {}

  record Unfit(Thread thread) {}

  record BadDefault(@Default("many") int count) {}

  record Flat(
      @Title("Your name") @Default("Ann") String name,
      int age,
      Colour colour,
      List<Colour> colours,
      LocalDate born,
      Optional<Boolean> happy) {}

  private static <R extends Record> R read(Class<R> type, String json) throws InvalidInput {
    return RecordSchema.of(type).read(Literals.object(json));
  }

  private static List<String> faults(Class<? extends Record> type, String json) {
    try {
      read(type, json);
    } catch (InvalidInput unfit) {
      return unfit.faults();
    }
    return List.of();
  }

  @Test
  void a_record_of_everything_has_the_schema_a_reader_expects() {
    assertThat(RecordSchema.of(Order.class).input().toJson().text())
        .isEqualTo(
            """
            {"type":"object","properties":{\
            "number":{"type":"string","description":"The number on the receipt","x-mcp-header":"Order"},\
            "part":{"type":"object","properties":{"sku":{"type":"string"},"count":{"type":"integer"}},\
            "required":["sku","count"],"additionalProperties":false},\
            "extras":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"},\
            "count":{"type":"integer"}},"required":["sku","count"],"additionalProperties":false}},\
            "stock":{"type":"object","additionalProperties":{"type":"integer"}},\
            "colour":{"type":"string","enum":["RED","GREEN"]},\
            "note":{"type":"string"},\
            "copies":{"type":"integer","default":3}},\
            "required":["number","part","extras","stock","colour"],"additionalProperties":false}\
            """);
  }

  @Test
  void the_schema_of_a_result_is_open_and_without_headers_and_defaults() {
    String schema = RecordSchema.of(Order.class).output().toJson().text();

    assertThat(schema)
        .doesNotContain("additionalProperties\":false", "x-mcp-header", "default")
        .contains("\"required\":[\"number\",\"part\",\"extras\",\"stock\",\"colour\",\"copies\"]");
  }

  @Test
  void a_record_is_read_with_its_parts_and_defaults() throws InvalidInput {
    Order order =
        read(
            Order.class,
            """
            {"number":"A1","part":{"sku":"s","count":2},"extras":[{"sku":"t","count":3}],
             "stock":{"here":1},"colour":"RED","note":null}\
            """);

    assertThat(order)
        .isEqualTo(
            new Order(
                "A1",
                new Part("s", 2),
                List.of(new Part("t", 3)),
                Map.of("here", 1),
                Colour.RED,
                Optional.empty(),
                3));
  }

  @Test
  void every_fault_is_told_with_its_place_and_without_the_value() {
    assertThat(
            faults(
                Order.class,
                """
                {"number":7,"part":{"sku":"s","count":"secret"},"extras":[{"sku":"t","count":3},5],
                 "stock":{"here":"secret"},"colour":"secret","copies":1.5,"secret":1}\
                """))
        .containsExactly(
            "number: expected a string, got a number",
            "part.count: expected an integer of 32 bits, got a string",
            "extras[1]: expected an object, got a number",
            "stock[a value]: expected an integer of 32 bits, got a string",
            "colour: expected one of RED, GREEN",
            "copies: expected an integer of 32 bits",
            "has a property that is not known here; known are: number, part, extras, stock, colour,"
                + " note, copies");
  }

  @Test
  void a_missing_component_is_told_by_name() {
    assertThat(faults(Part.class, "{\"sku\":\"x\"}")).containsExactly("count: is missing");
  }

  @Test
  void null_is_no_value_for_a_required_component() {
    assertThat(faults(Part.class, "{\"sku\":null,\"count\":1}"))
        .containsExactly("sku: expected a string, got null");
  }

  @Test
  void at_most_ten_faults_are_told() {
    String many = "[" + "1,".repeat(5_000) + "1]";

    assertThat(faults(Order.class, "{\"extras\":" + many + "}")).hasSize(10);
  }

  @Test
  void what_a_compact_constructor_refuses_is_a_fault_of_the_value() throws InvalidInput {
    assertThat(read(Holder.class, "{\"inner\":{\"value\":1}}").inner().value()).isEqualTo(1);
    assertThat(faults(Holder.class, "{\"inner\":{\"value\":0}}"))
        .containsExactly("inner: must be at least 1");
  }

  @Test
  void numbers_of_every_kind_are_read() throws InvalidInput {
    assertThat(
            read(
                Numbers.class,
                """
                {"tiny":-128,"small":32767,"middle":42.0,"big":9223372036854775807,
                 "huge":123456789012345678901234567890,"rough":1.5,"fine":1e3,"exact":0.10}\
                """))
        .isEqualTo(
            new Numbers(
                (byte) -128,
                (short) 32767,
                42,
                Long.MAX_VALUE,
                new BigInteger("123456789012345678901234567890"),
                1.5f,
                1000,
                new BigDecimal("0.10")));
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, 128",
    "small, 40000",
    "middle, 2147483648",
    "middle, 1.5",
    "big, 9223372036854775808",
    "huge, 1e999999999",
    "huge, 0.5",
    "rough, 1e60",
    "fine, 1e400",
    "exact, 1e999999999"
  })
  void numbers_that_do_not_fit_are_refused(String component, String number) {
    String fitting =
        "{\"tiny\":1,\"small\":1,\"middle\":1,\"big\":1,\"huge\":1,\"rough\":1,\"fine\":1,\"exact\":1}";
    String one = fitting.replace("\"" + component + "\":1", "\"" + component + "\":" + number);

    assertThat(faults(Numbers.class, fitting)).isEmpty();
    assertThat(faults(Numbers.class, one)).hasSize(1);
  }

  @Test
  void times_are_strings_with_their_format() throws InvalidInput {
    String json =
        """
        {"day":"1999-12-31","time":"14:30","local":"1999-12-31T14:30",\
        "instant":"1999-12-31T14:30:00Z","offset":"1999-12-31T14:30+01:00",\
        "zoned":"1999-12-31T14:30+01:00","duration":"PT15M"}\
        """;

    assertThat(RecordSchema.write(read(Times.class, json)).toJson().text()).isEqualTo(json);
    assertThat(RecordSchema.of(Times.class).input().toJson().text())
        .contains("\"day\":{\"type\":\"string\",\"format\":\"date\"}")
        .contains("\"instant\":{\"type\":\"string\",\"format\":\"date-time\"}")
        .contains("\"duration\":{\"type\":\"string\",\"format\":\"duration\"}")
        .contains("\"time\":{\"type\":\"string\",\"examples\":[\"14:30:00\"]}");
  }

  @Test
  void a_time_that_is_none_is_refused_with_an_example() {
    String json =
        """
        {"day":"31.12.1999","time":"14:30","local":"1999-12-31T14:30","instant":"yesterday",
         "offset":"1999-12-31T14:30","zoned":"1999-12-31T14:30+01:00","duration":15}\
        """;

    assertThat(faults(Times.class, json))
        .containsExactly(
            "day: expected a date like 1999-12-31",
            "instant: expected a date and time with offset like 1999-12-31T14:30:00Z",
            "offset: expected a date and time with offset like 1999-12-31T14:30:00Z",
            "duration: expected a duration like PT15M, got a number");
  }

  @Test
  void other_types_come_and_go_unchanged() throws InvalidInput {
    String json =
        """
        {"id":"00000000-0000-0000-0000-000000000001","link":"https://example.com/a",\
        "colours":["GREEN","RED"],"any":[1,{"a":null}],"object":{"x":1.0},"on":true}\
        """;

    assertThat(RecordSchema.write(read(Others.class, json)).toJson().text()).isEqualTo(json);
  }

  @Test
  void other_types_refuse_what_is_not_theirs() {
    assertThat(
            faults(
                Others.class,
                """
                {"id":"1-1-1-1-1","link":"a b","colours":["RED","RED"],"any":null,"object":[],
                 "on":"true"}\
                """))
        .containsExactly(
            "id: expected a UUID",
            "link: expected an absolute URI",
            "colours[1]: is there already",
            "object: expected an object, got an array",
            "on: expected true or false, got a string");
  }

  @Test
  void optional_components_may_be_absent_null_or_there() throws InvalidInput {
    assertThat(read(Optionals.class, "{\"whole\":null}"))
        .isEqualTo(
            new Optionals(
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty()));
    String full = "{\"text\":\"t\",\"whole\":1,\"large\":2,\"decimal\":0.5}";
    assertThat(RecordSchema.write(read(Optionals.class, full)).toJson().text()).isEqualTo(full);
    assertThat(RecordSchema.write(read(Optionals.class, "{}")).toJson().text()).isEqualTo("{}");
    assertThat(RecordSchema.of(Optionals.class).input().has("required")).isFalse();
  }

  @Test
  void defaults_stand_for_what_is_absent_or_null() throws InvalidInput {
    assertThat(read(Defaults.class, "{\"on\":null}"))
        .isEqualTo(new Defaults(Colour.GREEN, true, "x", List.of(1, 2)));
    assertThat(read(Defaults.class, "{\"on\":false,\"text\":\"y\"}").text()).isEqualTo("y");
    assertThat(RecordSchema.of(Defaults.class).input().toJson().text())
        .contains("\"default\":\"GREEN\"", "\"default\":true", "\"default\":[1,2]");
  }

  @Test
  void a_default_that_does_not_fit_is_the_authors_mistake() {
    assertThatThrownBy(() -> RecordSchema.of(BadDefault.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BadDefault.count");
  }

  @Test
  void a_type_without_json_form_is_the_authors_mistake_told_with_its_place() {
    assertThatThrownBy(() -> RecordSchema.of(Unfit.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unfit.thread: java.lang.Thread has no JSON form");
  }

  @Test
  void a_record_that_contains_itself_is_refused() {
    assertThatThrownBy(() -> RecordSchema.of(Node.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contains itself");
  }

  @Test
  void a_form_is_flat_and_titled() {
    assertThat(RecordSchema.of(Flat.class).form().toJson().text())
        .isEqualTo(
            """
            {"type":"object","properties":{\
            "name":{"type":"string","title":"Your name","default":"Ann"},\
            "age":{"type":"integer"},\
            "colour":{"type":"string","oneOf":[{"const":"RED","title":"Deep red"},\
            {"const":"GREEN","title":"GREEN"}]},\
            "colours":{"type":"array","items":{"anyOf":[{"const":"RED","title":"Deep red"},\
            {"const":"GREEN","title":"GREEN"}]}},\
            "born":{"type":"string","format":"date"},\
            "happy":{"type":"boolean"}},\
            "required":["age","colour","colours","born"]}\
            """);
  }

  @Test
  void a_form_that_is_not_flat_is_refused() {
    for (Class<? extends Record> deep :
        List.<Class<? extends Record>>of(Order.class, Holder.class, Times.class, Others.class)) {
      assertThatThrownBy(() -> RecordSchema.of(deep).form())
          .as(deep.getSimpleName())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void numbers_are_written_in_their_shortest_form() {
    assertThat(Literals.number(50.0).text()).isEqualTo("50");
    assertThat(Literals.number(0.1).text()).isEqualTo("0.1");
    assertThat(Literals.number(1e300).text()).isEqualTo("1E+300");
    assertThatThrownBy(() -> Literals.number(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
