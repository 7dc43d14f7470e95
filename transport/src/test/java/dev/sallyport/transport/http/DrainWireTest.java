package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class DrainWireTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void answers_under_way_are_finished_and_nothing_new_is_taken() throws Exception {
    Semaphore serving = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    try (Listening listening =
            Listening.to(
                call -> {
                  serving.release();
                  await(go);
                  Listening.echo(call);
                });
        RawClient client = listening.client();
        RawClient idle = listening.client()) {
      client.request("POST", "/", "last");
      serving.acquire();
      Thread drain = Thread.startVirtualThread(() -> listening.listener().drain(LONG, () -> {}));
      assertThat(idle.isClosed()).as("idle connections are closed at once").isTrue();
      assertThat(refusesSoon(listening)).as("nothing new is taken").isTrue();
      go.countDown();
      assertThat(client.reply().body()).isEqualTo("last");
      assertThat(client.isClosed()).isTrue();
      assertThat(drain.join(LONG)).isTrue();
    }
  }

  @Test
  void before_it_drains_it_takes_requests_and_asks_each_peer_to_connect_anew() throws Exception {
    try (Listening listening = Listening.to(Listening::echo);
        RawClient before = listening.client()) {
      before.request("POST", "/", "one");
      assertThat(before.reply().fields())
          .as("nothing is said early")
          .doesNotContainKey("connection");
      Thread drain =
          Thread.startVirtualThread(() -> listening.listener().drain(LONG, LONG, () -> {}));
      try (RawClient late = listening.client()) {
        awaitFarewell(listening);
        late.request("POST", "/", "three");
        RawClient.Reply last = late.reply();
        assertThat(last.body()).isEqualTo("three");
        assertThat(last.fields()).containsEntry("connection", "close");
        assertThat(late.isClosed()).isTrue();
        before.request("POST", "/", "two");
        assertThat(before.reply().body()).as("it was not closed while it idled").isEqualTo("two");
        assertThat(before.isClosed()).isTrue();
      }
      listening.listener().close();
      assertThat(drain.join(LONG)).as("a close ends the delay").isTrue();
    }
  }

  private static void awaitFarewell(Listening listening) throws IOException {
    long end = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() < end) {
      try (RawClient asking = listening.client()) {
        asking.request("POST", "/", "?");
        if (asking.reply().fields().containsKey("connection")) {
          return;
        }
      }
    }
    throw new AssertionError("nobody is told to connect anew");
  }

  /** The socket is closed by a loop of its own, so not at the very moment of the call. */
  private static boolean refusesSoon(Listening listening) {
    long end = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() < end) {
      try (RawClient late = listening.client()) {
        late.isClosed();
      } catch (IOException refused) {
        return true;
      }
    }
    return false;
  }

  @Test
  void streams_are_told_and_end_with_an_event_of_their_own() throws Exception {
    Semaphore serving = new Semaphore(0);
    try (Listening listening =
            Listening.to(
                call -> {
                  CountDownLatch end = new CountDownLatch(1);
                  EventStream events = call.stream(HttpFields.empty());
                  call.draining().onCancel(end::countDown);
                  serving.release();
                  await(end);
                  events.send(EventStream.Event.of("bye".getBytes(UTF_8)));
                  events.end();
                });
        RawClient one = listening.client();
        RawClient two = listening.client()) {
      one.request("GET", "/", "");
      two.request("GET", "/", "");
      serving.acquire(2);
      listening.listener().drain(LONG, () -> {});
      assertThat(one.reply().body()).isEqualTo("data: bye\n\n");
      assertThat(two.reply().body()).isEqualTo("data: bye\n\n");
      assertThat(one.isClosed()).isTrue();
    }
  }

  @Test
  void whoever_does_not_end_in_time_is_cut_off_and_told() throws Exception {
    Semaphore serving = new Semaphore(0);
    CountDownLatch told = new CountDownLatch(1);
    try (Listening listening =
            Listening.to(
                call -> {
                  CountDownLatch end = new CountDownLatch(1);
                  call.disconnected().onCancel(end::countDown);
                  serving.release();
                  await(end);
                  told.countDown();
                });
        RawClient client = listening.client()) {
      client.request("POST", "/", "x");
      serving.acquire();
      listening.listener().drain(Duration.ofMillis(100), () -> {});
      await(told);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void whoever_is_left_at_the_limit_may_still_say_so() throws Exception {
    Semaphore serving = new Semaphore(0);
    CountDownLatch cutOff = new CountDownLatch(1);
    try (Listening listening =
            Listening.to(
                call -> {
                  serving.release();
                  await(cutOff);
                  call.answer(HttpAnswer.text(503, "stopping"));
                });
        RawClient client = listening.client()) {
      client.request("POST", "/", "x");
      serving.acquire();
      listening.listener().drain(Duration.ofMillis(100), cutOff::countDown);
      assertThat(client.reply().status()).isEqualTo(503);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void closing_interrupts_who_listens_to_nothing_else() throws Exception {
    Semaphore serving = new Semaphore(0);
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Listening listening =
            Listening.to(
                call -> {
                  serving.release();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException expected) {
                    interrupted.countDown();
                  }
                });
        RawClient client = listening.client()) {
      client.request("POST", "/", "x");
      serving.acquire();
      listening.listener().close();
      assertThat(interrupted.getCount()).isZero();
    }
  }

  @Test
  void closing_twice_and_draining_a_closed_listener_do_nothing() throws Exception {
    try (Listening listening = Listening.to(Listening::echo)) {
      listening.listener().close();
      listening.listener().close();
      listening.listener().drain(LONG, () -> {});
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
