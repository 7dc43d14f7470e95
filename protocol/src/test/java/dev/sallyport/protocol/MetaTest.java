package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.json;
import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetaTest {
  private static final String FULL =
      """
      {'name':'t','_meta':{
        'io.modelcontextprotocol/protocolVersion':'2026-07-28',
        'io.modelcontextprotocol/clientCapabilities':{'sampling':{}},
        'io.modelcontextprotocol/clientInfo':{'name':'c','version':'1'},
        'io.modelcontextprotocol/logLevel':'warning',
        'progressToken':'p1',
        'com.example/trace':[1.0]}}
      """;

  @Test
  void a_complete_request_is_read_into_its_fields() {
    Meta.Reading reading = Meta.read(object(FULL));

    assertThat(reading)
        .isEqualTo(
            new Meta.Reading.Complete(
                new Meta(
                    "2026-07-28",
                    object("{'sampling':{}}"),
                    Optional.of(object("{'name':'c','version':'1'}")),
                    Optional.of(LogLevel.WARNING),
                    Optional.of(Json.of("p1"))),
                object("{'name':'t','_meta':{'com.example/trace':[1.0]}}")));
  }

  @Test
  void version_and_capabilities_are_enough_VN_05() {
    Meta.Reading reading =
        Meta.read(
            object(
                """
                {'_meta':{'io.modelcontextprotocol/clientCapabilities':{},
                'io.modelcontextprotocol/protocolVersion':'1900-01-01'}}
                """));

    assertThat(reading)
        .isEqualTo(
            new Meta.Reading.Complete(
                new Meta(
                    "1900-01-01",
                    JsonObject.EMPTY,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                JsonObject.EMPTY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'_meta':null}",
        "{'_meta':[]}",
        "{'_meta':{}}",
        "{'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28'}}",
        "{'_meta':{'io.modelcontextprotocol/clientCapabilities':{}}}"
      })
  void lacking_metadata_is_invalid_params_VN_04(String params) {
    assertThat(codeOf(Meta.read(object(params)))).isEqualTo(RpcError.INVALID_PARAMS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "io.modelcontextprotocol/protocolVersion|20260728",
        "io.modelcontextprotocol/protocolVersion|null",
        "io.modelcontextprotocol/clientCapabilities|[]",
        "io.modelcontextprotocol/clientCapabilities|null",
        "io.modelcontextprotocol/clientInfo|'curl'",
        "io.modelcontextprotocol/logLevel|'loud'",
        "io.modelcontextprotocol/logLevel|'WARNING'",
        "io.modelcontextprotocol/logLevel|4",
        "progressToken|1.5",
        "progressToken|null",
        "progressToken|{}",
      })
  void a_mistyped_field_is_invalid_params_FE_17(String key, String value) {
    JsonObject good = object(FULL);
    JsonObject meta = good.object("_meta").orElseThrow();

    Meta.Reading reading = Meta.read(good.with("_meta", meta.with(key, json(value))));

    assertThat(codeOf(reading)).isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_progress_token_keeps_type_and_text_PR_01() {
    assertThat(Meta.progressToken(object("{'_meta':{'progressToken':7}}"))).contains(Json.of(7));
    assertThat(Meta.progressToken(object("{'_meta':{'progressToken':'7'}}")))
        .contains(Json.of("7"));
    assertThat(Meta.progressToken(object("{'_meta':{'progressToken':7.5}}"))).isEmpty();
    assertThat(Meta.progressToken(object("{'progressToken':7}"))).isEmpty();
  }

  @Test
  void stripping_leaves_other_parameters_alone() {
    JsonObject untouched = object("{'_meta':{'com.example/a':1},'x':2}");

    assertThat(Meta.stripped(untouched)).isSameAs(untouched);
    assertThat(Meta.stripped(object("{'x':2}"))).isEqualTo(object("{'x':2}"));
  }

  @Test
  void stray_modern_keys_of_a_legacy_request_go_too_VN_18() {
    JsonObject stray =
        object(
            """
            {'name':'t','_meta':{'io.modelcontextprotocol/protocolVersion':'x',
            'io.modelcontextprotocol/serverInfo':{},'io.modelcontextprotocol/subscriptionId':1}}
            """);

    assertThat(Meta.stripped(stray)).isEqualTo(object("{'name':'t'}"));
  }

  @Test
  void what_is_added_is_read_back_CH_05() {
    Meta.Reading.Complete read = (Meta.Reading.Complete) Meta.read(object(FULL));

    assertThat(Meta.read(read.meta().addTo(read.params()))).isEqualTo(read);
  }

  @Test
  void absent_fields_are_not_written() {
    Meta bare =
        Meta.of(
            ProtocolVersion.V2026_07_28,
            new ClientContext(
                ProtocolVersion.V2025_06_18, JsonObject.EMPTY, Optional.empty(), Optional.empty()),
            Optional.empty());

    assertThat(bare.addTo(JsonObject.EMPTY))
        .isEqualTo(
            object(
                """
                {'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28',
                'io.modelcontextprotocol/clientCapabilities':{}}}
                """));
  }

  @Test
  void server_info_is_put_beside_vendor_keys_and_taken_away_again_JR_22() {
    JsonObject result = object("{'content':[],'_meta':{'com.example/a':1}}");
    JsonObject info = object("{'name':'s','version':'2'}");

    JsonObject marked = Meta.withServerInfo(result, info);

    assertThat(Meta.serverInfo(marked)).contains(info);
    assertThat(Meta.withoutServerInfo(marked)).isEqualTo(result);
    assertThat(Meta.withoutServerInfo(Meta.withServerInfo(JsonObject.EMPTY, info)))
        .isEqualTo(JsonObject.EMPTY);
  }

  @Test
  void a_subscription_id_keeps_its_type_SB_03() {
    JsonObject number = Meta.withSubscriptionId(object("{'uri':'u'}"), RpcId.of(1));
    JsonObject string = Meta.withSubscriptionId(object("{'uri':'u'}"), RpcId.of("1"));

    assertThat(Meta.subscriptionId(number)).contains(RpcId.of(1));
    assertThat(Meta.subscriptionId(string)).contains(RpcId.of("1"));
    assertThat(Meta.withoutSubscriptionId(string)).isEqualTo(object("{'uri':'u'}"));
  }

  @Test
  void a_progress_token_for_a_legacy_server_comes_alone() {
    assertThat(Meta.withProgressToken(JsonObject.EMPTY, Json.of(3)))
        .isEqualTo(object("{'_meta':{'progressToken':3}}"));
  }

  @Test
  void the_claimed_version_is_a_string_or_nothing() {
    assertThat(Meta.claimedVersion(object(FULL))).contains("2026-07-28");
    assertThat(Meta.claimedVersion(JsonObject.EMPTY)).isEmpty();
    assertThat(
            Meta.claimedVersion(object("{'_meta':{'io.modelcontextprotocol/protocolVersion':1}}")))
        .isEmpty();
  }

  private static int codeOf(Meta.Reading reading) {
    return switch (reading) {
      case Meta.Reading.Malformed malformed -> malformed.error().code();
      case Meta.Reading.Complete complete -> throw new AssertionError("read: " + complete);
    };
  }
}
