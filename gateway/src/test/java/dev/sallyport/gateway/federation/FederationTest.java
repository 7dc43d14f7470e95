package dev.sallyport.gateway.federation;

import static dev.sallyport.gateway.federation.Endpoint.ANN;
import static dev.sallyport.gateway.federation.Endpoint.error;
import static dev.sallyport.gateway.federation.Endpoint.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is about one server goes to that one, in its words, and comes back in ours. */
final class FederationTest {
  private final Endpoint endpoint = new Endpoint();

  @Test
  void a_call_goes_to_the_server_that_its_name_begins_with() {
    endpoint.notes.answer("tools/call", "{\"content\":[]}");
    result(endpoint.ask("tools/call", "{\"name\":\"notes__read\",\"arguments\":{\"a\":1.0}}"));
    assertThat(endpoint.notes.askedWith("tools/call"))
        .containsExactly("{\"name\":\"read\",\"arguments\":{\"a\":1.0}}");
    assertThat(endpoint.tickets.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"read", "others__read", "notes_read", "Notes__read", "__read", ""})
  void a_call_of_nobodys_tool_reaches_nobody(String name) {
    assertThat(error(endpoint.ask("tools/call", "{\"name\":\"" + name + "\"}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(endpoint.notes.asked).isEmpty();
    assertThat(endpoint.tickets.asked).isEmpty();
  }

  @Test
  void what_a_result_names_has_the_prefix_and_its_text_and_structure_do_not() {
    endpoint.notes.answer(
        "tools/call",
        """
        {"content":[{"type":"text","text":"see file:///a \\"uri\\""},
        {"type":"resource_link","uri":"file:///a","name":"a","x":1.0},
        {"type":"resource","resource":{"uri":"file:///b","text":"t"}},
        {"type":"later","uri":"file:///c"}],
        "structuredContent":{"uri":"file:///d"},
        "_meta":{"ui":{"resourceUri":"ui://page/1"},"com.example/x":1}}\
        """);
    JsonObject result = result(endpoint.ask("tools/call", "{\"name\":\"notes__t\"}"));
    assertThat(result.toJson().text())
        .contains(
            "{\"type\":\"text\",\"text\":\"see file:///a \\\"uri\\\"\"}",
            "{\"type\":\"resource_link\",\"uri\":\"notes+file:///a\",\"name\":\"a\",\"x\":1.0}",
            "{\"uri\":\"notes+file:///b\",\"text\":\"t\"}",
            "{\"type\":\"later\",\"uri\":\"file:///c\"}",
            "\"structuredContent\":{\"uri\":\"file:///d\"}",
            "\"resourceUri\":\"ui://notes/page/1\"",
            "\"com.example/x\":1",
            "\"io.modelcontextprotocol/serverInfo\":{\"name\":\"team\",\"version\":\"1\"}");
  }

  @Test
  void a_prompt_goes_to_its_server_and_its_messages_come_back_with_prefixes() {
    endpoint.tickets.answer(
        "prompts/get",
        """
        {"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"t://1","text":""}}},
        {"role":"user","content":{"type":"text","text":"hi"}}]}\
        """);
    JsonObject result = result(endpoint.ask("prompts/get", "{\"name\":\"tickets__p\"}"));
    assertThat(endpoint.tickets.askedWith("prompts/get")).containsExactly("{\"name\":\"p\"}");
    assertThat(result.toJson().text())
        .contains("\"uri\":\"tickets+t://1\"", "{\"type\":\"text\",\"text\":\"hi\"}");
    assertThat(error(endpoint.ask("prompts/get", "{\"name\":\"p\"}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_resource_that_was_never_listed_is_read_at_its_server() {
    endpoint.notes.answer(
        "resources/read", "{\"contents\":[{\"uri\":\"file:///a\",\"text\":\"t\"}]}");
    JsonObject result = result(endpoint.ask("resources/read", "{\"uri\":\"notes+file:///a\"}"));
    assertThat(endpoint.notes.askedWith("resources/read"))
        .containsExactly("{\"uri\":\"file:///a\"}");
    assertThat(result.toJson().text()).contains("\"uri\":\"notes+file:///a\"");
  }

  @Test
  void a_resource_that_a_process_of_ones_own_calls_public_is_not_for_all() {
    endpoint.notes.answer(
        "resources/read", "{\"contents\":[],\"ttlMs\":5,\"cacheScope\":\"public\"}");
    JsonObject read = result(endpoint.ask("resources/read", "{\"uri\":\"notes+file:///a\"}"));
    assertThat(read.string("cacheScope")).contains("private");
    assertThat(read.integer("ttlMs")).hasValue(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///a", "others+file:///a", "ui://page/x", "file:///a+b"})
  void a_resource_of_nobody_is_not_found_and_nobody_is_asked(String uri) {
    RpcError error = error(endpoint.ask("resources/read", "{\"uri\":\"" + uri + "\"}"));
    assertThat(error.code()).isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(error.data().orElseThrow().text()).contains(uri);
    assertThat(endpoint.notes.asked).isEmpty();
  }

  @Test
  void an_error_names_the_resource_as_the_client_knows_it() {
    endpoint.notes.answer(
        "resources/read", _ -> new Outcome.Failed(RpcError.resourceNotFound("file:///a")));
    assertThat(
            error(endpoint.ask("resources/read", "{\"uri\":\"notes+file:///a\"}"))
                .data()
                .orElseThrow()
                .text())
        .isEqualTo("{\"uri\":\"notes+file:///a\"}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "{\"type\":\"ref/prompt\",\"name\":\"notes__p\"};{\"type\":\"ref/prompt\",\"name\":\"p\"}",
        "{\"type\":\"ref/resource\",\"uri\":\"notes+f:///{x}\"};{\"type\":\"ref/resource\",\"uri\":\"f:///{x}\"}",
      },
      delimiter = ';')
  void a_completion_goes_where_what_it_completes_is(String ref, String own) {
    endpoint.notes.answer("completion/complete", "{\"completion\":{\"values\":[\"v\"]}}");
    result(
        endpoint.ask("completion/complete", "{\"ref\":" + ref + ",\"argument\":{\"name\":\"x\"}}"));
    assertThat(endpoint.notes.askedWith("completion/complete"))
        .containsExactly("{\"ref\":" + own + ",\"argument\":{\"name\":\"x\"}}");
    assertThat(endpoint.tickets.asked).isEmpty();
  }

  @Test
  void a_server_without_completions_has_no_suggestions() {
    JsonObject result =
        result(
            endpoint.ask(
                "completion/complete",
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"notes__p\"}}"));
    assertThat(result.object("completion").orElseThrow().array("values").orElseThrow()).isEmpty();
    assertThat(
            error(
                    endpoint.ask(
                        "completion/complete",
                        "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"p\"}}"))
                .code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_task_is_found_again_at_the_server_that_made_it() {
    endpoint.notes.answer(
        "tasks/get",
        "{\"taskId\":\"42\",\"status\":\"completed\",\"result\":{\"content\":[{\"type\":\"resource_link\",\"uri\":\"f:a\"}]}}");
    String id = endpoint.taskOfNotes("42");
    assertThat(id).startsWith("notes:").endsWith(".42");
    JsonObject task = result(endpoint.ask("tasks/get", "{\"taskId\":\"" + id + "\"}"));
    assertThat(endpoint.notes.askedWith("tasks/get")).containsExactly("{\"taskId\":\"42\"}");
    assertThat(task.string("taskId")).contains(id);
    assertThat(task.toJson().text()).contains("\"uri\":\"notes+f:a\"");
    for (String wrong : List.of("42", "notes:42", id.replace("notes:", "tickets:"))) {
      assertThat(error(endpoint.ask("tasks/get", "{\"taskId\":\"" + wrong + "\"}")).message())
          .isEqualTo("Task not found");
    }
  }

  @Test
  void a_task_that_asks_says_which_server_wants_to_know() {
    endpoint.notes.answer(
        "tasks/get",
        """
        {"taskId":"42","status":"input_required","inputRequests":{"a":{"method":"elicitation/create",
        "params":{"message":"Sure?","requestedSchema":{}}},"b":{"method":"sampling/createMessage","params":{}}}}\
        """);
    String id = endpoint.taskOfNotes("42");
    assertThat(
            result(endpoint.ask("tasks/get", "{\"taskId\":\"" + id + "\"}"))
                .object("inputRequests")
                .orElseThrow()
                .toJson()
                .text())
        .contains("\"message\":\"[notes] Sure?\"")
        .contains("\"b\":{\"method\":\"sampling/createMessage\",\"params\":{}}");
  }

  @Test
  void a_question_says_which_server_asks_and_its_answer_finds_it() {
    endpoint.notes.answer(
        "tools/call",
        exchange ->
            exchange.continuation().isPresent()
                ? new Outcome.Complete(JsonObject.EMPTY)
                : new Outcome.InputRequired(
                    List.of(
                        new Question(
                            "q",
                            "elicitation/create",
                            FakeServer.object("{\"message\":\"Sure?\",\"requestedSchema\":{}}"))),
                    "handle"));
    Outcome asked = endpoint.ask("tools/call", "{\"name\":\"notes__t\"}");
    assertThat(asked).isInstanceOf(Outcome.InputRequired.class);
    Outcome.InputRequired questions = (Outcome.InputRequired) asked;
    assertThat(questions.handle().orElseThrow()).endsWith(".handle");
    assertThat(questions.questions().getFirst().params().string("message"))
        .contains("[notes] Sure?");
    result(answered("notes__t", questions.handle().orElseThrow()));
    assertThat(endpoint.notes.asked.getLast().continuation())
        .contains(new Continuation(JsonObject.EMPTY, Optional.of("handle")));
    // Neither another server nor one that has its prefix later is told what this one gave.
    assertThat(error(answered("tickets__t", questions.handle().get())).message())
        .contains("requestState");
    endpoint.federation.change(
        Endpoint.crew(new Member("notes", exchange -> endpoint.notes.handle(exchange))));
    assertThat(error(answered("notes__t", questions.handle().get())).message())
        .contains("requestState");
  }

  private Outcome answered(String tool, String handle) {
    return endpoint.federation.handle(
        endpoint.exchange(
            ANN,
            Optional.empty(),
            "tools/call",
            "{\"name\":\"" + tool + "\"}",
            Optional.of(new Continuation(JsonObject.EMPTY, Optional.of(handle))),
            new Cancellation()));
  }

  @Test
  void log_messages_say_whose_they_are_and_progress_passes() {
    endpoint.notes.answer(
        "tools/call",
        exchange -> {
          exchange.notify(
              new Message.Notification(
                  "notifications/message",
                  FakeServer.object("{\"level\":\"info\",\"logger\":\"db\",\"data\":1}")));
          exchange.notify(
              new Message.Notification(
                  "notifications/message", FakeServer.object("{\"level\":\"info\",\"data\":2}")));
          exchange.notify(
              new Message.Notification(
                  "notifications/progress", FakeServer.object("{\"progress\":1}")));
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    endpoint.ask("tools/call", "{\"name\":\"notes__t\"}");
    assertThat(endpoint.told)
        .extracting(told -> told.params().toJson().text())
        .containsExactly(
            "{\"level\":\"info\",\"logger\":\"notes/db\",\"data\":1}",
            "{\"level\":\"info\",\"data\":2,\"logger\":\"notes\"}",
            "{\"progress\":1}");
  }

  @Test
  void a_method_of_one_servers_own_is_not_known() {
    assertThat(error(endpoint.ask("com.example/x", "{}")).code())
        .isEqualTo(RpcError.METHOD_NOT_FOUND);
    assertThat(endpoint.notes.asked).isEmpty();
  }

  @Test
  void a_server_that_ends_its_part_of_a_session_ends_nothing_else() {
    endpoint.notes.answer("tools/call", "{\"content\":[]}");
    ClientSession session = new ClientSession("s");
    ClientSession own = callWithin(session);
    assertThat(own).isNotEqualTo(session);
    assertThat(callWithin(session)).isEqualTo(own);
    own.end();
    assertThat(session.isOver()).isFalse();
    ClientSession next = callWithin(session);
    assertThat(next).isNotEqualTo(own);
    session.end();
    assertThat(next.isOver()).isTrue();
    assertThat(callWithin(session).isOver()).isTrue();
  }

  private ClientSession callWithin(ClientSession session) {
    endpoint.federation.handle(
        endpoint.exchange(
            ANN,
            Optional.of(session),
            "tools/call",
            "{\"name\":\"notes__t\"}",
            Optional.empty(),
            new Cancellation()));
    return endpoint.notes.asked.getLast().origin().session().orElseThrow();
  }

  @Test
  void that_a_part_of_a_session_is_lost_does_not_end_the_session() {
    endpoint.notes.answer(
        "tools/call",
        _ -> new Outcome.Refused(Refusal.of(Refusal.Reason.NOT_FOUND, "send initialize again")));
    assertThat(error(endpoint.ask("tools/call", "{\"name\":\"notes__t\"}")).message())
        .contains("session ended");
    endpoint.tickets.answer(
        "tools/call",
        _ -> new Outcome.Refused(Refusal.of(Refusal.Reason.UNAVAILABLE, "Too many users")));
    assertThat(endpoint.ask("tools/call", "{\"name\":\"tickets__t\"}"))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void two_servers_cannot_have_one_prefix_and_not_every_text_is_one() {
    assertThatThrownBy(() -> new Member("Notes", endpoint.notes))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(List.of("a", "a1", "2a", "a-b", "a".repeat(24))).allMatch(Member::isPrefix);
    assertThat(List.of("", "a_b", "a-", "-a", "a".repeat(25), "a+b")).noneMatch(Member::isPrefix);
  }
}
