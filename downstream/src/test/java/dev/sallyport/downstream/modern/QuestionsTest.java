package dev.sallyport.downstream.modern;

import static dev.sallyport.downstream.ScriptedHandler.object;
import static dev.sallyport.downstream.modern.Bench.CAPABILITIES;
import static dev.sallyport.downstream.modern.Bench.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions to the client, and the way back (A.10). */
final class QuestionsTest {
  private static final String FORM = "{\"message\":\"Sure?\",\"requestedSchema\":{}}";
  private static final String ALL =
      "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{\"tools\":{}},\"roots\":{}}";

  private final Bench bench = new Bench();

  private static Outcome ask(String method, String params) {
    return new Outcome.InputRequired(
        List.of(new Question("k", method, object(params))), "the handle");
  }

  /** Asks first, and says what it was told when it is asked again. */
  private static Outcome askOnce(Exchange exchange) {
    return exchange.continuation().isEmpty()
        ? ask("elicitation/create", FORM)
        : new Outcome.Complete(
            JsonObject.of(
                "told",
                exchange.continuation().get().answers().toJson(),
                "handle",
                Json.of(exchange.continuation().get().handle().orElse("none"))));
  }

  private Bench.Asking call() {
    return bench
        .asking("tools/call", "{\"name\":\"t\",\"arguments\":{\"a\":1}}")
        .meta(CAPABILITIES, ALL);
  }

  private String state() {
    return call().result().get("requestState").orElseThrow().text();
  }

  @Test
  void a_question_and_its_answer_make_the_round() {
    bench.handler.on("tools/call", QuestionsTest::askOnce);
    JsonObject first = call().result();

    assertThat(first.string("resultType")).contains("input_required");
    assertThat(first.object("inputRequests").orElseThrow().toJson().text())
        .isEqualTo("{\"k\":{\"method\":\"elicitation/create\",\"params\":" + FORM + "}}");
    assertThat(first.names()).doesNotContain("ttlMs", "cacheScope");
    assertThat(first.string("requestState").orElseThrow()).doesNotContain("the handle");

    JsonObject second =
        call()
            .with("requestState", first.get("requestState").orElseThrow().text())
            .with("inputResponses", "{\"k\":{\"action\":\"accept\"},\"other\":{}}")
            .result();
    assertThat(second.string("handle")).contains("the handle");
    assertThat(second.get("told").map(Json::text))
        .contains("{\"k\":{\"action\":\"accept\"},\"other\":{}}");
  }

  @Test
  void a_state_is_refused_from_another_caller_for_other_arguments_and_too_late() {
    bench.handler.on("tools/call", QuestionsTest::askOnce);
    bench.handler.on("prompts/get", QuestionsTest::askOnce);
    String state = state();
    int asked = bench.handler.count("tools/call");

    assertRefused(call().by(Bench.BERT).with("requestState", state));
    assertRefused(call().with("arguments", "{\"a\":2}").with("requestState", state));
    assertRefused(
        bench
            .asking("prompts/get", "{\"name\":\"t\",\"arguments\":{\"a\":1}}")
            .with("requestState", state));
    assertRefused(call().with("requestState", state.replaceFirst(".{3}\"$", "AAA\"")));
    assertRefused(call().with("requestState", "\"\""));
    assertThat(bench.handler.count("tools/call")).isEqualTo(asked);
    assertThat(bench.handler.count("prompts/get")).isZero();

    bench.clock.advance(Duration.ofMinutes(10));
    assertRefused(call().with("requestState", state));
  }

