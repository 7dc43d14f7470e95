package dev.sallyport.downstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.AdjustableClock;
import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal.Reason;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose session is whose, how many there may be, and how long they last. */
final class SessionsTest {
  private static final Caller ANNA = new Caller("key", "anna", "1");
  private static final Caller ANNAS_OTHER_CLIENT = new Caller("key", "anna", "2");
  private static final Caller ANNA_ELSEWHERE = new Caller("https://idp.example", "anna", "1");
  private static final Caller BERT = new Caller("key", "bert", "1");

  private final AdjustableClock clock = new AdjustableClock();
  private final ScriptedHandler handler = new ScriptedHandler();

  @Test
  void ids_are_long_random_and_visible_ascii() { // LH-03
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      ids.add(add(sessions, ANNA));
    }

    assertThat(ids).hasSize(50).allMatch(id -> id.matches("[\\x21-\\x7E]{43}"));
  }

  @Test
  void a_session_is_found_by_its_caller_and_does_not_exist_for_anybody_else() { // LH-21, T39
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    String id = add(sessions, ANNA);

    assertThat(sessions.find(id, ANNA, HttpSession.class)).isPresent();
    assertThat(sessions.find(id, ANNAS_OTHER_CLIENT, HttpSession.class)).isEmpty();
    assertThat(sessions.find(id, ANNA_ELSEWHERE, HttpSession.class)).isEmpty();
    assertThat(sessions.find(id, BERT, HttpSession.class)).isEmpty();
    assertThat(sessions.find(id, ANNA, HttpSession.class)).as("trying does it no harm").isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void an_unknown_id_is_nobodys(String id) {
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    add(sessions, ANNA);

    assertThat(sessions.find(id, ANNA, HttpSession.class)).isEmpty();
    assertThat(sessions.find("x".repeat(100_000), ANNA, HttpSession.class)).isEmpty();
  }

  @Test
  void an_ended_session_is_gone() { // LH-05, LH-06
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    String id = add(sessions, ANNA);

    sessions.end(sessions.find(id, ANNA, HttpSession.class).orElseThrow());

    assertThat(sessions.find(id, ANNA, HttpSession.class)).isEmpty();
    assertThat(sessions.size()).isZero();
  }

  @Test
  void an_idle_session_expires_and_a_used_one_does_not() {
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    String used = add(sessions, ANNA);
    String idle = add(sessions, ANNA);

    clock.advance(SessionLimits.DEFAULT.idle().minusSeconds(1));
    assertThat(sessions.find(used, ANNA, HttpSession.class)).isPresent();
    clock.advance(Duration.ofSeconds(1));

    assertThat(sessions.find(idle, ANNA, HttpSession.class)).isEmpty();
    assertThat(sessions.find(used, ANNA, HttpSession.class)).isPresent();
    assertThat(sessions.size()).isEqualTo(1);
  }

  @Test
  void a_sweep_ends_what_nobody_asks_for_any_more() {
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    add(sessions, ANNA);
    clock.advance(SessionLimits.DEFAULT.idle().minusSeconds(1));
    String fresh = add(sessions, BERT);
    clock.advance(Duration.ofSeconds(1));

    sessions.sweep(_ -> true);

    assertThat(sessions.size()).isEqualTo(1);
    assertThat(sessions.find(fresh, BERT, HttpSession.class)).isPresent();
  }

  @Test
  void a_sweep_ends_the_sessions_of_a_caller_who_can_not_come_back() {
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    String annas = add(sessions, ANNA);
    String berts = add(sessions, BERT);

    sessions.sweep(ANNA::equals);

    assertThat(sessions.find(annas, ANNA, HttpSession.class)).isPresent();
    assertThat(sessions.find(berts, BERT, HttpSession.class)).isEmpty();
    assertThat(sessions.size()).isEqualTo(1);
  }

  @Test
  void knowing_of_a_session_is_not_using_it() {
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    String id = add(sessions, ANNA);
    clock.advance(SessionLimits.DEFAULT.idle().minusSeconds(1));
    assertThat(sessions.peek(id, ANNA, HttpSession.class)).isPresent();
    clock.advance(Duration.ofSeconds(1));

    assertThat(sessions.peek(id, ANNA, HttpSession.class)).isEmpty();
  }

  // ---- how many (security T44)

  @Test
  void a_caller_has_only_so_many_and_takes_none_from_others() {
    Sessions sessions = sessions(SessionLimitsOf.sessions(2, 10));
    String first = add(sessions, ANNA);
    add(sessions, ANNA);

    assertThat(sessions.full(ANNA).orElseThrow().reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
    assertThat(sessions.add(open(ANNA))).isInstanceOf(Sessions.Entry.Full.class);
    assertThat(sessions.full(BERT)).isEmpty();
    add(sessions, BERT);
    assertThat(sessions.size()).isEqualTo(3);
    assertThat(sessions.find(first, ANNA, HttpSession.class)).isPresent();
  }

  @Test
  void all_callers_together_have_only_so_many() {
    Sessions sessions = sessions(SessionLimitsOf.sessions(10, 2));
    add(sessions, ANNA);
    add(sessions, ANNA);

    assertThat(sessions.full(BERT).orElseThrow().reason()).isEqualTo(Reason.UNAVAILABLE);
    clock.advance(Duration.ofMinutes(5));
    assertThat(sessions.full(BERT))
        .as("an idle session of another caller makes no room")
        .isPresent();
  }

  @Test
  void a_callers_own_session_that_was_left_behind_makes_room() {
    Sessions sessions = sessions(SessionLimitsOf.sessions(2, 10));
    String oldest = add(sessions, ANNA);
    clock.advance(Duration.ofSeconds(1));
    String younger = add(sessions, ANNA);
    clock.advance(Duration.ofSeconds(59));

    String third = add(sessions, ANNA);

    assertThat(sessions.find(oldest, ANNA, HttpSession.class)).isEmpty();
    assertThat(sessions.find(younger, ANNA, HttpSession.class)).isPresent();
    assertThat(sessions.find(third, ANNA, HttpSession.class)).isPresent();
    assertThat(sessions.full(ANNA)).as("those were used just now").isPresent();
  }

  @Test
  void a_session_with_a_request_in_progress_is_never_idle() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          LegacySessionTest.await(go);
          return new Outcome.Cancelled();
        });
    TestSession busy = TestSession.open(handler, "2025-11-25", "{}");
    TestSession.Running call = busy.start(1, "tools/call", "{}");
    LegacySessionTest.await(running);

    assertThat(busy.session.isBusy()).isTrue();
    go.countDown();
    call.ending();
    assertThat(busy.session.isBusy()).isFalse();
  }

  @Test
  void after_the_end_there_are_none_and_there_will_be_none() {
    Sessions sessions = sessions(SessionLimits.DEFAULT);
    String id = add(sessions, ANNA);

    sessions.close();

    assertThat(sessions.find(id, ANNA, HttpSession.class)).isEmpty();
    assertThat(sessions.full(ANNA).orElseThrow().reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  private Sessions sessions(SessionLimits limits) {
    return new Sessions(limits, clock, new SecureRandom());
  }

  private String add(Sessions sessions, Caller caller) {
    return ((Sessions.Entry.Added) sessions.add(open(caller))).id();
  }

  private HttpSession open(Caller caller) {
    HttpSession.Opening opening =
        HttpSession.open(
            TestSession.handshake(handler, SessionLimits.DEFAULT),
            TestSession.initialize("2025-11-25", "{}"),
            new Identity(caller, Claims.NONE),
            new Cancellation(),
            SessionLimits.DEFAULT,
            new ReplayBudget(1_000),
            clock);
    return ((HttpSession.Opening.Opened) opening).session();
  }
}
