package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RespawnTest {
  private static final Optional<Caller> ALICES = Optional.of(ALICE);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may wrap
  private final Respawn respawn = new Respawn(now::get, () -> 0);

  private Duration pause() {
    return Duration.ofNanos(respawn.wait(ALICES));
  }

  @Test
  void the_first_crash_costs_no_pause_and_the_next_ones_double_it() {
    respawn.crashed(ALICES);
    assertThat(pause()).isZero();
    respawn.crashed(ALICES);
    assertThat(pause()).isEqualTo(Duration.ofMillis(100));
    respawn.crashed(ALICES);
    assertThat(pause()).isEqualTo(Duration.ofMillis(200));

    now.addAndGet(Duration.ofMillis(150).toNanos());
    assertThat(pause()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void the_pause_does_not_grow_for_ever_and_chance_adds_half_at_most() {
    Respawn unlucky = new Respawn(now::get, () -> 1);
    for (int i = 0; i < 100; i++) {
      unlucky.crashed(ALICES);
    }

    assertThat(Duration.ofNanos(unlucky.wait(ALICES))).isEqualTo(Duration.ofMillis(38_400));
  }

  @Test
  void a_quiet_minute_makes_good() {
    for (int i = 0; i < 5; i++) {
      respawn.crashed(ALICES);
    }
    now.addAndGet(Duration.ofSeconds(61).toNanos());

    respawn.crashed(ALICES);

    assertThat(pause()).isZero();
  }

  @Test
  void one_callers_crashes_are_not_anothers() {
    for (int i = 0; i < 5; i++) {
      respawn.crashed(ALICES);
    }

    assertThat(respawn.wait(Optional.of(BOB))).isZero();
  }
}
