package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
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
    Limits limits = limits(new Limits.Bounds(2, 3, 10));
    for (int i = 0; i < 3; i++) {
      assertThat(limits.admit(ALICE)).isEmpty();
    }
    assertThat(reason(limits.admit(ALICE))).contains(Reason.TOO_MANY_REQUESTS);
    nanos.addAndGet(Duration.ofMillis(499).toNanos());
    assertThat(reason(limits.admit(ALICE))).contains(Reason.TOO_MANY_REQUESTS);
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(limits.admit(ALICE)).isEmpty();
    assertThat(reason(limits.admit(ALICE))).contains(Reason.TOO_MANY_REQUESTS);
  }

  @Test
  void one_callers_flood_costs_another_nothing() {
    Limits limits = limits(new Limits.Bounds(1, 1, 10));
    assertThat(limits.admit(ALICE)).isEmpty();
    assertThat(reason(limits.admit(ALICE))).contains(Reason.TOO_MANY_REQUESTS);
    assertThat(limits.admit(BOB)).isEmpty();
  }

  @Test
  void a_refusal_says_when_to_come_again() {
    Limits limits = limits(new Limits.Bounds(1, 1, 10));
    assertThat(limits.admit(ALICE)).isEmpty();
    assertThat(limits.admit(ALICE).flatMap(Refusal::retryAfter)).contains(Duration.ofSeconds(1));
  }

  @Test
  void a_table_of_rested_callers_makes_room_and_one_of_busy_callers_refuses_the_next() {
    Limits limits = limits(new Limits.Bounds(1, 1, 2));
    for (int i = 0; i < 50; i++) {
      assertThat(limits.admit(new Caller("key", "guest" + i, ""))).isEmpty();
      assertThat(limits.callers()).isLessThanOrEqualTo(2);
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    }
    assertThat(limits.admit(ALICE)).isEmpty();
    assertThat(limits.admit(BOB)).isEmpty();
    assertThat(reason(limits.admit(new Caller("key", "carol", "")))).contains(Reason.UNAVAILABLE);
  }

  private Limits limits(Limits.Bounds bounds) {
    return new Limits(bounds, nanos::get);
  }

  private static Optional<Reason> reason(Optional<Refusal> refusal) {
    return refusal.map(Refusal::reason);
  }
}
