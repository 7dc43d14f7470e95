package dev.sallyport.gateway.federation;

import static dev.sallyport.gateway.federation.Endpoint.ANN;
import static dev.sallyport.gateway.federation.Endpoint.BOB;
import static dev.sallyport.gateway.federation.Endpoint.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.Isolation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of lists, for whom and how long. */
final class ListCacheTest {
  private static final String PRIVATE = "{\"tools\":[],\"ttlMs\":60000,\"cacheScope\":\"private\"}";
  private static final String PUBLIC = "{\"tools\":[],\"ttlMs\":60000,\"cacheScope\":\"public\"}";

  private final Endpoint endpoint = new Endpoint();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // It may overflow.
  private final ListCache cache = new ListCache(nanos::get);
  private final AtomicInteger asked = new AtomicInteger();
  private final Upstream mine = upstream(Isolation.CALLER);
  private final Upstream everybodys = upstream(Isolation.SHARED);

  private Upstream upstream(Isolation isolation) {
    return new Upstream(
        new Member("notes", endpoint.notes, isolation, ToolRules.ALL),
        Upstream.Patience.DEFAULT,
        nanos::get);
  }

  private Exchange by(Caller caller, Optional<ClientSession> session) {
    return endpoint.exchange(
        caller, session, "tools/list", "{}", Optional.empty(), new Cancellation());
  }

  private Outcome list(Upstream upstream, Exchange exchange, Outcome answer) {
    return cache.page(
        upstream,
        ListKind.TOOLS,
        Optional.empty(),
        exchange,
        () -> {
          asked.incrementAndGet();
          return answer;
        });
  }

  private JsonObject list(Upstream upstream, Caller caller, String answer) {
    return result(
        list(
            upstream,
            by(caller, Optional.empty()),
            new Outcome.Complete(FakeServer.object(answer))));
  }

  @Test
  void a_list_is_kept_for_its_caller_with_what_is_left_of_its_life() {
    assertThat(list(mine, ANN, PRIVATE).integer("ttlMs")).hasValue(60_000);
    nanos.addAndGet(Duration.ofSeconds(40).toNanos());
    JsonObject kept = list(mine, ANN, PRIVATE);
    assertThat(kept.integer("ttlMs")).hasValue(20_000);
    assertThat(kept.string("cacheScope")).contains("private");
    assertThat(asked).hasValue(1);
  }

