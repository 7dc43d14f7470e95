package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterHeadersTest {
  private static final ParameterHeaders TOOL =
      valid(
          """
          {'type':'object','properties':{
            'region':{'type':'string','x-mcp-header':'Region'},
            'count':{'type':'integer','x-mcp-header':'Count'},
            'flag':{'type':'boolean','x-mcp-header':'Method'},
            'where':{'type':'object','properties':{
              'zone':{'type':['string','null'],'x-mcp-header':'Zone'}}},
            'plain':{'type':'string'}}}
          """);

  @Test
  void a_schema_without_annotations_mirrors_nothing() {
    assertThat(valid("{'type':'object','properties':{'a':{'type':'string'}}}").isEmpty()).isTrue();
    assertThat(valid("{}").isEmpty()).isTrue();
    assertThat(TOOL.isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "My Region", "Region:Primary", "Région", "Region\\t1", "a\\r\\nb", "a/b"})
  void an_annotation_must_be_a_header_name_HD_16(String name) {
    assertInvalid(
        "{'properties':{'a':{'type':'string','x-mcp-header':'" + name + "'}}}", "header name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "['Region']", "{'name':'Region'}"})
  void an_annotation_must_be_a_string_HD_16(String annotation) {
    assertInvalid(
        "{'properties':{'a':{'type':'string','x-mcp-header':" + annotation + "}}}", "header name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'array'",
        "'object'",
        "'null'",
        "'number'",
        "['string','integer']",
        "['number','null']",
        "[]",
        "1"
      })
  void only_strings_integers_and_booleans_are_mirrored_HD_16(String type) {
    assertInvalid(
        "{'properties':{'a':{'type':" + type + ",'x-mcp-header':'A'}}}", "not on a string");
  }

  @Test
  void a_type_must_be_said_HD_16() {
    assertInvalid("{'properties':{'a':{'x-mcp-header':'A'}}}", "not on a string");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Region", "REGION", "region"})
  void names_are_unique_whatever_their_case_HD_16(String second) {
    assertInvalid(
        "{'properties':{'a':{'type':'string','x-mcp-header':'Region'},"
            + "'b':{'type':'string','x-mcp-header':'"
            + second
            + "'}}}",
        "same header");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'string','x-mcp-header':'A'}",
        "{'items':{'type':'string','x-mcp-header':'A'}}",
        "{'prefixItems':[{'type':'string','x-mcp-header':'A'}]}",
        "{'oneOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]}",
        "{'anyOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]}",
        "{'allOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]}",
        "{'not':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}}",
        "{'if':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}}",
        "{'then':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}}",
        "{'else':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}}",
        "{'$defs':{'a':{'type':'string','x-mcp-header':'A'}}}",
        "{'patternProperties':{'a':{'type':'string','x-mcp-header':'A'}}}",
        "{'additionalProperties':{'type':'string','x-mcp-header':'A'}}",
        "{'properties':{'a':{'items':{'type':'string','x-mcp-header':'A'}}}}",
        "{'properties':{'a':{'allOf':[{'type':'string','x-mcp-header':'A'}]}}}",
        "{'properties':{'a':[{'type':'string','x-mcp-header':'A'}]}}",
        "{'vendor':{'deep':[[{'type':'string','x-mcp-header':'A'}]]}}",
      })
  void only_properties_may_lead_to_an_annotation_HD_16(String schema) {
    assertInvalid(schema, "only \"properties\" lead to");
  }

  @Test
  void stripping_takes_annotations_at_any_depth_and_nothing_else() {
    JsonObject schema =
        object(
            """
            {'x-mcp-header':1,'type':'object','n':1.50,'properties':{
              'a':{'type':'string','x-mcp-header':'A'},
              'x-mcp-header':{'items':[{'x-mcp-header':'B'}],'default':{'x-mcp-header':'C'}}}}
            """);

    assertThat(ParameterHeaders.strip(schema).toJson().text())
        .isEqualTo(
            """
            {"type":"object","n":1.50,"properties":{"a":{"type":"string"},\
            "x-mcp-header":{"items":[{}],"default":{"x-mcp-header":"C"}}}}\
            """);
    assertThat(ParameterHeaders.read(ParameterHeaders.strip(schema)))
        .isInstanceOf(ParameterHeaders.Reading.Valid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'properties':{'x-mcp-header':{'type':'string'}}}",
        "{'$defs':{'x-mcp-header':{'type':'string'}}}",
        "{'dependentRequired':{'x-mcp-header':['a']}}",
        "{'properties':{'a':{'const':{'x-mcp-header':'A'}}}}",
        "{'properties':{'a':{'default':{'x-mcp-header':1},'examples':[{'x-mcp-header':''}],"
            + "'enum':[{'x-mcp-header':''}]}}}",
      })
  void a_property_of_that_name_or_data_is_no_annotation(String schema) {
    assertThat(valid(schema).isEmpty()).isTrue();
  }

  @Test
  void a_client_mirrors_what_is_there_CH_08() {
    assertThat(
            TOOL.of(
                object(
                    """
                    {'region':' us-west1','count':42.0,'flag':false,'where':{'zone':''},'plain':'p'}
                    """)))
        .containsExactly(
            Map.entry("Mcp-Param-Region", "=?base64?IHVzLXdlc3Qx?="),
            Map.entry("Mcp-Param-Count", "42"),
            Map.entry("Mcp-Param-Method", "false"),
            Map.entry("Mcp-Param-Zone", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'region':null,'count':null,'flag':null,'where':null}",
        "{'where':{}}",
        "{'where':{'zone':null}}",
        "{'where':'zone'}",
        "{'region':['a'],'count':{}}"
      })
  void a_client_leaves_out_what_is_absent_null_or_cannot_be_mirrored_HD_11(String arguments) {
    assertThat(TOOL.of(object(arguments))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "42,42",
    "-7,-7",
    "0,0",
    "-0,0",
    "1e3,1000",
    "42.0,42",
    "9007199254740991,9007199254740991",
    "9007199254740993,9007199254740993",
    "1e999999999,1e999999999",
    "3.5,3.5"
  })
  void integers_are_mirrored_in_decimal_HD_13(String inBody, String header) {
    assertThat(TOOL.of(object("{'count':" + inBody + "}")))
        .containsExactly(Map.entry("Mcp-Param-Count", header));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'region':'us-west1'}|Mcp-Param-Region|us-west1",
        "{'region':'us-west1'}|mcp-param-REGION| us-west1 ",
        "{'region':'Hello'}|Mcp-Param-Region|=?base64?SGVsbG8=?=",
        "{'region':'=?base64?SGVsbG8='}|Mcp-Param-Region|=?base64?SGVsbG8=",
        "{'region':''}|Mcp-Param-Region|``",
        "{'count':42}|Mcp-Param-Count|42",
        "{'count':42.0}|Mcp-Param-Count|42",
        "{'count':42}|Mcp-Param-Count|42.0",
        "{'count':42}|Mcp-Param-Count|4.2e1",
        "{'count':-9007199254740991}|Mcp-Param-Count|-9007199254740991",
        "{'flag':true}|Mcp-Param-Method|true",
        "{'where':{'zone':'a'}}|Mcp-Param-Zone|a",
        "{'plain':'a'}|Mcp-Param-Unknown|b",
      })
  void a_header_that_says_what_the_arguments_say_is_fine_HD_10_HD_12_HD_14(
      String arguments, String field, String value) {
    assertThat(TOOL.check(object(arguments), Fields.of(Map.of(field, value)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'region':'us-west1'}|Mcp-Param-Region|us-west2",
        "{'region':'us-west1'}|Mcp-Param-Region|US-WEST1",
        "{'region':'Hello'}|Mcp-Param-Region|=?base64?SGVsbG8?=",
        "{'region':'Hello'}|Mcp-Param-Region|=?BASE64?SGVsbG8=?=",
        "{'region':'us-wést1'}|Mcp-Param-Region|us-wést1",
        "{'region':'42'}|Mcp-Param-Region|42.0",
        "{'region':['a']}|Mcp-Param-Region|a",
        "{'count':42}|Mcp-Param-Count|43",
        "{'count':42}|Mcp-Param-Count|+42",
        "{'count':42}|Mcp-Param-Count|0x2a",
        "{'count':42}|Mcp-Param-Count|４２",
        "{'count':42}|Mcp-Param-Count|``",
        "{'count':9007199254740993}|Mcp-Param-Count|9007199254740993",
        "{'count':9007199254740993}|Mcp-Param-Count|9007199254740992",
        "{'count':1e999999999}|Mcp-Param-Count|1e999999999",
        "{'flag':true}|Mcp-Param-Method|True",
        "{'flag':true}|Mcp-Param-Method|1",
        "{'flag':true}|Mcp-Param-Method|false",
        "{'region':'a'}|Mcp-Param-Count|1",
        "{'region':null}|Mcp-Param-Region|null",
        "{}|Mcp-Param-Region|a",
        "{'where':{'zone':'a'}}|Mcp-Param-Zone|b",
      })
  void a_header_that_says_anything_else_is_a_mismatch_HD_09_HD_10(
      String arguments, String field, String value) {
    assertMismatch(TOOL.check(object(arguments), Fields.of(Map.of(field, value))));
  }

  @Test
  void a_value_without_its_header_is_a_mismatch_and_null_is_no_value_HD_10_HD_11() {
    assertMismatch(TOOL.check(object("{'region':'a'}"), Fields.of(Map.of())));
    assertThat(TOOL.check(object("{'region':null}"), Fields.of(Map.of()))).isEmpty();
    assertThat(TOOL.check(object("{}"), Fields.of(Map.of()))).isEmpty();
  }

  @Test
  void a_repeated_header_is_a_mismatch_4_T55() {
    assertMismatch(
        TOOL.check(
            object("{'region':'a'}"),
            Fields.all(
                Map.of("Mcp-Param-Region", List.of("a"), "mcp-param-region", List.of("a")))));
  }

  @Test
  void what_a_client_makes_a_server_accepts() {
    JsonObject arguments =
        object("{'region':'\\u0000\\n','count':1e2,'flag':true,'where':{'zone':' '}}");

    assertThat(TOOL.check(arguments, Fields.of(TOOL.of(arguments)))).isEmpty();
  }

  private static ParameterHeaders valid(String schema) {
    return switch (ParameterHeaders.read(object(schema))) {
      case ParameterHeaders.Reading.Valid valid -> valid.headers();
      case ParameterHeaders.Reading.Invalid invalid -> throw new AssertionError(invalid.why());
    };
  }

  private static void assertInvalid(String schema, String why) {
    assertThat(ParameterHeaders.read(object(schema)))
        .isInstanceOfSatisfying(
            ParameterHeaders.Reading.Invalid.class,
            invalid -> assertThat(invalid.why()).contains(why));
  }

  private static void assertMismatch(Optional<RpcError> fault) {
    assertThat(fault).map(RpcError::code).contains(RpcError.HEADER_MISMATCH);
  }
}
