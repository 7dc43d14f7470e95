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
import dev.sallyport.upstream.legacy.Parks;
import dev.sallyport.upstream.stdio.WireBounds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A legacy server asks in the middle of a call (2.2). */
final class ParkingFlowTest {
  private static final String ALL = "{'elicitation':{'form':{},'url':{}},'sampling':{},'roots':{}}";
  private static final String ACCEPT = "{'action':'accept','content':{'name':'Ada'}}";

  private static final Fakes SHARED = new Fakes();

  private final Fakes fakes = new Fakes();

  @AfterAll
  static void nothing_shared_is_left() throws Exception {
    SHARED.close();
  }

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  @Test
  void the_call_waits_for_the_answer_and_goes_on() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Ask ask = call("ask").can("{'elicitation':{}}");

    Outcome.InputRequired first = questions(ask.of(server));

    assertThat(first.questions())
        .containsExactly(
            new Question(
                "q1",
                "elicitation/create",
                json("{'message':'name?','requestedSchema':{'type':'object','properties':{}}}")));
    assertThat(first.handle().orElseThrow()).matches("[0-9a-f]{32}");
    assertThat(text(ask.answering(first, "{'q1':" + ACCEPT + "}").of(server)))
        .isEqualTo("{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}");
    // One call on the wire, answered by the server's own id.
    String received = text(call("received").can("{'elicitation':{}}").of(server));
    assertThat(received.split("\"ask\"", -1)).hasSize(2);
    assertThat(received).contains("\"id\":\"ask-1\",\"result\":{\"action\":\"accept\"");
  }

  @Test
  void questions_asked_together_make_one_round() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask-two").can(ALL);

    Outcome.InputRequired round = questions(ask.of(server));

    assertThat(round.questions()).extracting(Question::key).containsExactly("q1", "q2");
    assertThat(
            text(
                ask.answering(round, "{'q2':{'role':'assistant'},'q1':" + ACCEPT + "}").of(server)))
        .isEqualTo(
            "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}|{\"role\":\"assistant\"}");
  }

  @Test
  void questions_one_after_the_other_make_two_rounds_with_keys_and_handles_of_their_own()
      throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask-twice").can(ALL);

    Outcome.InputRequired one = questions(ask.of(server));
    Fakes.Ask second = ask.answering(one, "{'q1':{'action':'decline'}}");
    Outcome.InputRequired two = questions(second.of(server));

    assertThat(two.questions()).extracting(Question::key).containsExactly("q2");
    assertThat(two.handle()).isNotEqualTo(one.handle());
    assertThat(text(second.answering(two, "{'q2':{'action':'cancel'}}").of(server)))
        .isEqualTo("{\"action\":\"decline\"}|{\"action\":\"cancel\"}");
  }

  @Test
  void what_is_missing_is_asked_again_and_what_was_given_is_not() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask-two").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));

    Fakes.Ask partly = ask.answering(round, "{'q1':" + ACCEPT + ",'q2':5,'q9':{}}");
    Outcome.InputRequired again = questions(partly.of(server));

    assertThat(again.questions()).extracting(Question::key).containsExactly("q2");
    assertThat(text(partly.answering(again, "{'q2':{'role':'user'}}").of(server)))
        .endsWith("|{\"role\":\"user\"}");
  }

  @Test
  void an_error_of_the_client_is_the_servers_answer() throws Exception { // 2.1.1

    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask-two").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));

    String answered = text(ask.declining(round, -1, "I would rather not").of(server));

    assertThat(answered).contains("\"code\":-1").contains("I would rather not");
  }

  @Test
  void another_caller_cannot_use_a_handle_and_does_not_learn_that_it_exists() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));

    Outcome stolen = ask.answering(round, "{'q1':" + ACCEPT + "}").by(BOB).of(server);
    Outcome invented = call("ask").can(ALL).withHandle("0".repeat(32), "{}").by(BOB).of(server);

    assertThat(failed(stolen).error()).isEqualTo(failed(invented).error());
    assertThat(failed(stolen).error().code()).isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(text(ask.answering(round, "{'q1':" + ACCEPT + "}").of(server))).contains("Ada");
  }

  @Test
  void a_handle_is_of_no_use_for_another_method() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask").can(ALL);
    String handle = questions(ask.of(server)).handle().orElseThrow();

    Outcome outcome =
        Fakes.ask("prompts/get", "{'name':'ask'}").can(ALL).withHandle(handle, "{}").of(server);

    assertThat(failed(outcome).error().code()).isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_handle_works_once() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask").can(ALL);
    Fakes.Ask answer = ask.answering(questions(ask.of(server)), "{'q1':" + ACCEPT + "}");

    assertThat(text(answer.of(server))).contains("Ada");

    assertThat(failed(answer.of(server)).error())
        .isEqualTo(RpcError.invalidParams("requestState was used already"));
  }

  @Test
  void nobody_answers_in_time_so_the_server_is_told_and_the_place_is_free() throws Exception {
    UpstreamServer server =
        fakes.server(options -> options.withParks(new Parks.Bounds(1, 1, Duration.ofMillis(300))));
    Fakes.Ask ask = call("ask").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));

    Fakes.until("the call is given up", () -> server.parked() == 0);

    Fakes.until(
        "the server knows",
        () -> {
          String received = text(call("received").can(ALL).of(server));
          return received.contains("notifications/cancelled")
              && received.contains("\"id\":\"ask-1\",\"result\":{\"action\":\"cancel\"}");
        });
    Outcome late = ask.answering(round, "{'q1':" + ACCEPT + "}").of(server);
    assertThat(text(late)).contains("may have had partial effects");
    assertThat(((Outcome.Complete) late).result().get("isError")).contains(Json.TRUE);
  }

  @Test
  void a_call_that_is_cancelled_while_its_question_is_open_is_given_up_at_once() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Ask ask = call("ask").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));
    assertThat(server.parked()).isEqualTo(1);

    ask.cancellation.cancel();

    assertThat(server.parked()).isZero();
    Fakes.until(
        "the server knows",
        () -> text(call("received").can(ALL).of(server)).contains("notifications/cancelled"));
    assertThat(text(ask.answering(round, "{'q1':" + ACCEPT + "}").of(server)))
        .contains("may have had partial effects");
  }

  @Test
  void what_was_answered_already_is_not_given_up_with_the_exchange_that_asked() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Ask ask = call("ask").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));
    assertThat(text(ask.answering(round, "{'q1':" + ACCEPT + "}").of(server))).contains("Ada");

    ask.cancellation.cancel();

    assertThat(text(call("received").can(ALL).of(server))).doesNotContain("cancelled");
  }

  @Test
  void a_server_that_does_not_read_holds_up_the_end_of_nobody_elses_calls() throws Exception {
    WireBounds bounds = WireBounds.DEFAULT;
    UpstreamServer server =
        fakes.server(
            options ->
                options
                    .withParks(new Parks.Bounds(5, 5, Duration.ofSeconds(1)))
                    .withWire(
                        new WireBounds(
                            bounds.lineBytes(),
                            1_000,
                            Duration.ofSeconds(60),
                            bounds.calls(),
                            bounds.notifications(),
                            bounds.notificationBytes(),
                            bounds.garbage())));
    String alices = text(call("pid").can(ALL).of(server));
    call("pid").can(ALL).by(BOB).of(server);
    questions(call("ask").can(ALL).of(server));
    questions(call("ask").can(ALL).by(BOB).of(server));
    Fakes.freeze(alices);
    Fakes.Running stuck =
        call("echo", "{'padding':'" + "p".repeat(100_000) + "'}").can(ALL).start(server);

    Fakes.until(
        "the other server knows",
        () ->
            text(call("received").can(ALL).by(BOB).of(server)).contains("notifications/cancelled"));
    assertThat(stuck.isDone()).isFalse();
  }

  @Test
  void a_server_that_died_meanwhile_is_not_asked_again() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Ask ask = call("ask-and-die").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));
    Fakes.until("the parked call is gone", () -> server.parked() == 0);

    assertThat(text(ask.answering(round, "{'q1':" + ACCEPT + "}").of(server)))
        .contains("may have had partial effects");
  }

  @Test
  void a_question_that_is_withdrawn_is_not_asked() throws Exception {
    UpstreamServer server =
        fakes.server(
            options -> {
              UpstreamOptions.Patience patience = options.patience();
              return options.withPatience(
                  new UpstreamOptions.Patience(
                      patience.probe(),
                      patience.handshake(),
                      patience.call(),
                      patience.longestCall(),
                      Duration.ofSeconds(10),
                      patience.eof(),
                      patience.term()));
            });

    assertThat(text(call("ask-and-withdraw").can(ALL).of(server))).isEqualTo("without");
  }

  @Test
  void too_many_parked_calls_are_answered_as_cancelled() throws Exception {
    UpstreamServer server =
        fakes.server(options -> options.withParks(new Parks.Bounds(1, 5, Duration.ofMinutes(1))));
    Fakes.Ask first = call("ask").can(ALL);
    Outcome.InputRequired parked = questions(first.of(server));

    assertThat(text(call("ask").can(ALL).of(server))).isEqualTo("{\"action\":\"cancel\"}");
    assertThat(questions(call("ask").can(ALL).by(BOB).of(server)).questions()).hasSize(1);
    assertThat(text(first.answering(parked, "{'q1':" + ACCEPT + "}").of(server))).contains("Ada");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ask | {} | -32601",
        "ask | {'sampling':{},'roots':{}} | -32601",
        "ask-url | {'elicitation':{}} | -32602",
        "sample | {'elicitation':{}} | -32601",
        "roots | {'elicitation':{},'sampling':{}} | -32601",
        "ask-unknown | {'elicitation':{},'sampling':{},'roots':{}} | -32601",
      })
  void what_the_client_did_not_declare_is_not_asked(String tool, String can, int code)
      throws Exception {
    UpstreamServer server = SHARED.shared();

    assertThat(text(call(tool).can(can).of(server))).contains("\"code\":" + code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ask | {'elicitation':{}}",
        "ask-url | {'elicitation':{'url':{}}}",
        "sample | {'sampling':{}}",
        "roots | {'roots':{}}",
      })
  void what_the_client_declared_is_asked(String tool, String can) throws Exception {
    UpstreamServer server = SHARED.shared();

    Outcome.InputRequired round = questions(call(tool).can(can).of(server));

    assertThat(round.questions()).hasSize(1);
    assertThat(round.questions().getFirst().params().toJson().text())
        .doesNotContain("progressToken");
  }

  @Test
  void a_tool_that_fails_because_it_could_not_ask_says_which_capability_it_needs()
      throws Exception {
    UpstreamServer server = SHARED.shared();

    Outcome outcome = call("ask-tool-error").of(server);

    assertThat(failed(outcome).error())
        .isEqualTo(RpcError.missingCapability(json("{'sampling':{}}")));
  }

  @Test
  void an_error_that_hands_on_our_refusal_says_so_too() throws Exception {
    UpstreamServer server = SHARED.shared();

    assertThat(failed(call("ask-then-error", "{'n':-32601}").of(server)).error())
        .isEqualTo(RpcError.missingCapability(json("{'sampling':{}}")));
  }

  @Test
  void a_call_that_fails_for_another_reason_says_that() throws Exception {
    UpstreamServer server = SHARED.shared();

    assertThat(failed(call("ask-then-error", "{'n':-32602}").of(server)).error())
        .isEqualTo(RpcError.invalidParams("The year is missing"));
    assertThat(text(call("ask-then-tool-error").of(server))).isEqualTo("The year is missing");
  }

  @Test
  void roots_asked_for_outside_any_call_are_none_and_within_one_the_clients() throws Exception {
    UpstreamServer server = fakes.server("ask-roots-at-once");
    // A list cannot carry a question, so the child is greeted outside of any that can.
    ask("tools/list", "{}").can("{'roots':{}}").of(server);

    Fakes.until(
        "the answer",
        () ->
            text(call("received").can("{'roots':{}}").of(server))
                .contains("\"id\":\"r0\",\"result\":{\"roots\":[]}"));
    Outcome within = call("roots").can("{'roots':{}}").of(server);
    assertThat(questions(within).questions().getFirst().method()).isEqualTo("roots/list");
  }

  @Test
  void with_several_calls_in_progress_any_of_the_same_caller_carries_the_question()
      throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Hanging hanging = fakes.hang(server, call("hang").can(ALL));
    Fakes.Ask ask = call("ask").can(ALL);

    Outcome.InputRequired round = questions(ask.of(server));

    assertThat(attribution(round)).contains("inferred");
    assertThat(text(ask.answering(round, "{'q1':" + ACCEPT + "}").of(server))).contains("Ada");
    hanging.end();
  }

  @Test
  void with_one_call_in_progress_there_is_no_doubt_whose_question_it_is() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Hanging bobs = fakes.hang(server, call("hang").by(BOB).can(ALL));
    Fakes.Ask ask = call("ask").can(ALL);

    Outcome.InputRequired round = questions(ask.of(server));

    assertThat(attribution(round)).isEmpty();
    assertThat(text(ask.answering(round, "{'q1':" + ACCEPT + "}").of(server))).contains("Ada");
    bobs.end();
  }

  private static Optional<String> attribution(Outcome.InputRequired round) {
    return round
        .questions()
        .getFirst()
        .params()
        .object("_meta")
        .flatMap(meta -> meta.string("dev.sallyport/attribution"));
  }

  @Test
  void cancelling_while_the_server_waits_for_more_than_the_answer_reaches_it() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Ask ask = call("ask").can(ALL);
    Outcome.InputRequired round = questions(ask.of(server));
    Fakes.Ask answer = ask.answering(round, "{}");
    answer.cancellation.cancel();

    assertThat(answer.of(server)).isEqualTo(new Outcome.Cancelled());

    Fakes.until(
        "the server knows",
        () -> text(call("received").can(ALL).of(server)).contains("notifications/cancelled"));
    assertThat(server.parked()).isZero();
  }

  @Test
  void progress_after_the_answer_carries_the_new_token() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask ask = call("ask-then-progress").can(ALL).token(Json.of("one"));
    Outcome.InputRequired round = questions(ask.of(server));
    Fakes.Ask answer = ask.answering(round, "{'q1':" + ACCEPT + "}").token(Json.of("two"));

    assertThat(text(answer.of(server))).isEqualTo("done");

    assertThat(answer.next().params().string("progressToken")).contains("two");
    assertThat(ask.heard).isEmpty();
  }

  @Test
  void pages_a_server_wants_opened_become_questions_and_then_a_new_call() throws Exception {
    UpstreamServer server = SHARED.shared();
    String data =
        "{'elicitations':[{'mode':'url','elicitationId':'e','url':'https://a.example/','message':'go'}]}";
    Fakes.Ask ask =
        call("error", "{'code':-32042,'data':" + data + "}").can("{'elicitation':{'url':{}}}");

    Outcome.InputRequired round = questions(ask.of(server));

    assertThat(round.questions().getFirst().params())
        .isEqualTo(json("{'mode':'url','url':'https://a.example/','message':'go'}"));
    assertThat(questions(ask.answering(round, "{'q1':{'action':'accept'}}").of(server)).questions())
        .hasSize(1);
    assertThat(text(ask.answering(round, "{'q1':{'action':'decline'}}").of(server)))
        .contains("did not open");
    assertThat(text(ask.answering(round, "{}").of(server))).contains("did not open");
    assertThat(text(ask.answering(round, "{'q1':null}").of(server))).contains("did not open");
    assertThat(text(ask.answering(round, "{'q2':{'action':'accept'}}").of(server)))
        .contains("did not open");
    assertThat(failed(call("error", "{'code':-32042,'data':" + data + "}").of(server)).error())
        .isEqualTo(RpcError.missingCapability(json("{'elicitation':{'url':{}}}")));
  }

  @Test
  void every_page_needs_an_agreement_of_its_own() throws Exception {
    UpstreamServer server = SHARED.shared();
    String data =
        "{'elicitations':[{'url':'https://a.example/'},{'no':'url'},{'url':'https://b.example/'}]}";
    Fakes.Ask ask =
        call("error", "{'code':-32042,'data':" + data + "}").can("{'elicitation':{'url':{}}}");
    Outcome.InputRequired round = questions(ask.of(server));

    assertThat(round.questions()).extracting(Question::key).containsExactly("q1", "q2");
    assertThat(text(ask.answering(round, "{'q1':{'action':'accept'}}").of(server)))
        .contains("did not open");
    String both = "{'q1':{'action':'accept'},'q2':{'action':'accept'}}";
    assertThat(questions(ask.answering(round, both).of(server)).questions()).hasSize(2);
  }

  @Test
  void clients_that_can_do_different_things_have_different_children() throws Exception {
    UpstreamServer server = fakes.server();
    List<String> pids =
        List.of(
            text(call("pid").of(server)),
            text(call("pid").can("{'elicitation':{}}").of(server)),
            text(call("pid").can("{'elicitation':{'form':{},'url':{}}}").of(server)),
            text(call("pid").can("{'sampling':{}}").of(server)));

    assertThat(pids).doesNotHaveDuplicates();
    assertThat(text(call("pid").can("{'elicitation':{'form':{}}}").of(server)))
        .isEqualTo(pids.get(1));
    assertThat(text(call("pid").by(ALICE).can("{'unknown':{}}").of(server)))
        .isEqualTo(pids.getFirst());
  }

  @Test
  void the_handshake_tells_a_server_what_this_client_can_do_and_no_more() throws Exception {
    UpstreamServer server = fakes.server();
    String can = "{'sampling':{'tools':{}},'elicitation':{'form':{}},'roots':{},'tasks':{}}";

    JsonObject initialize =
        Json.parse(text(call("received").can(can).of(server)))
            .asArray()
            .orElseThrow()
            .getFirst()
            .asObject()
            .orElseThrow()
            .object("params")
            .orElseThrow();

    assertThat(initialize.object("capabilities"))
        .contains(json("{'roots':{},'sampling':{'tools':{}},'elicitation':{}}"));
    assertThat(initialize.object("clientInfo").flatMap(info -> info.string("name")))
        .contains("sallyport");
  }
}