  @Test
  void when_its_life_is_over_it_is_asked_for_again() {
    list(mine, ANN, PRIVATE);
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());
    list(mine, ANN, "{\"tools\":[]}");
    assertThat(asked).hasValue(2);
    assertThat(cache.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"ttlMs\":0", ",\"ttlMs\":-5", ",\"ttlMs\":\"60000\""})
  void what_may_not_be_kept_is_not(String hint) {
    list(mine, ANN, "{\"tools\":[]" + hint + "}");
    list(mine, ANN, "{\"tools\":[]" + hint + "}");
    assertThat(asked).hasValue(2);
    assertThat(cache.size()).isZero();
  }

  @Test
  void a_life_of_years_is_an_hour() {
    list(mine, ANN, "{\"tools\":[],\"ttlMs\":9007199254740991}");
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());
    list(mine, ANN, "{\"tools\":[]}");
    assertThat(asked).hasValue(2);
  }

  @Test
  void what_is_for_all_and_comes_from_one_for_all_is_kept_for_all() {
    list(everybodys, ANN, PUBLIC);
    list(everybodys, BOB, PUBLIC);
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(Isolation.class)
  void what_is_private_is_no_other_callers(Isolation isolation) {
    Upstream upstream = upstream(isolation);
    list(upstream, ANN, PRIVATE);
    list(upstream, BOB, PRIVATE);
    assertThat(asked).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Isolation.class,
      names = {"CALLER", "SESSION"})
  void what_a_process_of_ones_own_says_is_no_other_callers_whatever_it_says(Isolation isolation) {
    Upstream upstream = upstream(isolation);
    list(upstream, ANN, PUBLIC);
    list(upstream, BOB, PUBLIC);
    assertThat(asked).hasValue(2);
  }

  @Test
  void where_each_session_has_a_process_each_has_its_lists() {
    Upstream upstream = upstream(Isolation.SESSION);
    Outcome answer = new Outcome.Complete(FakeServer.object(PRIVATE));
    Exchange one = by(ANN, Optional.of(new ClientSession("one")));
    Exchange two = by(ANN, Optional.of(new ClientSession("two")));
    list(upstream, one, answer);
    list(upstream, one, answer);
    assertThat(asked).hasValue(1);
    list(upstream, two, answer);
    assertThat(asked).hasValue(2);
    list(mine, one, answer);
    list(mine, two, answer);
    assertThat(asked).as("where it is the caller who has one").hasValue(3);
  }

  @Test
  void a_client_that_can_do_other_things_may_be_shown_other_things() {
    list(mine, ANN, PRIVATE);
    list(mine, saying(JsonObject.EMPTY), new Outcome.Complete(FakeServer.object(PRIVATE)));
    assertThat(asked).hasValue(2);
  }

  @Test
  void a_client_that_says_much_of_itself_fills_no_memory() {
    String padded = "{\"experimental\":{\"padding\":\"" + "x".repeat(5_000) + "\"}}";
    list(mine, saying(FakeServer.object(padded)), new Outcome.Complete(FakeServer.object(PRIVATE)));
    assertThat(cache.size()).isZero();
  }

  @Test
  void a_caller_that_asks_in_ever_other_ways_takes_nothing_from_others() {
    list(mine, BOB, PRIVATE);
    for (int i = 0; i < 1_000; i++) {
      list(
          mine,
          saying(FakeServer.object("{\"experimental\":{\"try\":" + i + "}}")),
          new Outcome.Complete(FakeServer.object(PRIVATE)));
    }
    assertThat(cache.size()).isEqualTo(1 + 256);
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    list(
        mine, saying(FakeServer.object("{\"experimental\":{\"try\":0}}")), new Outcome.Cancelled());
    list(mine, ANN, PRIVATE);
    assertThat(cache.size()).as("when the life of some is over, others can be kept").isEqualTo(257);
  }

  private Exchange saying(JsonObject capabilities) {
    Exchange plain = by(ANN, Optional.empty());
    ClientContext client = plain.client();
    return plain.withClient(
        new ClientContext(client.version(), capabilities, client.info(), client.logLevel()));
  }

  @Test
  void a_failure_is_not_kept() {
    Exchange exchange = by(ANN, Optional.empty());
    list(mine, exchange, new Outcome.Cancelled());
    list(mine, exchange, new Outcome.Cancelled());
    assertThat(asked).hasValue(2);
  }

  @Test
  void a_change_makes_a_server_forgotten_for_everybody_and_nothing_else() {
    list(mine, ANN, PRIVATE);
    list(mine, BOB, PRIVATE);
    list(everybodys, ANN, PUBLIC);
    cache.forget(mine, Method.PROMPTS_CHANGED);
    assertThat(cache.size()).isEqualTo(3);
    cache.forget(mine, Method.TOOLS_CHANGED);
    assertThat(cache.size()).isEqualTo(1);
    list(everybodys, BOB, PUBLIC);
    assertThat(asked).hasValue(3);
  }

  @Test
  void what_was_asked_for_before_a_change_is_not_kept_after_it() {
    cache.page(
        mine,
        ListKind.TOOLS,
        Optional.empty(),
        by(ANN, Optional.empty()),
        () -> {
          cache.forget(mine, Method.TOOLS_CHANGED);
          return new Outcome.Complete(FakeServer.object(PRIVATE));
        });
    assertThat(cache.size()).isZero();
  }

  @Test
  void a_change_of_something_else_meanwhile_takes_nothing_away() {
    cache.page(
        mine,
        ListKind.TOOLS,
        Optional.empty(),
        by(ANN, Optional.empty()),
        () -> {
          cache.forget(mine, Method.PROMPTS_CHANGED);
          cache.forget(everybodys, Method.TOOLS_CHANGED);
          return new Outcome.Complete(FakeServer.object(PRIVATE));
        });
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void what_was_asked_for_before_other_servers_came_is_not_kept_after_that() {
    cache.page(
        mine,
        ListKind.TOOLS,
        Optional.empty(),
        by(ANN, Optional.empty()),
        () -> {
          cache.forgetAll();
          list(mine, BOB, PRIVATE);
          return new Outcome.Complete(FakeServer.object(PRIVATE));
        });
    assertThat(cache.size()).as("of BOB, who asked after it").isEqualTo(1);
  }

  @Test
  void what_was_asked_for_after_a_change_is_kept_whatever_was_asked_before() {
    cache.page(
        mine,
        ListKind.TOOLS,
        Optional.empty(),
        by(ANN, Optional.empty()),
        () -> {
          cache.forget(mine, Method.TOOLS_CHANGED);
          list(mine, BOB, PRIVATE);
          return new Outcome.Complete(FakeServer.object(PRIVATE));
        });
    list(mine, BOB, PRIVATE);
    assertThat(cache.size()).isEqualTo(1);
    assertThat(asked).as("by BOB, once").hasValue(1);
  }

  @Test
  void a_change_of_resources_is_one_of_their_templates_too() {
    for (ListKind kind : ListKind.values()) {
      cache.page(
          mine,
          kind,
          Optional.empty(),
          by(ANN, Optional.empty()),
          () -> new Outcome.Complete(FakeServer.object(PRIVATE)));
    }
    cache.forget(mine, Method.RESOURCES_CHANGED);
    assertThat(cache.size()).isEqualTo(2);
  }

  /** To look at all that is kept each time would be billions of looks. */
  @Test
  @Timeout(20)
  void to_forget_costs_no_more_than_what_is_forgotten() {
    for (int i = 0; i < 10_000; i++) {
      list(mine, new Caller("key", "caller " + i, ""), PRIVATE);
    }
    for (int i = 0; i < 2_000_000; i++) {
      cache.forget(everybodys, Method.TOOLS_CHANGED);
    }
    assertThat(cache.size()).isEqualTo(10_000);
  }

  @Test
  void what_was_forgotten_counts_for_nothing() {
    for (int i = 0; i < 300; i++) {
      list(
          mine,
          saying(FakeServer.object("{\"experimental\":{\"try\":" + i + "}}")),
          new Outcome.Complete(FakeServer.object(PRIVATE)));
    }
    assertThat(cache.size()).isEqualTo(256);
    cache.forget(mine, Method.TOOLS_CHANGED);
    list(mine, ANN, PRIVATE);
    assertThat(cache.size()).isEqualTo(1);
    cache.forgetAll();
    assertThat(cache.size()).isZero();
    list(mine, ANN, PRIVATE);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void it_is_bounded_and_what_was_asked_for_last_stays() {
    for (int i = 0; i < 10_050; i++) {
      list(mine, new Caller("key", "caller " + i, ""), PRIVATE);
      list(mine, ANN, PRIVATE);
    }
    assertThat(cache.size()).isEqualTo(10_000);
    assertThat(asked).as("of ANN only the first time").hasValue(10_051);
  }

  @Test
  void what_is_very_large_is_not_kept_and_much_of_it_makes_room() {
    list(mine, ANN, sized(9 << 20));
    assertThat(cache.size()).isZero();
    for (int i = 0; i < 20; i++) {
      list(mine, new Caller("key", "caller " + i, ""), sized(7 << 20));
    }
    assertThat(cache.size()).isEqualTo(9);
  }

  private static String sized(int bytes) {
    return "{\"tools\":[\"" + "x".repeat(bytes) + "\"],\"ttlMs\":60000}";
  }
}
