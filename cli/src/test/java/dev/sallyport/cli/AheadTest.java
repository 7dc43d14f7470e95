package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AheadTest {
  private final List<String> closed = new ArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);

  private Ahead<String> begin(Ahead.Opening<String> opening) {
    return Ahead.begin("test", opening, closed::add);
  }

  /** Opens only when it is interrupted. */
  private String hang() {
    try {
      never.await();
      return "opened";
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }

  @Test
  void what_was_opened_is_there_and_is_closed_once() throws Exception {
    try (Ahead<String> ahead = begin(() -> "it")) {
      assertThat(ahead.get()).isEqualTo("it");
      assertThat(closed).isEmpty();
    }
    assertThat(closed).containsExactly("it");
  }

  @Test
  void why_it_could_not_be_opened_is_told_and_there_is_nothing_to_close() throws Exception {
    CliFault fault = new CliFault(CliFault.CONFIG, "no");
    try (Ahead<String> ahead =
        begin(
            () -> {
              throw fault;
            })) {
      assertThatThrownBy(ahead::get).isSameAs(fault);
    }
    assertThat(closed).isEmpty();
  }

  @Test
  void nobody_waits_for_what_broke_off_without_saying_so() throws Exception {
    try (Ahead<String> ahead =
        begin(
            () -> {
              throw new LinkageError("as when a class is not there");
            })) {
      assertThatThrownBy(ahead::get).isInstanceOf(IllegalStateException.class);
    }
    assertThat(closed).isEmpty();
  }

  @Test
  void what_is_not_wanted_any_more_is_interrupted_and_closed_if_it_opened_all_the_same()
      throws Exception {
    begin(this::hang).close();

    assertThat(closed).containsExactly("interrupted");
  }

  @Test
  void who_is_interrupted_while_waiting_passes_it_on_and_stays_interrupted() throws Exception {
    BlockingQueue<String> outcome = new LinkedBlockingQueue<>(1);
    try (Ahead<String> ahead = begin(this::hang)) {
      Thread waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      outcome.add(ahead.get() + " " + Thread.currentThread().isInterrupted());
                    } catch (CliFault e) {
                      outcome.add(e.toString());
                    }
                  });
      waiting.interrupt();

      assertThat(outcome.poll(5, TimeUnit.SECONDS)).isEqualTo("interrupted true");
    }
  }
}
