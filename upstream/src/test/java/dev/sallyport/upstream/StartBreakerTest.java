package dev.sallyport.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StartBreakerTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may wrap
  private final StartBreaker breaker = new StartBreaker(now::get);

  private void pass(long millis) {
    now.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void a_few_failures_are_free() {
    breaker.failed();
    breaker.failed();

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void then_callers_are_turned_away_for_a_growing_while() {
    for (int i = 0; i < 3; i++) {
      breaker.failed();
    }
    assertThat(breaker.isOpen()).isTrue();
    pass(500);
    assertThat(breaker.isOpen()).isFalse();

    breaker.failed();
    pass(999);
    assertThat(breaker.isOpen()).isTrue();
    pass(1);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void the_while_does_not_grow_for_ever() {
    for (int i = 0; i < 100; i++) {
      breaker.failed();
    }
    pass(32_000);

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void one_success_makes_good() {
    for (int i = 0; i < 3; i++) {
      breaker.failed();
    }
    breaker.succeeded();

    assertThat(breaker.isOpen()).isFalse();
  }
}
