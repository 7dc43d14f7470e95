package dev.sallyport.examples.everything;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.server.McpServer;
import dev.sallyport.server.schema.Literals;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the suite relies on without saying so; the suite itself says the rest. */
final class EverythingTest {
  private final McpServer server = Everything.server();

  private Outcome request(String method, String params, String capabilities) {
    return server.handle(
        new Exchange(
            method,
            Literals.object(params),
            Optional.empty(),
            Origin.of(Caller.local("tester"), "test").requested(RpcId.of(1)),
            new ClientContext(
                ProtocolVersion.LATEST_MODERN,
                Literals.object(capabilities),
                Optional.empty(),
                Optional.empty()),
            Optional.empty(),
            ClientChannel.NONE,
            new Cancellation()));
  }

  private List<JsonObject> list(String method, String member) {
    return ((Outcome.Complete) request(method, "{}", "{}"))
        .result().array(member).orElseThrow().stream()
            .map(item -> item.asObject().orElseThrow())
            .toList();
  }

  @Test
  void the_first_of_everything_is_plain() {
    JsonObject tool = list("tools/list", "tools").getFirst();

    assertThat(tool.string("name")).contains("test_simple_text");
    assertThat(tool.object("inputSchema").orElseThrow().has("required")).isFalse();
    assertThat(list("resources/list", "resources").getFirst().string("uri"))
        .contains("test://static-text");
  }

  @Test
  void everything_is_described() {
    for (JsonObject tool : list("tools/list", "tools")) {
      assertThat(tool.string("description").orElse("")).as(tool.toString()).isNotBlank();
      assertThat(tool.object("inputSchema")).isPresent();
    }
    for (JsonObject prompt : list("prompts/list", "prompts")) {
      assertThat(prompt.string("description").orElse("")).isNotBlank();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test_simple_text",
        "test_image_content",
        "test_audio_content",
        "test_embedded_resource",
        "test_multiple_content_types",
        "test_logging_tool",
        "test_tool_with_logging",
        "test_tool_with_progress",
        "test_reconnection",
        "test_trigger_tool_change",
        "test_trigger_prompt_change"
      })
  void a_tool_that_needs_nothing_answers_without_an_error(String tool) {
    Outcome outcome = request("tools/call", "{\"name\":\"" + tool + "\"}", "{}");

    assertThat(((Outcome.Complete) outcome).result().has("isError")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "test_input_required_result_elicitation, user_name",
    "test_input_required_result_sampling, capital_question",
    "test_input_required_result_list_roots, client_roots",
    "test_input_required_result_request_state, confirm",
    "test_input_required_result_tampered_state, confirm",
    "test_input_required_result_multiple_inputs, user_name greeting client_roots",
    "test_input_required_result_multi_round, step1",
    "test_input_required_result_capabilities, user_name greeting client_roots"
  })
  void a_tool_that_asks_uses_the_keys_the_suite_answers(String tool, String keys) {
    Outcome outcome =
        request(
            "tools/call",
            "{\"name\":\"" + tool + "\"}",
            "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}");

    assertThat(((Outcome.InputRequired) outcome).questions())
        .extracting(question -> question.key())
        .containsExactly(keys.split(" "));
    server.close();
  }

  @Test
  void only_what_a_client_declared_is_asked() {
    Outcome outcome =
        request(
            "tools/call",
            "{\"name\":\"test_input_required_result_capabilities\"}",
            "{\"sampling\":{}}");

    assertThat(((Outcome.InputRequired) outcome).questions())
        .extracting(question -> question.method())
        .containsExactly("sampling/createMessage");
    server.close();
  }

  @Test
  void a_client_that_cannot_sample_is_told_so() {
    Outcome outcome = request("tools/call", "{\"name\":\"test_missing_capability\"}", "{}");

    assertThat(((Outcome.Failed) outcome).error().code()).isEqualTo(-32021);
  }
}
