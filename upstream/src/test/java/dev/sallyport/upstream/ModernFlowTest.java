package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.failed;
import static dev.sallyport.upstream.Fakes.json;
import static dev.sallyport.upstream.Fakes.questions;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls on a modern child: a relay with checks. */
final class ModernFlowTest {
  private static final String ELICIT =
      "{'method':'elicitation/create','params':{'message':'name?','requestedSchema':{}}}";
  private static final Fakes FAKES = new Fakes();
  private static UpstreamServer server;

  @BeforeAll
  static void open() throws Exception {
    server = FAKES.server("modern");
  }

  @AfterAll
  static void nothing_is_left() throws Exception {
    FAKES.close();
  }

  private static Fakes.Ask input(String first) {
    return call("input", "{'first':" + first + "}");
  }

  @Test
  void every_request_says_version_capabilities_client_and_log_level() {
    JsonObject params =
        json(text(call("echo").can("{'elicitation':{},'x':{}}").logging("info").of(server)));

    assertThat(params.object("_meta").orElseThrow())
        .isEqualTo(
            json(
                "{'io.modelcontextprotocol/protocolVersion':'2026-07-28',"
                    + "'io.modelcontextprotocol/clientCapabilities':{'elicitation':{},'x':{}},"
                    + "'io.modelcontextprotocol/clientInfo':{'name':'test','version':'1'},"
                    + "'io.modelcontextprotocol/logLevel':'info'}"));
  }

  @Test
  void capabilities_are_those_of_the_request_not_of_an_earlier_one() {
    call("echo").can("{'sampling':{}}").of(server);

    assertThat(text(call("echo").of(server))).doesNotContain("sampling");
  }

  @Test
  void of_extensions_those_are_declared_that_we_can_relay() { // 4-T46
    String text =
        text(
            call("echo")
                .can("{'extensions':{'io.modelcontextprotocol/tasks':{},'com.example/odd':{}}}")
                .of(server));

    assertThat(text).contains("io.modelcontextprotocol/tasks").doesNotContain("com.example");
  }

  @Test
  void vendor_metadata_stays() {
    String params = "{'name':'echo','_meta':{'com.example/a':1}}";

    assertThat(text(ask("tools/call", params).of(server))).contains("\"com.example/a\":1");
  }

  @Test
  void discover_is_relayed() {
    Outcome outcome = new Fakes.Ask("server/discover", JsonObject.EMPTY).of(server);

    assertThat(((Outcome.Complete) outcome).result().string("resultType")).contains("complete");
  }

  @Test
  void one_child_serves_all_clients_of_a_caller_and_another_caller_has_another() {
    String pid = text(call("pid").by(ALICE).of(server));

    assertThat(text(call("pid").by(ALICE).can("{'roots':{}}").of(server))).isEqualTo(pid);
    assertThat(text(call("pid").by(BOB).of(server))).isNotEqualTo(pid);
  }

  @Test
  void questions_come_out_with_the_servers_own_keys_and_state() {
    Fakes.Ask ask =
        input(
                "{'resultType':'input_required','inputRequests':{'who':"
                    + ELICIT
                    + "},'requestState':'s t\u00e4te','_meta':{'com.example/x':1}}")
            .can("{'elicitation':{}}");

    assertThat(ask.of(server))
        .isEqualTo(
            new Outcome.InputRequired(
                java.util.List.of(
                    new Question(
                        "who",
                        "elicitation/create",
                        json("{'message':'name?','requestedSchema':{}}"))),
                Optional.of("ss t\u00e4te"),
                json("{'_meta':{'com.example/x':1}}")));
  }

  @Test
  void answers_go_back_with_the_exact_state_and_a_new_id() {
    Fakes.Ask ask =
        input(
                "{'resultType':'input_required','inputRequests':{'who':"
                    + ELICIT
                    + "},'requestState':'a\\u0000\\\\b'}")
            .can("{'elicitation':{'form':{}}}");
    Outcome.InputRequired questions = questions(ask.of(server));

    JsonObject params =
        json(
            text(
                ask.answering(
                        questions, "{'who':{'action':'accept','content':{'n':1.0}},'other':null}")
                    .of(server)));

    assertThat(params.object("inputResponses").map(some -> some.toJson().text()))
        .contains("{\"who\":{\"action\":\"accept\",\"content\":{\"n\":1.0}}}");
    assertThat(params.string("requestState")).contains("a\0\\b");
    assertThat(params.object("arguments")).isPresent();
  }

  @Test
  void without_a_state_none_is_sent_back() {
    Fakes.Ask ask =
        input("{'resultType':'input_required','inputRequests':{'who':" + ELICIT + "}}")
            .can("{'elicitation':{}}");
    Outcome.InputRequired questions = questions(ask.of(server));

    assertThat(text(ask.answering(questions, "{'who':{'action':'decline'}}").of(server)))
        .doesNotContain("requestState");
  }

