package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.json;
import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @CsvSource({
    "{},OBJECT",
    "[],ARRAY",
    "'\"\"',STRING",
    "0,NUMBER",
    "-1,NUMBER",
    "true,BOOLEAN",
    "false,BOOLEAN",
    "null,NULL"
  })
  void a_value_is_told_by_its_first_character(String text, Json.Kind kind) throws Exception {
    assertThat(Json.parse(text).kind()).isEqualTo(kind);
    assertThat(Json.parse("  " + text + "\n").kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "1 2", "{} {}", "'a'", "tru", "nul", "-", "01", "\"", "[", "\ufeff1"})
  void text_that_is_not_one_value_is_refused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void only_a_value_of_the_kind_asked_for_is_given() {
    assertThat(json("'a'").asString()).contains("a");
    assertThat(json("1").asString()).isEmpty();
    assertThat(json("true").asBoolean()).contains(true);
    assertThat(json("'true'").asBoolean()).isEmpty();
    assertThat(json("{'a':1}").asObject()).contains(JsonObject.of("a", Json.of(1)));
    assertThat(json("[]").asObject()).isEmpty();
    assertThat(json("[1, 'a']").asArray()).contains(List.of(Json.of(1), Json.of("a")));
    assertThat(json("{}").asArray()).isEmpty();
    assertThat(json("null").asString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "-0,0", "42,42", "-9223372036854775808,-9223372036854775808"})
  void an_integer_is_a_plain_one_that_fits(String text, long value) throws Exception {
    assertThat(Json.parse(text).asInteger()).isEqualTo(OptionalLong.of(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1e3", "9223372036854775808", "\"1\"", "true", "null"})
  void nothing_else_is_an_integer(String text) throws Exception {
    assertThat(Json.parse(text).asInteger()).isEmpty();
  }

  @Test
  void a_string_is_written_so_that_it_reads_back() {
    assertThat(Json.of("a\"\\/\b\f\n\r\t\u0001\u007f é日\uD83D\uDE00").text())
        .isEqualTo("\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\u007f é日\uD83D\uDE00\"");
    assertThat(Json.of("").text()).isEqualTo("\"\"");
  }

  @Test
  void half_of_a_surrogate_pair_is_written_as_a_replacement() {
    assertThat(Json.of("a\uD83D").text()).isEqualTo("\"a\ufffd\"");
    assertThat(Json.of("\uDE00b").text()).isEqualTo("\"\ufffdb\"");
    assertThat(Json.of("\uDE00\uD83D").text()).isEqualTo("\"\ufffd\ufffd\"");
  }

  @Test
  void values_are_equal_when_their_text_is() {
    assertThat(json("[1,2]").asArray().orElseThrow().getFirst()).isEqualTo(Json.of(1));
    assertThat(json("1")).hasSameHashCodeAs(json("[1]").asArray().orElseThrow().getFirst());
    assertThat(json("1")).isNotEqualTo(json("1.0"));
    assertThat(Json.of("1")).isNotEqualTo(Json.of(1));
  }

  @Test
  void a_detached_value_shares_nothing_with_its_message() {
    Json element = json("[ {'a':1} ]").asArray().orElseThrow().getFirst();

    Json detached = element.detached();

    assertThat(detached).isEqualTo(element);
    assertThat(detached.array()).hasSize(element.length());
    assertThat(detached.detached()).isSameAs(detached);
  }

  @Test
  void bodies_do_not_show_when_printed() {
    assertThat(Json.of("s3cret")).asString().doesNotContain("s3cret");
    assertThat(object("{'s3cret':'s3cret'}")).asString().doesNotContain("s3cret");
    assertThat(RpcError.internal("s3cret")).asString().doesNotContain("s3cret");
  }

  @Test
  void an_object_keeps_the_order_of_its_members() {
    JsonObject object = object("{'b':1,'a':2}");

    assertThat(object.names()).containsExactly("b", "a");
    assertThat(object.with("b", Json.of(3)).toJson().text()).isEqualTo("{\"b\":3,\"a\":2}");
    assertThat(object.with("c", "x").toJson().text()).isEqualTo("{\"b\":1,\"a\":2,\"c\":\"x\"}");
    assertThat(object.without("b").toJson().text()).isEqualTo("{\"a\":2}");
    assertThat(object.without("x", "y")).isSameAs(object);
    assertThat(object).isEqualTo(object("{'b':1,'a':2}"));
  }

  @Test
  void a_member_of_another_kind_is_as_good_as_absent() {
    JsonObject object = object("{'s':'a','n':1,'o':{},'l':[]}");

    assertThat(object.string("s")).contains("a");
    assertThat(object.string("n")).isEmpty();
    assertThat(object.integer("n")).hasValue(1);
    assertThat(object.integer("s")).isEmpty();
    assertThat(object.object("o")).contains(JsonObject.EMPTY);
    assertThat(object.object("l")).isEmpty();
    assertThat(object.array("l")).contains(List.of());
    assertThat(object.array("o")).isEmpty();
    assertThat(object.has("x")).isFalse();
    assertThat(object.get("x")).isEmpty();
  }

  @Test
  void names_with_escapes_are_known_by_what_they_say() {
    assertThat(object("{'\\u0061':1}").get("a")).contains(Json.of(1));
  }

  @Test
  void a_value_of_a_server_may_be_as_deep_as_the_reader_allowed() {
    Json deep = json("[".repeat(128) + "]".repeat(128));

    for (int level = 127; level > 0; level--) {
      deep = deep.asArray().orElseThrow().getFirst();
    }
    assertThat(deep.asArray()).contains(List.of());
  }

  @Test
  void members_hold_on_to_the_text_they_were_cut_from() {
    byte[] message =
        Texts.utf8(
            "{'jsonrpc':'2.0','method':'m','params':{'a':1,'b':[2]},'c':'"
                + "x".repeat(5_000)
                + "'}");
    Envelope envelope = new Envelope(JsonBounds.DEFAULT);

    Message.Notification notification =
        (Message.Notification)
            ((Envelope.Reading.Single) envelope.readFromServer(message)).message();

    assertThat(notification.params().held()).isBetween(5_000L, 5_200L);
    assertThat(JsonObject.of("a", Json.of("x".repeat(100))).held()).isBetween(100L, 200L);
    assertThat(JsonObject.EMPTY.held()).isZero();
  }
}
