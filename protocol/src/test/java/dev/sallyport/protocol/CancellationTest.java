package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {

  @Test
  void nothing_happens_before_it_is_cancelled() {
    Cancellation cancellation = new Cancellation();
    AtomicInteger runs = new AtomicInteger();
    cancellation.onCancel(runs::incrementAndGet);

    assertThat(cancellation.isCancelled()).isFalse();
    assertThat(runs).hasValue(0);
  }

  @Test
  void cancelling_runs_every_action_once_in_order() {
    Cancellation cancellation = new Cancellation();
    List<String> runs = new ArrayList<>();
    cancellation.onCancel(() -> runs.add("a"));
    cancellation.onCancel(() -> runs.add("b"));

    cancellation.cancel();
    cancellation.cancel();

    assertThat(cancellation.isCancelled()).isTrue();
    assertThat(runs).containsExactly("a", "b");
  }

  @Test
  void an_action_that_comes_late_runs_at_once() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    AtomicInteger runs = new AtomicInteger();

    cancellation.onCancel(runs::incrementAndGet).close();

    assertThat(runs).hasValue(1);
  }

  @Test
  void an_action_that_was_taken_back_does_not_run() {
    Cancellation cancellation = new Cancellation();
    AtomicInteger runs = new AtomicInteger();
    Cancellation.Registration registration = cancellation.onCancel(runs::incrementAndGet);
    cancellation.onCancel(() -> runs.addAndGet(10));

    registration.close();
    registration.close();
    cancellation.cancel();

    assertThat(runs).hasValue(10);
  }

  @Test
  void the_same_action_may_be_registered_twice() {
    Cancellation cancellation = new Cancellation();
    AtomicInteger runs = new AtomicInteger();
    Runnable action = runs::incrementAndGet;
    Cancellation.Registration first = cancellation.onCancel(action);
    cancellation.onCancel(action);

    first.close();
    cancellation.cancel();

    assertThat(runs).hasValue(1);
  }

  @Test
  void an_action_may_use_the_cancellation_itself() {
    Cancellation cancellation = new Cancellation();
    AtomicInteger runs = new AtomicInteger();
    cancellation.onCancel(
        () -> {
          cancellation.cancel();
          cancellation.onCancel(runs::incrementAndGet);
        });

    cancellation.cancel();

    assertThat(runs).hasValue(1);
  }

  @Test
  void one_failing_action_does_not_keep_the_others_from_running() {
    Cancellation cancellation = new Cancellation();
    AtomicInteger runs = new AtomicInteger();
    IllegalStateException fault = new IllegalStateException("broken");
    cancellation.onCancel(
        () -> {
          throw fault;
        });
    cancellation.onCancel(runs::incrementAndGet);

    assertThatThrownBy(cancellation::cancel).isSameAs(fault);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whoever_races_with_cancelling_runs_exactly_once() throws Exception {
    int registrars = 4;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 500; round++) {
        Cancellation cancellation = new Cancellation();
        CyclicBarrier start = new CyclicBarrier(registrars + 2);
        AtomicInteger runs = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < registrars; i++) {
          all.add(
              threads.submit(
                  () -> {
                    start.await(10, TimeUnit.SECONDS);
                    return cancellation.onCancel(runs::incrementAndGet);
                  }));
        }
        for (int i = 0; i < 2; i++) {
          all.add(
              threads.submit(
                  () -> {
                    start.await(10, TimeUnit.SECONDS);
                    cancellation.cancel();
                    return "cancelled";
                  }));
        }
        for (Future<?> one : all) {
          one.get(10, TimeUnit.SECONDS);
        }
        assertThat(runs).as("round " + round).hasValue(registrars);
      }
    }
  }

  @Test
  void taking_back_races_with_cancelling_and_never_runs_twice() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 500; round++) {
        Cancellation cancellation = new Cancellation();
        AtomicInteger runs = new AtomicInteger();
        Cancellation.Registration registration = cancellation.onCancel(runs::incrementAndGet);
        CountDownLatch start = new CountDownLatch(1);
        Future<?> closing =
            threads.submit(
                () -> {
                  start.await();
                  registration.close();
                  return "closed";
                });
        Future<?> cancelling =
            threads.submit(
                () -> {
                  start.await();
                  cancellation.cancel();
                  return "cancelled";
                });
        start.countDown();
        closing.get(10, TimeUnit.SECONDS);
        cancelling.get(10, TimeUnit.SECONDS);
        assertThat(runs.get()).isBetween(0, 1);
        assertThat(cancellation.isCancelled()).isTrue();
      }
    }
  }
}
