package dev.sallyport.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CreditTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int ALL = Credit.WINDOW;

  @Test
  void there_is_room_for_one_window_and_again_when_it_was_taken() throws Exception {
    Credit credit = new Credit(LONG);
    assertThat(credit.spend(ALL)).isEqualTo(Credit.Wait.GRANTED);
    BlockingQueue<Credit.Wait> waiting = inBackground(() -> credit.spend(100));
    assertThat(waiting.poll(50, TimeUnit.MILLISECONDS)).isNull();
    credit.giveBack(99);
    assertThat(waiting.poll(50, TimeUnit.MILLISECONDS)).isNull();
    credit.giveBack(1);
    assertThat(next(waiting)).isEqualTo(Credit.Wait.GRANTED);
  }

  @Test
  void whoever_waits_for_a_peer_that_takes_nothing_is_stuck_after_the_deadline() {
    Credit credit = new Credit(SHORT);
    assertThat(credit.spend(ALL)).isEqualTo(Credit.Wait.GRANTED);
    assertThat(credit.spend(1)).isEqualTo(Credit.Wait.STUCK);
    assertThat(credit.isStuck()).isTrue();
  }

  @Test
  void whoever_waits_is_woken_when_the_peer_is_lost() throws Exception {
    Credit credit = new Credit(LONG);
    assertThat(credit.takeTurn()).isEqualTo(Credit.Wait.GRANTED);
    assertThat(credit.spend(ALL)).isEqualTo(Credit.Wait.GRANTED);
    BlockingQueue<Credit.Wait> room = inBackground(() -> credit.spend(1));
    BlockingQueue<Credit.Wait> turn = inBackground(credit::takeTurn);
    BlockingQueue<Credit.Wait> end = inBackground(credit::awaitComplete);
    assertThat(credit.lose()).isTrue();
    assertThat(credit.lose()).isFalse();
    assertThat(next(room)).isEqualTo(Credit.Wait.OVER);
    assertThat(next(turn)).isEqualTo(Credit.Wait.OVER);
    assertThat(next(end)).isEqualTo(Credit.Wait.OVER);
  }

  @Test
  void turns_are_taken_one_after_the_other() throws Exception {
    Credit credit = new Credit(LONG);
    assertThat(credit.takeTurn()).isEqualTo(Credit.Wait.GRANTED);
    BlockingQueue<Credit.Wait> second = inBackground(credit::takeTurn);
    assertThat(second.poll(50, TimeUnit.MILLISECONDS)).isNull();
    credit.endTurn();
    assertThat(next(second)).isEqualTo(Credit.Wait.GRANTED);
  }

  @Test
  void nothing_is_written_after_the_end_and_it_ends_once() {
    Credit credit = new Credit(LONG);
    assertThat(credit.end()).isTrue();
    assertThat(credit.end()).isFalse();
    assertThat(credit.takeTurn()).isEqualTo(Credit.Wait.OVER);
    assertThat(credit.spendIfQuiet(3)).isFalse();
    credit.complete();
    assertThat(credit.awaitComplete()).isEqualTo(Credit.Wait.GRANTED);
    assertThat(credit.lose()).as("too late to lose it").isFalse();
  }

  @Test
  void a_comment_is_written_only_when_nothing_else_is_on_its_way() {
    Credit credit = new Credit(LONG);
    assertThat(credit.spendIfQuiet(3)).isTrue();
    assertThat(credit.spendIfQuiet(3)).isFalse();
    credit.giveBack(3);
    assertThat(credit.takeTurn()).isEqualTo(Credit.Wait.GRANTED);
    assertThat(credit.spendIfQuiet(3)).isFalse();
    credit.endTurn();
    assertThat(credit.spendIfQuiet(3)).isTrue();
  }

  @Test
  void a_deadline_counts_from_when_something_is_on_its_way() {
    Credit credit = new Credit(SHORT);
    Credit started = new Credit(SHORT);
    assertThat(started.spend(1)).isEqualTo(Credit.Wait.GRANTED);
    // Once the second one is stuck, the first one is as old and has had nothing to take.
    assertThat(started.spend(ALL)).isEqualTo(Credit.Wait.STUCK);
    assertThat(credit.isStuck()).isFalse();
    assertThat(credit.spend(ALL)).isEqualTo(Credit.Wait.GRANTED);
    assertThat(credit.isStuck()).isFalse();
  }

  @Test
  void whoever_is_interrupted_is_stuck_and_stays_interrupted() throws Exception {
    Credit credit = new Credit(LONG);
    assertThat(credit.spend(ALL)).isEqualTo(Credit.Wait.GRANTED);
    BlockingQueue<String> outcome = new LinkedBlockingQueue<>();
    Thread thread =
        Thread.startVirtualThread(
            () -> outcome.add(credit.spend(1) + " " + Thread.currentThread().isInterrupted()));
    thread.interrupt();
    assertThat(outcome.poll(10, TimeUnit.SECONDS)).isEqualTo("STUCK true");
  }

  private static BlockingQueue<Credit.Wait> inBackground(Supplier<Credit.Wait> wait) {
    BlockingQueue<Credit.Wait> outcome = new LinkedBlockingQueue<>();
    Thread.startVirtualThread(() -> outcome.add(wait.get()));
    return outcome;
  }

  private static Credit.Wait next(BlockingQueue<Credit.Wait> outcome) throws InterruptedException {
    Credit.Wait wait = outcome.poll(10, TimeUnit.SECONDS);
    assertThat(wait).isNotNull();
    return wait;
  }
}