  /** One answer for every reason. */
  private static void assertRefused(Bench.Asking asking) {
    Ending ending = asking.run();
    assertThat(verdict(ending)).containsExactly(200, -32602);
    assertThat(
            new String(
                ending.message().orElseThrow().toBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("requestState is not valid here");
  }

  @Test
  void a_partial_answer_reaches_the_handler_as_it_is() {
    bench.handler.on("tools/call", QuestionsTest::askOnce);

    assertThat(call().with("requestState", state()).result().get("told").map(Json::text))
        .contains("{}");
  }

  @Test
  void a_question_without_a_handle_has_no_state_and_its_answer_comes_without_one() {
    bench.handler.on(
        "tools/call",
        e ->
            e.continuation().isPresent()
                ? askOnce(e)
                : new Outcome.InputRequired(
                    List.of(new Question("k", "roots/list", JsonObject.EMPTY)),
                    Optional.empty(),
                    JsonObject.EMPTY));

    assertThat(call().result().has("requestState")).isFalse();
    assertThat(call().with("inputResponses", "{\"k\":{}}").result().string("handle"))
        .contains("none");
  }

  @Test
  void a_handle_without_a_question_is_a_state_alone() {
    bench.handler.on(
        "tools/call",
        e ->
            new Outcome.InputRequired(
                List.of(), Optional.of("h"), object("{\"ttlMs\":1,\"_meta\":{\"a\":1}}")));
    JsonObject result = call().result();

    assertThat(result.has("inputRequests")).isFalse();
    assertThat(result.has("requestState")).isTrue();
    assertThat(result.has("ttlMs")).isFalse();
    assertThat(result.object("_meta").orElseThrow().has("a")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "elicitation/create,{},{\"elicitation\":{}}",
        "elicitation/create,{\"mode\":\"form\"},{\"elicitation\":{\"form\":{}}}",
        "elicitation/create,{\"mode\":\"url\"},{\"elicitation\":{\"url\":{}}}",
        "sampling/createMessage,{},{\"sampling\":{}}",
        "sampling/createMessage,|{\"tools\":[]}|,{\"sampling\":{\"tools\":{}}}",
        "roots/list,{},{\"roots\":{}}"
      })
  void what_the_client_declared_is_asked(String method, String params, String capabilities) {
    bench.handler.on("tools/call", e -> ask(method, params));

    assertThat(call().meta(CAPABILITIES, capabilities).result().string("resultType"))
        .contains("input_required");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "elicitation/create,{},{}",
        "elicitation/create,{},{\"sampling\":{}}",
        "elicitation/create,{},{\"elicitation\":true}",
        "elicitation/create,{\"mode\":\"url\"},{\"elicitation\":{}}",
        "elicitation/create,{\"mode\":\"url\"},{\"elicitation\":{\"form\":{}}}",
        "elicitation/create,{},{\"elicitation\":{\"url\":{}}}",
        "elicitation/create,{\"mode\":\"odd\"},{\"elicitation\":{}}",
        "sampling/createMessage,{},{\"elicitation\":{}}",
        "sampling/createMessage,{\"tools\":[]},{\"sampling\":{}}",
        "sampling/createMessage,{\"toolChoice\":{}},{\"sampling\":{}}",
        "roots/list,{},{}",
        "tools/call,{},|{\"elicitation\":{},\"sampling\":{},\"roots\":{}}|"
      })
  void what_it_did_not_declare_is_never_asked(String method, String params, String capabilities) {
    bench.handler.on("tools/call", e -> ask(method, params));

    assertThat(verdict(call().meta(CAPABILITIES, capabilities).run())).containsExactly(200, -32603);
  }

  @Test
  void two_questions_under_one_key_are_never_asked() {
    Question question = new Question("k", "roots/list", JsonObject.EMPTY);
    bench.handler.on(
        "tools/call", e -> new Outcome.InputRequired(List.of(question, question), "h"));

    assertThat(verdict(call().run())).containsExactly(200, -32603);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/list", "completion/complete", "server/discover", "x/vendor"})
  void only_three_methods_may_ask(String method) {
    bench.handler.on(method, e -> ask("roots/list", "{}"));

    assertThat(verdict(bench.asking(method).meta(CAPABILITIES, ALL).run()))
        .containsExactly(200, -32603);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompts/get", "resources/read"})
  void prompts_and_resources_may_ask_too(String method) {
    bench.handler.on(method, QuestionsTest::askOnce);
    String params = "{\"name\":\"n\"}";
    if (method.equals("resources/read")) {
      params = "{\"uri\":\"a:b\"}";
    }
    String state =
        bench
            .asking(method, params)
            .meta(CAPABILITIES, ALL)
            .result()
            .get("requestState")
            .orElseThrow()
            .text();

    assertThat(bench.asking(method, params).with("requestState", state).result().string("handle"))
        .contains("the handle");
  }

  @Test
  void a_handle_that_no_client_could_carry_is_an_internal_error() {
    bench.handler.on(
        "tools/call",
        e ->
            new Outcome.InputRequired(
                List.of(), Optional.of("x".repeat(70_000)), JsonObject.EMPTY));

    assertThat(verdict(call().run())).containsExactly(200, -32603);
  }

  @Test
  void members_of_the_same_name_belong_to_other_methods() {
    bench.handler.answer("tasks/update", "{}");
    bench
        .asking("tasks/update", "{\"taskId\":\"1\",\"inputResponses\":{\"k\":{}}}")
        .header("Mcp-Name", "1")
        .result();

    assertThat(bench.handler.only("tasks/update").params().has("inputResponses")).isTrue();
    assertThat(bench.handler.only("tasks/update").continuation()).isEmpty();
  }
}
