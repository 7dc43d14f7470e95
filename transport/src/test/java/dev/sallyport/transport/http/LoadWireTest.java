package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadWireTest {
  @Test
  void one_connection_too_many_is_turned_away_and_there_is_room_again_later() throws Exception {
    ListenOptions options = Listening.options().withBounds(1000, 2000, 2, 10);
    try (Listening listening = Listening.with(options, Listening::echo);
        RawClient first = listening.client()) {
      try (RawClient second = listening.client()) {
        assertThat(first.request("POST", "/", "1").reply().body()).isEqualTo("1");
        assertThat(second.request("POST", "/", "2").reply().body()).isEqualTo("2");
        try (RawClient third = listening.client()) {
          RawClient.Reply reply = third.reply();
          assertThat(reply.status()).isEqualTo(503);
          assertThat(reply.fields()).containsKey("retry-after");
          assertThat(third.isClosed()).isTrue();
        }
        assertThat(first.request("POST", "/", "1").reply().body()).isEqualTo("1");
        second.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        second.reply();
        assertThat(second.isClosed()).isTrue();
      }
      try (RawClient fourth = listening.client()) {
        assertThat(fourth.request("POST", "/", "4").reply().body()).isEqualTo("4");
      }
    }
  }

  @Test
  void one_request_too_many_is_refused_and_there_is_room_again_later() throws Exception {
    ListenOptions options = Listening.options().withBounds(1000, 2000, 10, 2);
    Semaphore serving = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  serving.release();
                  await(go);
                  Listening.echo(call);
                });
        RawClient first = listening.client();
        RawClient second = listening.client()) {
      first.request("POST", "/", "1");
      second.request("POST", "/", "2");
      assertThat(serving.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
      try (RawClient third = listening.client()) {
        RawClient.Reply reply = third.request("POST", "/", "3").reply();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.fields()).containsKey("retry-after");
      }
      go.countDown();
      assertThat(first.reply().body()).isEqualTo("1");
      assertThat(second.reply().body()).isEqualTo("2");
      assertThat(first.request("POST", "/", "4").reply().body()).isEqualTo("4");
    }
  }

  @Test
  void all_bodies_together_are_bounded() {
    Load load = new Load(Listening.options());
    int large = 4 * 1024 * 1024;
    for (int i = 0; i < 16; i++) {
      assertThat(load.addRequest()).isTrue();
      assertThat(load.addBody(large)).isTrue();
    }
    assertThat(load.addBody(1)).isFalse();
    load.removeRequest(large);
    assertThat(load.addBody(large)).isTrue();
    assertThat(load.addBody(1)).isFalse();
  }

  @Test
  void large_answers_that_nobody_takes_are_bounded_together() throws Exception {
    long most = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);
    byte[] quarter = new byte[(int) (most / 4)];
    List<RawClient> idle = new ArrayList<>();
    try (Listening listening =
        Listening.with(
            Listening.options(),
            call -> {
              if (call.head().method().equals("POST")) {
                call.answer(HttpAnswer.json(200, quarter));
              } else {
                call.stream(HttpFields.empty()).send(EventStream.Event.of(quarter));
              }
            })) {
      for (int i = 0; i < 4; i++) {
        idle.add(listening.client().request("POST", "/", "x"));
      }
      awaitAnswers(listening.load(), 4L * quarter.length);

      try (RawClient fifth = listening.client();
          RawClient stream = listening.client()) {
        RawClient.Reply reply = fifth.request("POST", "/", "x").reply();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.fields()).containsKey("retry-after");
        assertThat(fifth.request("POST", "/", "x").reply().status())
            .as("the connection is still of use")
            .isEqualTo(503);
        stream.request("GET", "/", "");
        int read = 0; // the head, and then the end: a stream can only be broken off
        while (!stream.isClosed()) {
          read++;
        }
        assertThat(read).isLessThan(1_000);
      }
      for (RawClient client : idle) {
        client.close();
      }
      awaitAnswers(listening.load(), 0);
    }
  }

  private static void awaitAnswers(Load load, long bytes) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (load.answerBytes() != bytes && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(load.answerBytes()).isEqualTo(bytes);
  }

  @Test
  void two_thousand_quiet_streams_cost_little_and_all_get_the_next_event() throws Exception {
    int streams = 2000;
    ListenOptions options = Listening.options().withBounds(1000, 2000, streams + 1, streams + 1);
    Semaphore open = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    List<RawClient> clients = new ArrayList<>();
    try (Listening listening =
        Listening.with(
            options,
            call -> {
              EventStream events = call.stream(HttpFields.empty());
              open.release();
              await(go);
              events.send(EventStream.Event.of("now".getBytes(UTF_8)));
              events.end();
            })) {
      int threads = Thread.activeCount();
      long heap = usedHeap();
      for (int i = 0; i < streams; i++) {
        clients.add(listening.client().request("GET", "/", ""));
      }
      assertThat(open.tryAcquire(streams, 30, TimeUnit.SECONDS)).isTrue();
      assertThat(listening.load().requests()).isEqualTo(streams);
      assertThat(Thread.activeCount()).as("platform threads").isLessThan(threads + 10);
      // With both ends in this process; one end is a tenth of that.
      assertThat(usedHeap() - heap).as("heap").isLessThan(200L * 1024 * 1024);
      go.countDown();
      for (RawClient client : clients) {
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(client.chunk()).isEqualTo("data: now\n\n");
        client.close();
      }
    }
  }

  @Test
  void a_port_that_is_taken_is_named() throws Exception {
    try (Listening listening = Listening.to(Listening::echo)) {
      InetSocketAddress taken = listening.address();
      assertThatExceptionOfType(ListenException.class)
          .isThrownBy(
              () -> Listening.with(ListenOptions.at("127.0.0.1", taken.getPort()), call -> {}))
          .withMessage("cannot listen on 127.0.0.1:%d: the port is already in use", taken.getPort())
          .returns(ListenException.Fault.ADDRESS, ListenException::fault);
    }
  }

  @Test
  void a_host_that_is_not_ours_is_named() {
    assertThatExceptionOfType(ListenException.class)
        .isThrownBy(() -> Listening.with(ListenOptions.at("192.0.2.1", 0), call -> {}))
        .withMessage("cannot listen on 192.0.2.1:0: that is no address of this machine");
    assertThatExceptionOfType(ListenException.class)
        .isThrownBy(() -> Listening.with(ListenOptions.at("no-such-host.invalid", 0), call -> {}))
        .withMessage("there is no host called no-such-host.invalid");
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
