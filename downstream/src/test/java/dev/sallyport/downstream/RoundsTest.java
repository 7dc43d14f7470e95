package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class RoundsTest {
  // What breaks here is said at length.
  private static final Logger LOG = Logger.getLogger(Rounds.class.getName());

  static {
    LOG.setLevel(Level.OFF);
  }

  @Test
  void a_round_that_fails_is_not_the_last() throws InterruptedException {
    CountDownLatch three = new CountDownLatch(3);
    try (Rounds _ =
        Rounds.start(
            "test",
            Duration.ofMillis(1),
            () -> {
              three.countDown();
              throw new IllegalStateException("once more");
            })) {
      assertThat(three.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_step_that_fails_keeps_no_other_from_being_taken() {
    AtomicInteger taken = new AtomicInteger();
    for (int i = 0; i < 3; i++) {
      Rounds.step(
          () -> {
            taken.incrementAndGet();
            throw new IllegalStateException("no");
          });
    }
    assertThat(taken).hasValue(3);
  }

  @Test
  void there_is_no_round_after_the_end() throws InterruptedException {
    AtomicInteger rounds = new AtomicInteger();
    CountDownLatch one = new CountDownLatch(1);
    Rounds ended =
        Rounds.start(
            "test",
            Duration.ofMillis(1),
            () -> {
              rounds.incrementAndGet();
              one.countDown();
            });
    one.await();
    ended.close();
    CountDownLatch other = new CountDownLatch(3);
    int then = rounds.get();
    try (Rounds _ = Rounds.start("other", Duration.ofMillis(5), other::countDown)) {
      assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(rounds.get()).isLessThanOrEqualTo(then + 1); // one may have been under way
  }
}
