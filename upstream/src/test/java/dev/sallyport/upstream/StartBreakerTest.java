package dev.sallyport.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.upstream.wire.StartException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StartBreakerTest {
  private final StartException why = StartException.interrupted();

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may wrap
  private final StartBreaker breaker = new StartBreaker(Duration.ofMinutes(5), now::get, () -> 0);

  private void pass(long millis) {
    now.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void a_few_failures_are_free() {
    breaker.failed(why);
    breaker.failed(why);

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void then_callers_are_turned_away_for_a_growing_while() {
    for (int i = 0; i < 3; i++) {
      breaker.failed(why);
    }
    assertThat(breaker.isOpen()).isTrue();
    pass(500);
    assertThat(breaker.isOpen()).isFalse();

    breaker.failed(why);
    pass(999);
    assertThat(breaker.isOpen()).isTrue();
    pass(1);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void after_many_failures_the_server_is_parked_with_a_try_every_few_minutes() {
    for (int i = 0; i < 9; i++) {
      assertThat(breaker.failed(why)).isFalse();
    }
    assertThat(breaker.standing().parked()).isFalse();
    assertThat(breaker.standing().next()).isEqualTo(Duration.ofSeconds(32));

    assertThat(breaker.failed(why)).isTrue();

    assertThat(breaker.standing().parked()).isTrue();
    assertThat(breaker.standing().next()).isEqualTo(Duration.ofMinutes(5));
    assertThat(breaker.standing().last()).contains(why);
    pass(300_000);
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.failed(why)).isFalse();
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void after_the_pause_one_start_finds_out_for_all() {
    for (int i = 0; i < 3; i++) {
      breaker.failed(why);
    }
    assertThat(breaker.tryStart()).isFalse();
    pass(500);

    assertThat(breaker.tryStart()).isTrue();
    assertThat(breaker.tryStart()).isFalse();
    assertThat(breaker.isOpen()).isTrue();

    breaker.succeeded();
    assertThat(breaker.tryStart()).isTrue();
    assertThat(breaker.tryStart()).isTrue();
  }

  @Test
  void chance_makes_the_while_longer_by_a_fifth_at_most() {
    StartBreaker unlucky = new StartBreaker(Duration.ofMinutes(5), now::get, () -> 1);
    for (int i = 0; i < 3; i++) {
      unlucky.failed(why);
    }

    assertThat(unlucky.standing().next()).isEqualTo(Duration.ofMillis(600));
  }

  @Test
  void where_a_try_costs_little_no_pause_is_long() {
    StartBreaker cheap = new StartBreaker(Duration.ofSeconds(15), now::get, () -> 0);
    for (int i = 0; i < 9; i++) {
      cheap.failed(why);
    }
    assertThat(cheap.standing().next()).isEqualTo(Duration.ofSeconds(15));
    assertThat(cheap.standing().parked()).isFalse();

    assertThat(cheap.failed(why)).isTrue();
    assertThat(cheap.standing().next()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void one_success_makes_good() {
    for (int i = 0; i < 3; i++) {
      breaker.failed(why);
    }
    breaker.succeeded();

    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.standing().last()).isEmpty();
  }
}
