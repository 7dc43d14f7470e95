package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A peer that leaves is noticed, and whoever serves it is told (SH-16). */
class DisconnectWireTest {
  private interface Leaving {
    void leave(RawClient client) throws Exception;
  }

  @Test
  void a_peer_that_closes_before_the_answer_is_noticed() throws Exception {
    beforeTheAnswer(RawClient::close);
  }

  @Test
  void a_peer_that_resets_before_the_answer_is_noticed() throws Exception {
    beforeTheAnswer(RawClient::reset);
  }

  @Test
  void a_peer_that_half_closes_before_the_answer_is_noticed() throws Exception {
    beforeTheAnswer(RawClient::halfClose);
  }

  private static void beforeTheAnswer(Leaving leaving) throws Exception {
    CountDownLatch serving = new CountDownLatch(1);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Listening listening =
            Listening.to(
                call -> {
                  CountDownLatch gone = new CountDownLatch(1);
                  call.disconnected()
                      .onCancel(
                          () -> {
                            seen.add("on a virtual thread: " + Thread.currentThread().isVirtual());
                            gone.countDown();
                          });
                  serving.countDown();
                  await(gone);
                  // Blocks nobody, and is no error.
                  call.answer(HttpAnswer.empty(200));
                  seen.add("returned");
                });
        RawClient client = listening.client()) {
      client.request("POST", "/", "x");
      assertThat(serving.await(10, TimeUnit.SECONDS)).isTrue();
      leaving.leave(client);
      assertThat(next(seen)).isEqualTo("on a virtual thread: true");
      assertThat(next(seen)).isEqualTo("returned");
    }
  }

  @Test
  void a_peer_that_leaves_in_mid_stream_is_noticed_and_sending_ends() throws Exception {
    for (Leaving leaving :
        new Leaving[] {RawClient::close, RawClient::reset, RawClient::halfClose}) {
      BlockingQueue<String> seen = new LinkedBlockingQueue<>();
      try (Listening listening =
              Listening.to(
                  call -> {
                    CountDownLatch gone = new CountDownLatch(1);
                    call.disconnected().onCancel(gone::countDown);
                    EventStream events = call.stream(HttpFields.empty());
                    seen.add("sent " + events.send(event("one")));
                    await(gone);
                    seen.add("sent " + events.send(event("two")));
                    events.end();
                    seen.add("ended");
                  });
          RawClient client = listening.client()) {
        client.request("POST", "/", "x").head();
        assertThat(next(seen)).isEqualTo("sent true");
        assertThat(client.chunk()).isEqualTo("data: one\n\n");
        leaving.leave(client);
        assertThat(next(seen)).isEqualTo("sent false");
        assertThat(next(seen)).isEqualTo("ended");
      }
    }
  }

  @Test
  void a_sender_that_never_pauses_notices_it_too() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  EventStream.Event event = event("x".repeat(1000));
                  while (events.send(event)) {
                    Thread.onSpinWait();
                  }
                  seen.add("over");
                });
        RawClient client = listening.client()) {
      client.request("POST", "/", "x").head();
      client.chunk();
      client.reset();
      assertThat(next(seen)).isEqualTo("over");
    }
  }

  @Test
  void a_peer_that_is_gone_before_it_is_served_costs_no_thread() throws Exception {
    try (Listening listening = Listening.to(Listening::echo)) {
      for (int i = 0; i < 20; i++) {
        try (RawClient client = listening.client()) {
          client.send(
              "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n" + "x".repeat(400));
          client.reset();
        }
      }
      try (RawClient client = listening.client()) {
        assertThat(client.request("POST", "/", "still").reply().body()).isEqualTo("still");
      }
      assertThat(listening.served()).isEqualTo(1);
    }
  }

  @Test
  void a_peer_that_leaves_after_the_answer_is_not_reported() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Listening listening =
        Listening.to(
            call -> {
              call.disconnected().onCancel(() -> seen.add("disconnected"));
              if (call.head().path().equals("/stream")) {
                EventStream events = call.stream(HttpFields.empty());
                events.send(event("one"));
                events.end();
              } else {
                Listening.echo(call);
              }
              seen.add("done");
            })) {
      for (int i = 0; i < 50; i++) {
        try (RawClient client = listening.client()) {
          client.request("POST", i % 2 == 0 ? "/stream" : "/", "x").reply();
          client.reset();
        }
        assertThat(next(seen)).isEqualTo("done");
      }
      try (RawClient client = listening.client()) {
        client.request("POST", "/", "x").reply();
      }
      assertThat(next(seen)).isEqualTo("done");
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void a_peer_that_leaves_a_body_half_discarded_leaves_nothing_behind() throws Exception {
    try (Listening listening =
        Listening.with(
            Listening.options(),
            head -> java.util.Optional.of(HttpAnswer.empty(401)),
            Listening::echo)) {
      for (int i = 0; i < 20; i++) {
        try (RawClient client = listening.client()) {
          client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nhalf");
          assertThat(client.reply().status()).isEqualTo(401);
        }
      }
    }
  }

  private static EventStream.Event event(String data) {
    return EventStream.Event.of(data.getBytes(UTF_8));
  }

  private static String next(BlockingQueue<String> seen) throws InterruptedException {
    String next = seen.poll(10, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
