package dev.sallyport.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Peers that begin and do not finish: security by deadlines (T73). */
class SlowWireTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void half_a_head_is_refused_after_the_deadline() throws Exception {
    try (Listening listening = Listening.with(heads(SHORT), Listening::echo);
        RawClient client = listening.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nX-");
      RawClient.Reply reply = client.reply();
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.fields()).containsEntry("connection", "close");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void a_head_that_trickles_is_refused_although_it_never_pauses() throws Exception {
    try (Listening listening = Listening.with(heads(SHORT), Listening::echo);
        RawClient client = listening.client()) {
      client.send("POST / HTTP/1.1\r\n");
      CountDownLatch stop = new CountDownLatch(1);
      Thread trickle =
          Thread.startVirtualThread(
              () -> {
                try {
                  while (!stop.await(20, TimeUnit.MILLISECONDS)) {
                    client.send("X: y\r\n");
                  }
                } catch (InterruptedException | java.io.IOException refused) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThat(client.reply().status()).isEqualTo(408);
      stop.countDown();
      trickle.join();
    }
  }

  @Test
  void half_a_head_on_a_used_connection_is_refused_too() throws Exception {
    try (Listening listening = Listening.with(heads(SHORT), Listening::echo);
        RawClient client = listening.client()) {
      assertThat(client.request("POST", "/", "one").reply().body()).isEqualTo("one");
      client.send("POST / HT");
      assertThat(client.reply().status()).isEqualTo(408);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void half_a_head_behind_a_request_spoils_nothing_of_its_answer() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Listening listening =
            Listening.with(
                heads(SHORT),
                call -> {
                  awaitUninterrupted(go);
                  Listening.echo(call);
                });
        RawClient client = listening.client();
        RawClient other = listening.client()) {
      client.request("POST", "/", "one").send("POST / HT");
      // Its own deadline has passed when that of a later one has.
      other.send("POST / HT");
      assertThat(other.reply().status()).isEqualTo(408);
      go.countDown();
      assertThat(client.reply().body()).isEqualTo("one");
      assertThat(client.reply().status()).isEqualTo(408);
    }
  }

  @Test
  void a_connection_that_says_nothing_is_closed_without_an_answer() throws Exception {
    try (Listening listening = Listening.with(heads(SHORT), Listening::echo);
        RawClient client = listening.client()) {
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void half_a_body_is_refused_after_the_deadline() throws Exception {
    ListenOptions options = Listening.options().withDeadlines(LONG, SHORT, LONG, LONG);
    try (Listening listening = Listening.with(options, Listening::echo);
        RawClient client = listening.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
      assertThat(client.reply().status()).isEqualTo(408);
      assertThat(client.isClosed()).isTrue();
      assertThat(listening.served()).isZero();
    }
  }

  @Test
  void half_a_body_that_is_not_wanted_is_not_awaited_for_ever() throws Exception {
    ListenOptions options = Listening.options().withDeadlines(LONG, SHORT, LONG, LONG);
    try (Listening listening =
            Listening.with(
                options, head -> java.util.Optional.of(HttpAnswer.empty(403)), Listening::echo);
        RawClient client = listening.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
      assertThat(client.reply().status()).isEqualTo(403);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void a_service_may_take_longer_than_any_deadline_of_the_peer() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ListenOptions options = Listening.options().withDeadlines(SHORT, SHORT, SHORT, SHORT);
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  awaitUninterrupted(go);
                  Listening.echo(call);
                });
        RawClient client = listening.client();
        RawClient idle = listening.client()) {
      client.request("POST", "/", "patient");
      assertThat(idle.isClosed()).as("a deadline has passed").isTrue();
      try (RawClient again = listening.client()) {
        assertThat(again.isClosed()).as("and another one").isTrue();
      }
      go.countDown();
      assertThat(client.reply().body()).isEqualTo("patient");
    }
  }

  @Test
  void an_idle_connection_is_closed() throws Exception {
    ListenOptions options = Listening.options().withDeadlines(LONG, LONG, SHORT, LONG);
    try (Listening listening = Listening.with(options, Listening::echo);
        RawClient client = listening.client()) {
      assertThat(client.request("POST", "/", "one").reply().body()).isEqualTo("one");
      assertThat(client.isClosed()).isTrue();
    }
  }

  private static ListenOptions heads(Duration deadline) {
    return Listening.options().withDeadlines(deadline, LONG, LONG, LONG);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
