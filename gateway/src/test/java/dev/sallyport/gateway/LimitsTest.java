package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.Limits.Admission;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LimitsTest {
  private static final Caller ALICE = new Caller("key", "alice", "1");
  private static final Caller BOB = new Caller("key", "bob", "2");

  private final AtomicLong nanos = new AtomicLong(1);

  @Test
  void a_burst_is_taken_and_then_the_rate_counts() {
    Limits limits = limits(new Limits.Bounds(2, 3, 100, 100, 1, 10));
    for (int i = 0; i < 3; i++) {
      enter(limits, ALICE).close();
    }
    assertThat(reason(limits.admitCall(ALICE))).contains(Refusal.Reason.TOO_MANY_REQUESTS);
    nanos.addAndGet(Duration.ofMillis(499).toNanos());
    assertThat(reason(limits.admitCall(ALICE))).contains(Refusal.Reason.TOO_MANY_REQUESTS);
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    enter(limits, ALICE).close();
    assertThat(reason(limits.admitCall(ALICE))).contains(Refusal.Reason.TOO_MANY_REQUESTS);
  }

  @Test
  void one_callers_flood_does_not_cost_another_a_place() {
    Limits limits = limits(new Limits.Bounds(1, 1, 1, 100, 1, 10));
    Admission.Admitted alice = enter(limits, ALICE);
    assertThat(reason(limits.admitCall(ALICE))).isPresent();
    enter(limits, BOB).close();
    alice.close();
  }

  @Test
  void a_place_is_given_back_when_a_call_ends() {
    Limits limits = limits(new Limits.Bounds(100, 100, 1, 100, 1, 10));
    Admission.Admitted first = enter(limits, ALICE);
    assertThat(reason(limits.admitCall(ALICE))).contains(Refusal.Reason.TOO_MANY_REQUESTS);
    first.close();
    enter(limits, ALICE).close();
    assertThat(limits.running()).isZero();
  }

  @Test
  void everybody_together_is_bounded_and_says_when_to_come_again() {
    Limits limits = limits(new Limits.Bounds(100, 100, 100, 1, 1, 10));
    Admission.Admitted alice = enter(limits, ALICE);
    assertThat(limits.admitCall(BOB))
        .isInstanceOfSatisfying(
            Admission.Turned.class,
            turned -> {
              assertThat(turned.refusal().reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
              assertThat(turned.refusal().retryAfter()).contains(Duration.ofSeconds(1));
            });
    alice.close();
    enter(limits, BOB).close();
  }

  @Test
  void streams_are_counted_apart_from_calls() {
    Limits limits = limits(new Limits.Bounds(100, 100, 1, 1, 1, 10));
    assertThat(limits.admitListen(ALICE)).isInstanceOf(Admission.Admitted.class);
    assertThat(reason(limits.admitListen(ALICE))).contains(Refusal.Reason.TOO_MANY_REQUESTS);
    enter(limits, ALICE).close();
  }

  @Test
  void a_table_full_of_idle_callers_makes_room_and_one_full_of_busy_ones_refuses() {
    Limits limits = limits(new Limits.Bounds(1, 1, 1, 100, 1, 2));
    for (int i = 0; i < 50; i++) {
      enter(limits, new Caller("key", "guest" + i, "")).close();
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
      assertThat(limits.callers()).isLessThanOrEqualTo(3);
    }
    Admission.Admitted alice = enter(limits, ALICE);
    Admission.Admitted bob = enter(limits, BOB);
    assertThat(reason(limits.admitCall(new Caller("key", "carol", ""))))
        .contains(Refusal.Reason.UNAVAILABLE);
    alice.close();
    bob.close();
  }

  private Limits limits(Limits.Bounds bounds) {
    return new Limits(bounds, nanos::get);
  }

  private static Admission.Admitted enter(Limits limits, Caller caller) {
    return switch (limits.admitCall(caller)) {
      case Admission.Admitted admitted -> admitted;
      case Admission.Turned turned ->
          throw new AssertionError("turned away: " + turned.refusal().detail());
    };
  }

  private static Optional<Refusal.Reason> reason(Admission admission) {
    return switch (admission) {
      case Admission.Admitted admitted -> {
        admitted.close();
        yield Optional.empty();
      }
      case Admission.Turned turned -> Optional.of(turned.refusal().reason());
    };
  }
}
