package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StartPaceTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may wrap
  private final StartPace pace =
      new StartPace(
          new StartPace.Rate(Duration.ofMillis(10), 5),
          new StartPace.Rate(Duration.ofMillis(100), 2),
          now::get);

  private Duration next(Caller caller) {
    return Duration.ofNanos(pace.next(Optional.of(caller), Long.MAX_VALUE));
  }

  @Test
  void a_burst_is_free_and_then_one_callers_starts_are_spread_out() {
    assertThat(next(ALICE)).isZero();
    assertThat(next(ALICE)).isZero();
    assertThat(next(ALICE)).isEqualTo(Duration.ofMillis(100));
    assertThat(next(ALICE)).isEqualTo(Duration.ofMillis(200));
    assertThat(next(BOB)).isZero();
  }

  @Test
  void everybodys_starts_together_are_spread_out_too() {
    for (int i = 0; i < 5; i++) {
      assertThat(next(new Caller("key", "c" + i, "k"))).isZero();
    }
    assertThat(next(ALICE)).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void a_start_that_cannot_wait_for_its_turn_costs_those_after_it_nothing() {
    next(ALICE);
    next(ALICE);
    long brief = Duration.ofMillis(99).toNanos();
    for (int i = 0; i < 3; i++) {
      assertThat(pace.next(Optional.of(ALICE), brief)).isGreaterThan(brief);
    }

    assertThat(next(ALICE)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void a_pause_earns_a_new_burst_and_no_more() {
    for (int i = 0; i < 4; i++) {
      next(ALICE);
    }
    now.addAndGet(Duration.ofMinutes(5).toNanos());

    assertThat(next(ALICE)).isZero();
    assertThat(next(ALICE)).isZero();
    assertThat(next(ALICE)).isEqualTo(Duration.ofMillis(100));
  }
}
