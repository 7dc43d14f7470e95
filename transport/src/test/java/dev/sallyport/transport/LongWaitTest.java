package dev.sallyport.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

final class LongWaitTest {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition condition = lock.newCondition();

  private long await(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      return LongWait.await(lock, condition, limit.toNanos());
    } finally {
      lock.unlock();
    }
  }

  @Test
  void a_long_wait_ends_when_its_time_is_up_and_not_before() throws Exception {
    long began = System.nanoTime();

    assertThat(await(Duration.ofMillis(1_100))).isLessThanOrEqualTo(0);

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1_100));
  }

  @Test
  void a_short_wait_ends_when_its_time_is_up() throws Exception {
    assertThat(await(Duration.ofMillis(10))).isLessThanOrEqualTo(0);
  }

  @Test
  void a_signal_ends_a_wait_of_any_length_at_once() throws Exception {
    for (Duration limit : new Duration[] {Duration.ofSeconds(30), Duration.ofDays(1_000)}) {
      CountDownLatch holds = new CountDownLatch(1);
      BlockingQueue<Long> left = new LinkedBlockingQueue<>(1);
      Thread.ofVirtual()
          .start(
              () -> {
                lock.lock();
                try {
                  holds.countDown();
                  left.add(LongWait.await(lock, condition, limit.toNanos()));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } finally {
                  lock.unlock();
                }
              });
      holds.await();
      lock.lock(); // it waits now, or the lock would not be free
      try {
        condition.signalAll();
      } finally {
        lock.unlock();
      }

      assertThat(left.poll(10, TimeUnit.SECONDS)).isNotNull().isPositive();
    }
  }
}
