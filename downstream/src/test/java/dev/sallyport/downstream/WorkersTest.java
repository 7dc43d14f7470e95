package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class WorkersTest {
  // What breaks here is said at length.
  private static final Logger LOG = Logger.getLogger(Workers.class.getName());

  static {
    LOG.setLevel(Level.OFF);
  }

  private final Workers workers = new Workers("test-request", 1);

  @Test
  void work_that_breaks_off_is_answered_and_gives_its_place_back() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    boolean started =
        workers.start(
            () ->
                () -> {
                  throw new IllegalStateException("a fault of ours");
                },
            answered::countDown);

    assertThat(started).isTrue();
    assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(workers.awaitIdle(Duration.ofSeconds(10))).isTrue();
    assertThat(workers.start(() -> () -> {}, () -> {})).isTrue();
  }

  @Test
  void while_something_is_carried_out_there_is_no_place_and_no_rest() {
    CountDownLatch go = new CountDownLatch(1);
    workers.start(
        () ->
            () -> {
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            },
        () -> {});

    assertThat(workers.start(() -> () -> {}, () -> {})).isFalse();
    assertThat(workers.awaitIdle(Duration.ofMillis(10))).isFalse();
    go.countDown();
    assertThat(workers.awaitIdle(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void work_that_ends_as_it_should_is_not_answered_twice() {
    AtomicInteger broken = new AtomicInteger();
    workers.start(() -> () -> {}, broken::incrementAndGet);
    workers.awaitIdle(Duration.ofSeconds(10));

    assertThat(broken).hasValue(0);
  }
}
