package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonScannerTest {
  private static final JsonBounds BOUNDS = new JsonBounds(4, 5, 6, 20);
  private static final String MALFORMED = "the text is not well-formed JSON";
  private static final String BEYOND = "the text is deeper or longer than the bounds allow";
  private static final String TWICE = "a member name occurs twice in one object";

  /** Each text that is refused has one beside it that is not, and differs as little as possible. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1}              | {"a":1
          {"a":1}              | {"a":1]
          {"a":1}              | {"a":1,}
          {"a":1}              | {"a" 1}
          {"a":1}              | {"a":}
          {"a":1}              | {"a"}
          {"a":1}              | {a:1}
          {"a":1}              | {,"a":1}
          {"a":1}              | {1:1}
          {"a":1,"b":2}        | {"a":1 "b":2}
          {"a":1,"b":2}        | {"a":1,,"b":2}
          [1]                  | [1
          [1]                  | [1}
          [1]                  | [1,]
          [1]                  | [,1]
          [1,2]                | [1 2]
          [1,2]                | [1:2]
          [[],{}]              | [[],{]}
          []                   | ]
          0                    | 00
          [0]                  | [00]
          [10]                 | [01]
          -0                   | -
          [-1]                 | [+1]
          [1.5]                | [1.]
          [0.5]                | [.5]
          [1e5]                | [1e]
          [1E-5]               | [1E-]
          [1e+5]               | [1e++5]
          [1.5e5]              | [1e5.5]
          [16]                 | [0x10]
          [true]               | [tru]
          [true]               | [trua]
          [true]               | [truee]
          [true]               | [True]
          [false]              | [fals]
          [false]              | [falze]
          [null]               | [nul]
          [null]               | [nil]
          true                 | tru
          ["a"]                | ['a']
          ["a"]                | ["a]
          ["\\""]              | ["\\"]
          ["\\\\"]             | ["\\\\\\"]
          ["\\/\\b\\f\\n\\r\\t"] | ["\\a"]
          ["\\u00aF"]          | ["\\u00ag"]
          ["\\u00aF"]          | ["\\U00aF"]
          ["\\u00aF"]          | ["\\u00a"]
          ["\\u00aF"]          | ["\\u00aF
          [1]                  | [1]/**/
          [1]                  | [1]#
          {"\\ud83d\\ude00":1} | {"\\ud83d":1}
          {"\\ud83d\\ude00":1} | {"\\ude00":1}
          {"\\ud83d\\ude00":1} | {"\\ude00\\ud83d":1}
          {"a":"\\ud83d"}      | {"\\ud83dx":1}
          """)
  void grammar_is_that_of_rfc_8259(String accepted, String refused) {
    assertThat(fault(accepted)).isEmpty();
    assertThat(fault(refused)).isPresent().get().isIn(MALFORMED, "something follows the value");
  }

  @Test
  void control_characters_are_escaped_in_strings_and_absent_elsewhere() {
    for (char control = 0; control < ' '; control++) {
      boolean space = "\t\n\r".indexOf(control) >= 0;
      assertThat(fault("[\"" + control + "\"]")).contains(MALFORMED);
      assertThat(fault("[\"padding" + control + "padding\"]")).contains(MALFORMED);
      assertThat(fault("{\"" + control + "\":1}")).contains(MALFORMED);
      assertThat(fault("[" + control + "1]").isEmpty()).isEqualTo(space);
      assertThat(fault("[1]" + control).isEmpty()).isEqualTo(space);
    }
    assertThat(fault("[\" \177\u0080\u2028\"]")).isEmpty();
    assertThat(fault("[\"\\u0000\"]")).isEmpty();
  }

  @Test
  void the_text_is_one_value() {
    assertThat(fault(" \r\n\t1 \r\n\t")).isEmpty();
    assertThat(fault("")).contains("the text is empty");
    assertThat(fault(" \n")).contains("the text is empty");
    for (String follower : new String[] {"{}", "[", "]", "1", "\"a\"", ",", "x"}) {
      assertThat(fault("{} " + follower)).contains("something follows the value");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [[[[]]]]                        | [[[[[]]]]]
          {"a":[{"a":{}}]}                | {"a":[{"a":{"a":{}}}]}
          [12345,-12345,0.1234,1.2e-345]  | [123456]
          [-12345]                        | [-123456]
          [0.1234]                        | [0.12345]
          [1.2e-345]                      | [1.2e-3456]
          {"123456":1}                    | {"1234567":1}
          {"1234\u00e9":1}                | {"12345\u00e9":1}
          {"12345\\u0036":1}            | {"123456\\u0037":1}
          {"1234\\u00e9":1}             | {"12345\\u00e9":1}
          {"12\\ud83d\\ude00":1}      | {"123\\ud83d\\ude00":1}
          [1,1,1,1,1,1,1,1,1,[],[],[],[],1] | [1,1,1,1,1,1,1,1,1,[],[],[],[],[]]
          {"a":1,"b":1,"c":[1,1,1,1,1,1,1,1,1,1,1]} | {"a":1,"b":1,"c":[1,1,1,1,1,1,1,1,1,1,1,1]}
          """)
  void bounds_are_kept_to_the_last_one_within(String accepted, String refused) {
    assertThat(fault(accepted, BOUNDS)).isEmpty();
    assertThat(fault(refused, BOUNDS)).contains(BEYOND);
    assertThat(fault(refused)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":1,"b":1}                     | {"a":1,"a":1}
          {"a":1,"":1}                      | {"":1,"":1}
          {"a":{"a":{"a":1}}}               | {"a":{"a":{"a":1},"a":1}}
          [{"a":1},{"a":1}]                 | [{"a":1,"a":1}]
          {"a":{"b":1},"b":1}               | {"b":{"b":1},"b":1}
          {"a":1,"\\u0062":1}             | {"a":1,"\\u0061":1}
          {"\\u0061":1,"b":1}             | {"\\u0061":1,"a":1}
          {"\\u0061":{"a":1},"b":1}       | {"\\u0061":{"b":1},"a":1}
          {"a":{"\\u0061":1},"b":1}       | {"a":{"\\u0061":1},"a":1}
          {"\\/":1,"\\\\":1}          | {"\\/":1,"/":1}
          {"12345678":1,"12345679":1}       | {"12345678":1,"12345678":1}
          {"123456789":1,"x23456789":1}     | {"123456789":1,"123456789":1}
          {"12345678x12345678":1,"12345678y12345678":1} | {"12345678y12345678":1,"12345678y12345678":1}
          {"1234567":1,"12345678":1}        | {"1234567":1,"1234567":1}
          {"\u00e9":1,"e":1}                | {"\u00e9":1,"\\u00e9":1}
          {"\uD83D\uDE00":1,"\uD83D\uDE01":1} | {"\uD83D\uDE00":1,"\\ud83d\\ude00":1}
          """)
  void a_name_occurs_once_in_an_object_however_it_is_spelled_4_T55(
      String accepted, String refused) {
    assertThat(fault(accepted)).isEmpty();
    assertThat(fault(refused)).contains(TWICE);
  }

  @Test
  void duplicates_are_found_among_any_number_of_names() {
    for (int names = 1; names < 200; names++) {
      String object = names(names);

      assertThat(fault("{" + object + "}")).isEmpty();
      for (int twice = 0; twice < names; twice += 1 + names / 7) {
        assertThat(fault("{" + object + "," + name(twice) + "}")).contains(TWICE);
        assertThat(fault("{" + object + ",\"x\":{" + name(twice) + "}}")).isEmpty();
      }
    }
  }

  /** Names that are the same to a hash over both ends: compared in pairs it would take minutes. */
  @Test
  void a_hundred_thousand_names_do_not_take_the_square_of_their_number() {
    String object = names(100_000);

    assertThat(fault("{" + object + "}")).isEmpty();
    assertThat(fault("{" + object + "," + name(99_999) + "}")).contains(TWICE);
  }

  @Test
  void an_object_may_have_many_names_inside_of_another_that_does() {
    String inner = "{" + names(100) + "}";

    assertThat(fault("{" + names(100) + ",\"x\":" + inner + ",\"y\":" + inner + "}")).isEmpty();
    assertThat(fault("{" + names(100) + ",\"x\":" + inner + ",\"x\":" + inner + "}"))
        .contains(TWICE);
    assertThat(fault("{\"x\":" + inner + "," + name(5) + "," + name(5) + "}")).contains(TWICE);
  }

  @Test
  void every_byte_of_a_string_is_looked_at_wherever_it_stands() {
    for (int length = 0; length < 40; length++) {
      for (int at = 0; at < length; at++) {
        assertThat(fault(with("\\n", length, at))).isEmpty();
        assertThat(fault(with("\u00e9", length, at))).isEmpty();
        assertThat(fault(with("\n", length, at))).contains(MALFORMED);
        assertThat(fault(with("\\x", length, at))).contains(MALFORMED);
        assertThat(fault(with("\" ", length, at))).isPresent();
        byte[] foreign = with("?", length, at).getBytes(StandardCharsets.UTF_8);
        foreign[at + 1] = (byte) 0xE9;
        assertThat(new Taken.Judge(JsonBounds.DEFAULT).byScanner(foreign, 0).fault())
            .contains("the text is not UTF-8");
      }
    }
  }

  @Test
  void the_deepest_text_there_may_be_needs_no_stack() throws Exception {
    String deep = "{\"a\":[".repeat(500) + "]}".repeat(500);
    byte[] text = deep.getBytes(StandardCharsets.UTF_8);
    Taken.Judge judge = new Taken.Judge(JsonBounds.WIDEST);

    assertThat(judge.byScanner(text, 0).fault()).isEmpty();
    assertThat(judge.byScanner(("[" + deep + "]").getBytes(StandardCharsets.UTF_8), 0).fault())
        .contains(BEYOND);
    assertThat(new Json(text, 0, text.length).asObject().orElseThrow().get("a"))
        .map(Json::length)
        .contains(text.length - 6);
  }

  private static String with(String special, int length, int at) {
    return "\"" + "x".repeat(at) + special + "x".repeat(length - at - 1) + "\"";
  }

  private static String names(int count) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < count; i++) {
      names.append(i == 0 ? "" : ",").append(name(i));
    }
    return names.toString();
  }

  private static String name(int number) {
    return "\"beginning%06dending..\":0".formatted(number);
  }

  private static Optional<String> fault(String text) {
    return fault(text, JsonBounds.DEFAULT);
  }

  private static Optional<String> fault(String text, JsonBounds bounds) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    JsonScanner scanner = new JsonScanner(utf8, bounds);
    try {
      if (!scanner.begin()) {
        throw JsonException.empty();
      }
      scanner.capture();
      scanner.end();
      return Optional.empty();
    } catch (JsonException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
