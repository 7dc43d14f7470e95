package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.questions;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.upstream.wire.Remark;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who shares a child, in each isolation; and what does not reach those who do. */
final class IsolationFlowTest {
  private final Fakes fakes = new Fakes();

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  private static UnaryOperator<UpstreamOptions> isolated(Isolation isolation) {
    return options ->
        options.withSharing(
            Sharing.DEFAULT.withIsolation(isolation).withPatience(Duration.ofSeconds(1)));
  }

  private static ClientSession session(String name) {
    return new ClientSession(name);
  }

  @Test
  void each_session_has_a_child_of_its_own() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SESSION));
    ClientSession first = session("first");
    ClientSession second = session("second");

    String firsts = text(call("pid").in(first).of(server));
    assertThat(text(call("pid").in(second).of(server))).isNotEqualTo(firsts);
    assertThat(text(call("pid").in(first).of(server))).isEqualTo(firsts);
  }

  @Test
  void requests_without_a_session_share_their_callers_child() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SESSION));
    String alices = text(call("pid").by(ALICE).of(server));

    assertThat(text(call("pid").by(ALICE).of(server))).isEqualTo(alices);
    assertThat(text(call("pid").by(BOB).of(server))).isNotEqualTo(alices);
  }

  @Test
  void sessions_count_on_their_callers_account() throws Exception {
    UpstreamServer server =
        fakes.server(
            options ->
                options.withSharing(
                    Sharing.DEFAULT
                        .withIsolation(Isolation.SESSION)
                        .withChildren(10, 2)
                        .withPatience(Duration.ofMillis(50))));
    Fakes.Hanging one = fakes.hang(server, call("hang").in(session("one")));
    Fakes.Hanging two = fakes.hang(server, call("hang").in(session("two")));

    Outcome.Refused third = (Outcome.Refused) call("pid").in(session("three")).of(server);

    assertThat(third.refusal().reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
    assertThat(text(call("pid").by(BOB).in(session("bobs")).of(server))).isNotEmpty();
    one.end();
    two.end();
  }

  @Test
  void a_session_that_ends_takes_its_child_with_it() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SESSION));
    ClientSession session = session("short");
    ClientSession other = session("other");
    call("pid").in(session).of(server);
    String others = text(call("pid").in(other).of(server));

    session.end();

    Fakes.until("its child is gone", () -> server.children() == 1);
    assertThat(text(call("pid").in(other).of(server))).isEqualTo(others);
    assertThat(refused(call("pid").in(session).of(server))).isEqualTo(Refusal.Reason.NOT_FOUND);
  }

  @Test
  void a_session_whose_child_dies_is_over_and_no_other_child_is_started_for_it() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SESSION));
    ClientSession session = session("doomed");
    call("pid").in(session).of(server);

    Fakes.failed(call("die").in(session).of(server));

    assertThat(refused(call("pid").in(session).of(server))).isEqualTo(Refusal.Reason.NOT_FOUND);
    assertThat(session.isOver()).isTrue();
    assertThat(server.children()).isZero();
    assertThat(text(call("pid").in(session("next")).of(server))).isNotEmpty();
  }

  @Test
  void a_session_whose_child_dies_while_nobody_asks_is_over_too() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SESSION));
    ClientSession session = session("doomed");
    String pid = text(call("pid").in(session).of(server));

    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();

    Fakes.until("it is over", session::isOver);
  }

  @Test
  void a_caller_whose_child_dies_goes_on_with_the_next_in_the_same_session() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.CALLER));
    ClientSession session = session("lasting");
    Fakes.failed(call("die").in(session).of(server));

    assertThat(text(call("pid").in(session).of(server))).isNotEmpty();
    assertThat(session.isOver()).isFalse();
  }

  private static Refusal.Reason refused(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).refusal().reason();
  }

  @Test
  void a_shared_child_is_everybodys_whatever_their_clients_can_do() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED));
    String started = Fakes.pid(server);

    assertThat(text(call("pid").by(ALICE).of(server))).isEqualTo(started);
    assertThat(text(call("pid").by(BOB).can("{'elicitation':{},'roots':{}}").of(server)))
        .isEqualTo(started);
    assertThat(text(call("pid").in(session("some")).of(server))).isEqualTo(started);
  }

  @Test
  void a_shared_server_with_a_handshake_is_told_that_nobody_can_be_asked() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED));

    String seen = text(call("received").can("{'elicitation':{},'sampling':{}}").of(server));

    assertThat(seen).contains("\"capabilities\":{}");
  }

  @Test
  void its_question_reaches_nobody_even_while_one_caller_alone_has_a_call() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED));

    Outcome outcome = call("ask").can("{'elicitation':{}}").of(server);

    assertThat(text(outcome)).contains("-32601").contains("share this server");
  }

  @Test
  void its_refused_question_is_not_laid_at_the_callers_door() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED));

    Outcome outcome = call("ask-tool-error").can("{'sampling':{}}").of(server);

    assertThat(outcome).isInstanceOf(Outcome.Complete.class);
  }

  @Test
  void its_log_messages_reach_the_operator_and_no_caller() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED));
    Fakes.Ask alone = call("log").logging("debug");

    assertThat(text(alone.of(server))).isEqualTo("done");

    assertThat(alone.heard).isEmpty();
    assertThat(fakes.remark(Remark.Unattributed.class).params()).contains("at debug");
  }

  @Test
  void a_child_of_one_caller_logs_to_it() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.CALLER));
    Fakes.Ask alone = call("log").logging("debug");

    alone.of(server);

    assertThat(alone.heard).hasSize(4);
  }

  @Test
  void progress_of_callers_with_equal_tokens_reaches_each_its_own() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED));
    Fakes.Ask alices = call("hang").by(ALICE).token(Json.of("same"));
    Fakes.Ask bobs = call("hang").by(BOB).token(Json.of("same"));
    Fakes.Hanging one = fakes.hang(server, alices);
    Fakes.Hanging two = fakes.hang(server, bobs);

    one.end();
    two.end();

    assertThat(alices.heard).isEmpty();
    assertThat(bobs.heard).isEmpty();
  }

  @Test
  void changes_reach_only_who_subscribed() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED));
    Fakes.Ask tools = listen("{'toolsListChanged':true}").by(ALICE);
    Fakes.Ask resource = listen("{'resourceSubscriptions':['note:bob']}").by(BOB);
    Fakes.Running first = tools.start(server);
    Fakes.Running second = resource.start(server);
    tools.next();
    resource.next();

    call("change", "{'what':'tools'}").by(BOB).of(server);

    assertThat(tools.next().method()).isEqualTo(Method.TOOLS_CHANGED.text());
    assertThat(resource.heard).isEmpty();
    tools.cancellation.cancel();
    resource.cancellation.cancel();
    first.outcome();
    second.outcome();
  }

  private static Fakes.Ask listen(String filter) {
    return ask("subscriptions/listen", "{'notifications':" + filter + "}");
  }

  @Test
  void a_shared_modern_server_may_ask_because_its_question_comes_in_the_answer() throws Exception {
    UpstreamServer server = fakes.server(isolated(Isolation.SHARED), "modern");
    Fakes.Ask ask =
        call(
                "input",
                "{'first':{'resultType':'input_required','inputRequests':{'r':{'method':'roots/list'}}}}")
            .can("{'roots':{}}");

    assertThat(questions(ask.of(server)).questions()).isNotEmpty();
  }

  @Test
  void a_warm_spare_waits_for_whoever_comes_next() throws Exception {
    UpstreamServer server =
        fakes.server(options -> options.withSharing(Sharing.DEFAULT.withWarmSpare(true)));
    call("pid").by(ALICE).of(server);
    Fakes.until("there is one more", () -> server.children() == 2);

    String bobs = text(call("pid").by(BOB).of(server));

    assertThat(bobs).isNotEqualTo(Fakes.pid(server));
    Fakes.until("and again one more", () -> server.children() == 3);
  }
}