  @Test
  void a_state_alone_means_come_again() {
    Outcome outcome = input("{'resultType':'input_required','requestState':'later'}").of(server);

    assertThat(questions(outcome).questions()).isEmpty();
    assertThat(questions(outcome).handle()).contains("slater");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "elicitation/create | {} | {'sampling':{}}",
        "elicitation/create | {'mode':'url'} | {'elicitation':{}}",
        "elicitation/create | {'mode':'form'} | {'elicitation':{'url':{}}}",
        "sampling/createMessage | {} | {'elicitation':{}}",
        "sampling/createMessage | {'tools':[]} | {'sampling':{}}",
        "roots/list | {} | {}",
        "vendor/ask | {} | {'vendor':{}}",
      })
  void a_question_the_caller_did_not_declare_is_the_servers_fault(
      String method, String params, String capabilities) {
    String request = "{'method':'" + method + "','params':" + params + "}";

    Outcome outcome =
        input("{'resultType':'input_required','inputRequests':{'k':" + request + "}}")
            .can(capabilities)
            .of(server);

    assertThat(failed(outcome).error().code()).isEqualTo(RpcError.INTERNAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "elicitation/create | {} | {'elicitation':{}}",
        "elicitation/create | {'mode':'url'} | {'elicitation':{'url':{}}}",
        "sampling/createMessage | {'tools':[]} | {'sampling':{'tools':{}}}",
        "roots/list | {} | {'roots':{}}",
      })
  void a_question_the_caller_declared_is_asked(String method, String params, String capabilities) {
    String request = "{'method':'" + method + "','params':" + params + "}";

    Outcome outcome =
        input("{'resultType':'input_required','inputRequests':{'k':" + request + "}}")
            .can(capabilities)
            .of(server);

    assertThat(questions(outcome).questions()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'resultType':'task','taskId':'1'}",
        "{'resultType':5}",
        "{'resultType':'input_required'}",
        "{'resultType':'input_required','requestState':5}",
        "{'resultType':'input_required','inputRequests':[]}",
        "{'resultType':'input_required','inputRequests':{'a':1}}",
        "{'resultType':'input_required','inputRequests':{'a':{'params':{}}}}",
      })
  void a_result_that_breaks_the_rules_is_an_error(String result) {
    assertThat(failed(input(result).of(server)).error())
        .isEqualTo(RpcError.internal("The server's answer was not valid"));
  }

  @Test
  void a_result_without_a_type_is_complete_and_untouched() {
    Outcome outcome = call("raw", "{'result':{'structuredContent':null,'x':1.50}}").of(server);

    assertThat(outcome)
        .isEqualTo(new Outcome.Complete(json("{'structuredContent':null,'x':1.50}")));
  }

  @ParameterizedTest
  @CsvSource({"-32021", "-32020", "-32000", "-32077", "-32602", "5"})
  void an_error_comes_out_as_it_is_since_each_edge_knows_what_its_client_may_see(int theirs) {
    Outcome outcome = call("error", "{'code':" + theirs + ",'data':{}}").of(server);

    assertThat(failed(outcome).error().code()).isEqualTo(theirs);
  }

  @Test
  void an_older_servers_code_for_a_missing_resource_is_understood() {
    assertThat(failed(ask("resources/read", "{'uri':'a:b'}").of(server)).error())
        .isEqualTo(RpcError.resourceNotFound("a:b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"initialize", "ping", "logging/setLevel", "resources/subscribe"})
  void a_method_modern_servers_do_not_have_is_not_found(String method) {
    assertThat(failed(new Fakes.Ask(method, JsonObject.EMPTY).of(server)).error().code())
        .isEqualTo(RpcError.METHOD_NOT_FOUND);
  }

  @Test
  void tasks_are_for_clients_that_take_them() { // TK-10
    RpcError error = failed(ask("tasks/get", "{'taskId':'t'}").of(server)).error();

    assertThat(error.code()).isEqualTo(RpcError.MISSING_CAPABILITY);
    assertThat(error.data().map(Json::text).orElseThrow())
        .contains("io.modelcontextprotocol/tasks");
  }

  @Test
  void a_request_from_the_server_is_never_answered() throws Exception {
    call("ask-request").of(server);

    for (Json line : Json.parse(text(call("received").of(server))).asArray().orElseThrow()) {
      JsonObject message = line.asObject().orElseThrow();
      assertThat(message.has("method")).isTrue();
      assertThat(message.has("result") || message.has("error")).isFalse();
    }
  }

  @Test
  void answers_without_state_on_a_first_request_are_passed_on() {
    Fakes.Ask ask = call("echo").withHandle("", "{'a':{'action':'accept'}}");

    assertThat(text(ask.of(server))).contains("inputResponses");
  }
}
