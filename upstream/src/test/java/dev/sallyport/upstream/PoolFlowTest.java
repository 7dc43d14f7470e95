package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.questions;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many children there are, and whose. */
final class PoolFlowTest {
  private static final Caller CAROL = new Caller("key", "carol", "k3");

  private final Fakes fakes = new Fakes();

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  private static UnaryOperator<UpstreamOptions> sharing(
      int children, int perCaller, Duration idle) {
    return options ->
        options.withSharing(
            Sharing.DEFAULT
                .withChildren(children, perCaller)
                .withIdle(idle)
                .withPatience(Duration.ofMillis(100)));
  }

  @Test
  void each_caller_has_a_child_and_keeps_it() throws Exception {
    UpstreamServer server = fakes.server();
    String alices = text(call("pid").by(ALICE).of(server));
    String bobs = text(call("pid").by(BOB).of(server));

    assertThat(alices).isNotEqualTo(bobs);
    assertThat(text(call("pid").by(ALICE).of(server))).isEqualTo(alices);
    assertThat(text(call("pid").by(new Caller("key", "alice", "other")).of(server)))
        .isNotIn(alices, bobs);
  }

  @Test
  void the_first_child_goes_to_the_first_caller_it_suits() throws Exception {
    UpstreamServer server = fakes.server();
    String started = Fakes.pid(server);

    assertThat(text(call("pid").by(ALICE).can("{'roots':{}}").of(server))).isNotEqualTo(started);
    assertThat(text(call("pid").by(BOB).of(server))).isEqualTo(started);
  }

  @Test
  void calls_that_come_together_share_one_start() throws Exception {
    UpstreamServer server = fakes.server();
    List<Fakes.Running> running = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      running.add(call("pid").can("{'sampling':{}}").start(server));
    }

    Set<String> pids = new HashSet<>();
    for (Fakes.Running each : running) {
      pids.add(text(each.outcome()));
    }
    assertThat(pids).hasSize(1);
  }

  @Test
  void a_full_pool_ends_the_child_that_was_idle_longest() throws Exception {
    UpstreamServer server = fakes.server(sharing(2, 2, Duration.ofMinutes(1)));
    String alices = text(call("pid").by(ALICE).of(server));
    String bobs = text(call("pid").by(BOB).of(server));
    call("pid").by(ALICE).of(server);

    call("pid").by(CAROL).of(server);

    assertThat(server.children()).isEqualTo(2);
    assertThat(text(call("pid").by(ALICE).of(server))).isEqualTo(alices);
    assertThat(text(call("pid").by(BOB).of(server))).isNotEqualTo(bobs);
  }

  @Test
  void a_full_pool_of_busy_children_turns_callers_away_until_one_is_free() throws Exception {
    UpstreamServer server = fakes.server(sharing(2, 2, Duration.ofMinutes(1)));
    Fakes.Hanging hanging = fakes.hang(server, call("hang").by(ALICE));
    Fakes.Ask listening =
        ask("subscriptions/listen", "{'notifications':{'toolsListChanged':true}}").by(BOB);
    Fakes.Running subscribed = listening.start(server);
    listening.next();

    Outcome.Refused refused = (Outcome.Refused) call("pid").by(CAROL).of(server);

    assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
    assertThat(refused.refusal().retryAfter()).isPresent();
    hanging.end();
    assertThat(text(call("args").by(CAROL).of(server))).isEqualTo("[]");
    listening.cancellation.cancel();
    subscribed.outcome();
  }

  @Test
  void a_parked_call_keeps_its_child() throws Exception {
    UpstreamServer server = fakes.server(sharing(1, 1, Duration.ofMillis(200)));
    Fakes.Ask ask = call("ask").can("{'elicitation':{}}");
    Outcome.InputRequired round = questions(ask.of(server));

    assertThat(call("pid").by(BOB).of(server)).isInstanceOf(Outcome.Refused.class);
    assertThat(text(ask.answering(round, "{'q1':{'action':'decline'}}").of(server)))
        .contains("decline");
  }

  @Test
  void one_caller_cannot_take_all_the_places() throws Exception {
    UpstreamServer server = fakes.server(sharing(4, 2, Duration.ofMinutes(1)));
    Fakes.Hanging one = fakes.hang(server, call("hang").by(ALICE).can("{'sampling':{}}"));
    Fakes.Hanging two = fakes.hang(server, call("hang").by(ALICE).can("{'roots':{}}"));

    assertThat(call("pid").by(ALICE).can("{'elicitation':{}}").of(server))
        .isInstanceOf(Outcome.Refused.class);

    assertThat(text(call("args").by(BOB).of(server))).isEqualTo("[]");
    one.end();
    two.end();
  }

  @Test
  void a_child_without_work_is_ended_and_comes_back_when_needed() throws Exception {
    UpstreamServer server = fakes.server(sharing(5, 5, Duration.ofMillis(200)));
    String first = text(call("pid").of(server));

    Fakes.until("it is ended", () -> server.children() == 0 && fakes.running().isEmpty());

    assertThat(text(call("pid").of(server))).isNotEqualTo(first);
  }

  @Test
  void a_round_that_breaks_off_is_not_the_last() throws Exception {
    CountDownLatch broken = new CountDownLatch(3);
    UpstreamOptions options =
        Fakes.impatient()
            .withEra(EraChoice.LEGACY)
            .withSharing(Sharing.DEFAULT.withChildren(5, 5).withIdle(Duration.ofMillis(100)));
    LongSupplier nanos =
        () -> {
          if (Thread.currentThread().getName().endsWith("-rounds") && broken.getCount() > 0) {
            broken.countDown();
            throw new IllegalStateException("no time");
          }
          return System.nanoTime();
        };

    try (UpstreamServer server =
        UpstreamServer.open("fake", fakes.command(), options, new SecureRandom(), nanos)) {
      Fakes.until("the child without work is ended", () -> server.children() == 0);
      assertThat(broken.getCount()).isZero();
    }
  }

  @Test
  void a_subscription_counts_as_work() throws Exception {
    UpstreamServer server = fakes.server(sharing(5, 5, Duration.ofMillis(100)));
    Fakes.Ask listening =
        ask("subscriptions/listen", "{'notifications':{'toolsListChanged':true}}");
    Fakes.Running running = listening.start(server);
    listening.next();
    String pid = text(call("pid").of(server));
    call("pid").by(BOB).of(server);
    Fakes.until("the idle one is ended", () -> server.children() == 1);

    assertThat(text(call("pid").of(server))).isEqualTo(pid);
    listening.cancellation.cancel();
    running.outcome();
  }

  @Test
  void after_closing_nothing_starts() throws Exception {
    UpstreamServer server = fakes.server();
    server.close();

    assertThat(Fakes.failed(call("pid").of(server)).error().message())
        .isEqualTo("upstream unavailable");
    assertThat(server.children()).isZero();
  }
}
