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

class MirroredHeadersTest {
  private static final JsonObject CALL = object("{'name':'foo','arguments':{}}");

  @Test
  void a_version_that_says_what_the_body_says_is_fine_even_when_unknown() {
    assertThat(checkVersion("1900-01-01", List.of("1900-01-01"))).isEmpty();
    assertThat(checkVersion("2026-07-28", List.of(" 2026-07-28\t"))).isEmpty();
  }

  @Test
  void a_version_header_that_is_missing_different_or_repeated_is_a_mismatch() {
    assertMismatch(checkVersion("2026-07-28", List.of()), "missing");
    assertMismatch(checkVersion("2026-07-28", List.of("2025-11-25")), "match");
    assertMismatch(checkVersion("2026-07-28", List.of("")), "match");
    assertMismatch(checkVersion("2026-07-28", List.of("2026-07-28", "2026-07-28")), "once");
    assertMismatch(checkVersion("2026-07-28", List.of("=?base64?MjAyNi0wNy0yOA==?=")), "match");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mcp-Method", "mcp-method", "MCP-METHOD", "mcp-METHOD"})
  void header_names_count_in_any_case_HD_04(String field) {
    assertThat(check("tools/list", JsonObject.EMPTY, Map.of(field, List.of("tools/list"))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TOOLS/CALL", "Tools/call", "tools/list", "", "=?base64?dG9vbHMvY2FsbA==?="})
  void another_method_is_a_mismatch_HD_01(String value) {
    assertMismatch(
        check("tools/call", CALL, Map.of("Mcp-Method", List.of(value), "Mcp-Name", List.of("foo"))),
        "Mcp-Method");
  }

  @Test
  void a_missing_or_repeated_method_is_a_mismatch_HD_01() {
    assertMismatch(check("tools/list", JsonObject.EMPTY, Map.of()), "Mcp-Method is missing");
    assertMismatch(
        check(
            "tools/list",
            JsonObject.EMPTY,
            Map.of("Mcp-Method", List.of("tools/list", "tools/list"))),
        "Mcp-Method occurs more than once");
  }

  @ParameterizedTest
  @CsvSource({
    "tools/call,name",
    "prompts/get,name",
    "resources/read,uri",
    "tasks/get,taskId",
    "tasks/update,taskId",
    "tasks/cancel,taskId"
  })
  void the_target_must_be_named_HD_02_HD_03(String method, String parameter) {
    JsonObject params = JsonObject.of(parameter, Json.of("héllo"));
    String encoded = HeaderValue.encode("héllo");

    assertThat(check(method, params, named(method, encoded))).isEmpty();
    assertMismatch(check(method, params, named(method)), "Mcp-Name is missing");
    assertMismatch(check(method, params, named(method, "hello")), "Mcp-Name does not match");
    assertMismatch(check(method, params, named(method, "héllo")), "Mcp-Name does not match");
    assertMismatch(check(method, params, named(method, encoded, encoded)), "Mcp-Name occurs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "  foo  ", "\tfoo", "=?base64?Zm9v?="})
  void a_name_may_be_padded_or_encoded_HD_05_HD_06(String value) {
    assertThat(check("tools/call", CALL, named("tools/call", value))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Foo", "foo,foo", "", "=?BASE64?Zm9v?=", "=?base64?Zm9v", "=?base64?Zm9?="})
  void a_name_must_be_equal_after_decoding_HD_06_HD_07(String value) {
    assertMismatch(check("tools/call", CALL, named("tools/call", value)), "Mcp-Name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://EXAMPLE.com/a", "https://example.com/a/", "https://example.com/%61"})
  void uris_are_compared_as_text_4_T28(String value) {
    JsonObject params = JsonObject.of("uri", Json.of("https://example.com/a"));

    assertThat(check("resources/read", params, named("resources/read", "https://example.com/a")))
        .isEmpty();
    assertMismatch(check("resources/read", params, named("resources/read", value)), "Mcp-Name");
  }

  @Test
  void an_empty_name_is_not_a_missing_one_4_T40() {
    JsonObject params = JsonObject.of("name", Json.of(""));

    assertThat(check("tools/call", params, named("tools/call", ""))).isEmpty();
    assertMismatch(check("tools/call", params, named("tools/call")), "missing");
  }

  @Test
  void a_body_without_a_name_wants_no_header_but_contradicts_one() {
    assertThat(check("tools/call", JsonObject.EMPTY, named("tools/call"))).isEmpty();
    assertMismatch(check("tools/call", JsonObject.EMPTY, named("tools/call", "foo")), "Mcp-Name");
    assertMismatch(check("tools/call", object("{'name':1}"), named("tools/call", "1")), "Mcp-Name");
  }

  @Test
  void methods_without_a_target_do_not_look_at_the_name() {
    assertThat(check("tools/list", JsonObject.EMPTY, named("tools/list", "whatever"))).isEmpty();
    assertThat(check("no/such", CALL, named("no/such"))).isEmpty();
  }

  @Test
  void notifications_may_come_without_headers_but_must_not_contradict_them_HD_20() {
    JsonObject params =
        object("{'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28'}}");
    String method = "notifications/cancelled";

    assertThat(notification(method, params, Map.of())).isEmpty();
    assertThat(notification(method, params, Map.of("Mcp-Method", List.of(method)))).isEmpty();
    assertThat(
            notification(
                method, JsonObject.EMPTY, Map.of("MCP-Protocol-Version", List.of("2026-07-28"))))
        .isEmpty();
    assertMismatch(
        notification(method, params, Map.of("Mcp-Method", List.of("notifications/progress"))),
        "Mcp-Method");
    assertMismatch(
        notification(method, params, Map.of("Mcp-Method", List.of(method, method))), "Mcp-Method");
    assertMismatch(
        notification(method, params, Map.of("MCP-Protocol-Version", List.of("2025-11-25"))),
        "MCP-Protocol-Version");
  }

  @Test
  void faults_do_not_repeat_what_was_sent() {
    RpcError error = check("tools/call", CALL, named("tools/call", "s3cret")).orElseThrow();

    assertThat(error.message()).doesNotContain("s3cret").doesNotContain("foo");
    assertThat(error.data()).isEmpty();
  }

  @Test
  void a_client_makes_the_headers_from_the_body_CH_04_CH_06() {
    assertThat(MirroredHeaders.of(ProtocolVersion.V2026_07_28, "tools/call", CALL))
        .containsExactly(
            Map.entry("MCP-Protocol-Version", "2026-07-28"),
            Map.entry("Mcp-Method", "tools/call"),
            Map.entry("Mcp-Name", "foo"));
    assertThat(
            MirroredHeaders.of(
                ProtocolVersion.V2026_07_28, "resources/read", object("{'uri':'a\\nb'}")))
        .containsEntry("Mcp-Name", "=?base64?YQpi?=");
    assertThat(MirroredHeaders.of(ProtocolVersion.V2026_07_28, "tools/list", CALL))
        .doesNotContainKey("Mcp-Name");
  }

  @Test
  void what_a_client_makes_a_server_accepts_and_no_method_breaks_out_of_its_header() {
    for (String name : List.of("a", " a ", "", "日本", "=?base64?YQ==?=", "x\r\nEvil: 1")) {
      JsonObject params = JsonObject.of("name", Json.of(name));
      Map<String, String> made =
          MirroredHeaders.of(ProtocolVersion.V2026_07_28, "tools/call", params);
      assertThat(MirroredHeaders.checkRequest("tools/call", params, Fields.of(made))).isEmpty();
    }
    assertThat(
            MirroredHeaders.of(ProtocolVersion.V2026_07_28, "a\r\nEvil: 1", CALL).get("Mcp-Method"))
        .doesNotContain("\n");
  }

  private static Map<String, List<String>> named(String method, String... names) {
    return Map.of("Mcp-Method", List.of(method), "Mcp-Name", List.of(names));
  }

  private static Optional<RpcError> check(
      String method, JsonObject params, Map<String, List<String>> fields) {
    return MirroredHeaders.checkRequest(method, params, Fields.all(fields));
  }

  private static Optional<RpcError> notification(
      String method, JsonObject params, Map<String, List<String>> fields) {
    return MirroredHeaders.checkNotification(method, params, Fields.all(fields));
  }

  private static Optional<RpcError> checkVersion(String inBody, List<String> values) {
    return MirroredHeaders.checkVersion(inBody, Fields.all(Map.of("MCP-Protocol-Version", values)));
  }

  private static void assertMismatch(Optional<RpcError> fault, String message) {
    assertThat(fault).isPresent();
    assertThat(fault.get().code()).isEqualTo(-32020);
    assertThat(fault.get().message()).contains(message);
  }
}
