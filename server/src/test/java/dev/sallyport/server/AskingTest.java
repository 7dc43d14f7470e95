package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.server.schema.Literals;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AskingTest {
  record Name(String name) {}

  record Yes(boolean yes) {}

  private static final String ALL =
      "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}";
  private static final String IT = "{\"name\":\"it\",\"arguments\":{}}";
  private static final String ANN =
      "{\"name\":{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}}";

  private static McpServer serving(Tool.PlainBody<ToolResult> body) {
    return serving(Limits.standard(), body);
  }

  private static McpServer serving(Limits limits, Tool.PlainBody<ToolResult> body) {
    return McpServer.named("test", "1")
        .limits(limits)
        .tool(Tool.named("it").answering(body))
        .tool(Tool.named("other").answering(_ -> ToolResult.text("other")))
        .build();
  }

  @Test
  void code_that_ignores_its_cancellation_keeps_its_place_until_it_returns() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    McpServer server =
        serving(
            Limits.standard().withRunning(1),
            _ -> {
              running.countDown();
              awaitWhateverHappens(goOn);
              return ToolResult.text("late");
            });
    Client stubborn = new Client(server);
    Thread call = Thread.ofVirtual().start(() -> stubborn.request("tools/call", IT));
    running.await();
    stubborn.cancellation.cancel();
    call.join();

    Outcome turnedAway = new Client(server).request("tools/call", "{\"name\":\"other\"}");
    assertThat(turnedAway).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) turnedAway).refusal().reason())
        .isEqualTo(Refusal.Reason.UNAVAILABLE);

    goOn.countDown();
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    Outcome next;
    do {
      next = new Client(server).request("tools/call", "{\"name\":\"other\"}");
    } while (next instanceof Outcome.Refused && System.nanoTime() < end);
    assertThat(next).isInstanceOf(Outcome.Complete.class);
  }

  private static void awaitWhateverHappens(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException ignoredOnPurpose) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Ask<Elicited<Name>> name() {
    return Ask.form("name", "What is your name?", Name.class);
  }

  private static ToolResult hello(Call call) throws InterruptedException {
    return ToolResult.text("Hello, " + call.ask(name()).accepted().map(Name::name).orElse("?"));
  }

  @Test
  void a_question_is_an_outcome_and_its_answer_carries_the_call_on() {
    // MR-01, MR-04
    Client client = new Client(serving(AskingTest::hello)).able(ALL);

    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));

    assertThat(asked.questions())
        .containsExactly(
            new Question(
                "name",
                "elicitation/create",
                Literals.object(
                    """
                    {"message":"What is your name?","requestedSchema":{"type":"object",\
                    "properties":{"name":{"type":"string"}},"required":["name"]}}\
                    """)));
    assertThat(Client.text(client.again("tools/call", IT, ANN, asked.handle())))
        .contains("Hello, Ann");
  }

  @ParameterizedTest
  @ValueSource(strings = {"decline", "cancel"})
  void declining_and_closing_are_answers(String action) {
    // MR-18
    Client client =
        new Client(serving(call -> ToolResult.text(call.ask(name()).action()))).able(ALL);
    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));

    assertThat(
            Client.text(
                client.again(
                    "tools/call",
                    IT,
                    "{\"name\":{\"action\":\"" + action + "\"}}",
                    asked.handle())))
        .contains("\"text\":\"" + action + "\"");
  }

  @Test
  void several_things_are_asked_at_once_and_only_what_is_missing_is_asked_again() {
    // MR-10, MR-11
    Ask<Sampled> model = Ask.sampling("model", Sampling.of("Greet").maxTokens(50));
    Ask<List<Root>> roots = Ask.roots("roots");
    Ask<Consent> page = Ask.page("page", "Sign in", URI.create("https://example.com/x"));
    Client client =
        new Client(
                serving(
                    call -> {
                      Ask<Elicited<Name>> name = name();
                      Answers answers = call.askAll(name, model, roots, page);
                      return ToolResult.text(
                          answers.to(name).accepted().orElseThrow().name()
                              + answers.to(model).text()
                              + answers.to(roots).getFirst().uri()
                              + answers.to(page));
                    }))
            .able(ALL);

    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));
    assertThat(asked.questions())
        .extracting(Question::method)
        .containsExactly(
            "elicitation/create", "sampling/createMessage", "roots/list", "elicitation/create");
    Outcome.InputRequired again =
        Client.asked(
            client.again(
                "tools/call",
                IT,
                """
                {"unknown":{"x":1},
                 "name":{"action":"accept","content":{"name":"Ann"}},
                 "model":{"role":"assistant","content":{"type":"text","text":"Hi"},"model":"m"}}\
                """,
                asked.handle()));
    assertThat(again.questions()).extracting(Question::key).containsExactly("roots", "page");
    assertThat(
            Client.text(
                client.again(
                    "tools/call",
                    IT,
                    "{\"roots\":{\"roots\":[{\"uri\":\"file:///r\"}]},\"page\":{\"action\":\"accept\"}}",
                    again.handle())))
        .contains("AnnHifile:///rACCEPTED");
  }

  @Test
  void a_second_round_has_a_handle_of_its_own_and_the_first_is_used_up() {
    // MR-08
    Client client =
        new Client(
                serving(
                    call -> {
                      String name = call.ask(name()).accepted().orElseThrow().name();
                      boolean sure =
                          call.ask(Ask.form("sure", "Sure?", Yes.class)).accepted().isPresent();
                      return ToolResult.text(name + sure);
                    }))
            .able(ALL);

    Outcome.InputRequired first = Client.asked(client.request("tools/call", IT));
    Outcome.InputRequired second =
        Client.asked(client.again("tools/call", IT, ANN, first.handle()));

    assertThat(second.handle()).isNotEqualTo(first.handle());
    assertThat(second.questions()).extracting(Question::key).containsExactly("sure");
    assertThat(Client.failed(client.again("tools/call", IT, ANN, first.handle())).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(
            Client.text(
                client.again(
                    "tools/call",
                    IT,
                    "{\"sure\":{\"action\":\"accept\",\"content\":{\"yes\":true}}}",
                    second.handle())))
        .contains("Anntrue");
  }

  @Test
  void answers_that_come_with_the_first_request_are_taken() {
    Client client = new Client(serving(AskingTest::hello)).able(ALL);

    assertThat(Client.text(client.again("tools/call", IT, ANN, Optional.empty())))
        .contains("Hello, Ann");
  }

  @Test
  void an_answer_under_another_key_is_no_answer() {
    // MR-10, MR-11
    Client client = new Client(serving(AskingTest::hello)).able(ALL);

    Outcome.InputRequired asked =
        Client.asked(
            client.again(
                "tools/call", IT, "{\"wrong\":{\"action\":\"accept\"}}", Optional.empty()));

    assertThat(asked.questions()).extracting(Question::key).containsExactly("name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345",
        "null",
        "{}",
        "{\"action\":\"maybe\"}",
        "{\"action\":\"accept\"}",
        "{\"action\":\"accept\",\"content\":{\"name\":5}}",
        "{\"action\":\"accept\",\"content\":{\"name\":\"Ann\",\"more\":1}}"
      })
  void a_malformed_answer_is_an_error_and_the_question_stays_open(String answer) {
    // MR-11
    Client client = new Client(serving(AskingTest::hello)).able(ALL);
    String malformed = "{\"name\":" + answer + "}";

    assertThat(Client.failed(client.again("tools/call", IT, malformed, Optional.empty())).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));
    assertThat(Client.failed(client.again("tools/call", IT, malformed, asked.handle())).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(Client.text(client.again("tools/call", IT, ANN, asked.handle())))
        .contains("Hello, Ann");
  }

  @Test
  void a_client_that_cannot_be_asked_gets_the_capability_it_lacks() {
    // MR-05
    Client client = new Client(serving(AskingTest::hello)).able("{\"elicitation\":{\"url\":{}}}");

    RpcError error = Client.failed(client.request("tools/call", IT));

    assertThat(error.code()).isEqualTo(RpcError.MISSING_CAPABILITY);
    assertThat(error.data().orElseThrow().text())
        .isEqualTo("{\"requiredCapabilities\":{\"elicitation\":{}}}");
  }

  @Test
  void every_capability_is_told_apart() {
    for (Capability capability : Capability.values()) {
      McpServer server = serving(call -> ToolResult.text(String.valueOf(call.can(capability))));
      String declared = capability.required().toJson().text();

      assertThat(Client.text(new Client(server).able(declared).request("tools/call", IT)))
          .as(declared)
          .contains("true");
      assertThat(Client.text(new Client(server).able("{}").request("tools/call", IT)))
          .contains("false");
    }
    McpServer tools =
        serving(
            call -> {
              call.ask(Ask.sampling("m", Sampling.of("x").with("tools", Json.arrayOf(List.of()))));
              return ToolResult.text("");
            });
    assertThat(Client.failed(new Client(tools).able(ALL).request("tools/call", IT)).code())
        .isEqualTo(RpcError.MISSING_CAPABILITY);
  }

  @Test
  void code_may_do_without_an_answer() {
    Client client =
        new Client(
            serving(
                call -> {
                  try {
                    return hello(call);
                  } catch (MissingCapability missing) {
                    return ToolResult.text("Hello, you");
                  }
                }));

    assertThat(Client.text(client.request("tools/call", IT))).contains("Hello, you");
  }

  @Test
  void another_caller_cannot_answer_nor_see_that_there_is_a_question() {
    // MR-07, MR-13
    McpServer server = serving(AskingTest::hello);
    Client owner = new Client(server).able(ALL);
    Client stranger = new Client(server).able(ALL).as(new Caller("test", "stranger", ""));
    Outcome.InputRequired asked = Client.asked(owner.request("tools/call", IT));

    RpcError refused = Client.failed(stranger.again("tools/call", IT, ANN, asked.handle()));
    RpcError unknown = Client.failed(stranger.again("tools/call", IT, ANN, Optional.of("x")));

    assertThat(refused).isEqualTo(unknown);
    assertThat(Client.text(owner.again("tools/call", IT, ANN, asked.handle())))
        .contains("Hello, Ann");
  }

  @Test
  void a_handle_answers_only_the_request_it_came_from() {
    McpServer server = serving(AskingTest::hello);
    Client client = new Client(server).able(ALL);
    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));

    assertThat(
            Client.failed(client.again("tools/call", "{\"name\":\"other\"}", ANN, asked.handle()))
                .code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(Client.text(client.again("tools/call", IT, ANN, asked.handle())))
        .contains("Hello, Ann");
  }

  @Test
  void a_question_nobody_answers_expires_and_frees_the_code() throws InterruptedException {
    // MR-09
    BlockingQueue<String> ends = new LinkedBlockingQueue<>(1);
    Limits quick = Limits.standard().withAnswerWithin(Duration.ofMillis(30));
    Client client =
        new Client(
                serving(
                    quick,
                    call -> {
                      try {
                        return hello(call);
                      } catch (NoAnswer expired) {
                        ends.add("expired");
                        throw expired;
                      }
                    }))
            .able(ALL);

    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));

    assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo("expired");
    assertThat(Client.failed(client.again("tools/call", IT, ANN, asked.handle())).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void no_more_calls_wait_than_one_caller_may_have() {
    McpServer server = serving(Limits.standard().withOpenCalls(3, 2), AskingTest::hello);
    Client greedy = new Client(server).able(ALL);
    Client second = new Client(server).able(ALL).as(new Caller("test", "second", ""));
    Client third = new Client(server).able(ALL).as(new Caller("test", "third", ""));
    Outcome.InputRequired first = Client.asked(greedy.request("tools/call", IT));
    Client.asked(greedy.request("tools/call", IT));

    assertThat(Client.text(greedy.request("tools/call", IT))).contains("\"isError\":true");
    Client.asked(second.request("tools/call", IT));
    assertThat(Client.text(third.request("tools/call", IT))).contains("\"isError\":true");
    Client.complete(greedy.again("tools/call", IT, ANN, first.handle()));
    Client.asked(third.request("tools/call", IT));
    server.close();
  }

  @Test
  void a_call_that_keeps_asking_is_ended() {
    Client client =
        new Client(
                serving(
                    call -> {
                      while (true) {
                        call.ask(name());
                      }
                    }))
            .able(ALL);

    Outcome outcome = client.request("tools/call", IT);
    int rounds = 0;
    while (outcome instanceof Outcome.InputRequired asked) {
      rounds++;
      outcome = client.again("tools/call", IT, ANN, asked.handle());
    }

    assertThat(rounds).isEqualTo(32);
    assertThat(Client.text(outcome)).contains("\"isError\":true");
  }

  @Test
  void cancelling_while_a_question_is_open_ends_the_code() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Client client =
        new Client(
                serving(
                    call -> {
                      try {
                        return hello(call);
                      } finally {
                        ended.countDown();
                      }
                    }))
            .able(ALL);
    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));

    client.cancellation.cancel();

    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Client.failed(client.again("tools/call", IT, ANN, asked.handle())).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void closing_the_server_ends_calls_that_wait() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    McpServer server =
        serving(
            call -> {
              try {
                return hello(call);
              } finally {
                ended.countDown();
              }
            });
    Client.asked(new Client(server).able(ALL).request("tools/call", IT));

    server.close();

    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Client.text(new Client(server).able(ALL).request("tools/call", IT)))
        .contains("The server is ending", "\"isError\":true");
  }

  @Test
  void what_is_said_after_an_answer_reaches_the_request_that_brought_it()
      throws InterruptedException {
    McpServer server =
        serving(
            call -> {
              call.progress(1, "before");
              call.ask(name());
              call.progress(2, "after");
              return ToolResult.text("done");
            });
    Client first = new Client(server).able(ALL).progressing(Json.of("one"));
    Client second = new Client(server).able(ALL).progressing(Json.of("two"));

    Outcome.InputRequired asked = Client.asked(first.request("tools/call", IT));
    Client.complete(second.again("tools/call", IT, ANN, asked.handle()));

    assertThat(first.next().params().string("progressToken")).contains("one");
    assertThat(first.heard).isEmpty();
    assertThat(second.next().params().string("progressToken")).contains("two");
    assertThat(second.heard).isEmpty();
  }

  @Test
  void two_questions_of_one_key_are_the_authors_mistake() {
    // MR-04
    Client client =
        new Client(
                serving(
                    call -> {
                      call.askAll(name(), name());
                      return ToolResult.text("");
                    }))
            .able(ALL);

    assertThat(Client.text(client.request("tools/call", IT))).contains("\"isError\":true");
  }

  @Test
  void prompts_and_resources_may_ask_too() {
    // MR-02
    McpServer server =
        McpServer.named("test", "1")
            .prompt(
                Prompt.named("p")
                    .answering(
                        (_, call) ->
                            List.of(
                                PromptMessage.user(
                                    call.ask(name()).accepted().orElseThrow().name()))))
            .resource(
                Resource.at("a://r")
                    .reading(
                        call -> Contents.text(call.ask(name()).accepted().orElseThrow().name())))
            .build();
    Client client = new Client(server).able(ALL);
    String prompt = "{\"name\":\"p\"}";
    String resource = "{\"uri\":\"a://r\"}";

    var one = Client.asked(client.request("prompts/get", prompt));
    var other = Client.asked(client.request("resources/read", resource));

    assertThat(Client.text(client.again("prompts/get", prompt, ANN, one.handle()))).contains("Ann");
    assertThat(Client.text(client.again("resources/read", resource, ANN, other.handle())))
        .contains("Ann");
  }

  @Test
  void a_form_written_by_hand_is_asked_as_it_is() {
    JsonObject schema =
        Literals.object(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"minLength\":2}}}");
    Client client =
        new Client(
                serving(
                    call ->
                        ToolResult.text(
                            call.ask(Ask.form("a", "A?", schema))
                                .accepted()
                                .orElseThrow()
                                .toJson()
                                .text())))
            .able("{\"elicitation\":{}}");

    Outcome.InputRequired asked = Client.asked(client.request("tools/call", IT));

    assertThat(asked.questions().getFirst().params().object("requestedSchema")).contains(schema);
    assertThat(
            Client.text(
                client.again(
                    "tools/call",
                    IT,
                    "{\"a\":{\"action\":\"accept\",\"content\":{\"a\":\"bc\"}}}",
                    asked.handle())))
        .contains("{\\\"a\\\":\\\"bc\\\"}");
  }
}
