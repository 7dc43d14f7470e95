package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many peers at once that do whatever they like: nothing may be left of them. */
class ChaosWireTest {
  private static final int PEERS = 12;
  private static final int TURNS = 40;
  private static final String LARGE = "0123456789".repeat(30_000);

  @Test
  void whatever_peers_do_nothing_is_left_behind_and_good_ones_are_served() throws Exception {
    Duration brief = Duration.ofSeconds(2);
    ListenOptions options =
        Listening.options()
            .withBounds(400_000, 4000, 100, 100)
            .withKeepAlive(Duration.ofMillis(20))
            .withDeadlines(brief, brief, Duration.ofSeconds(30), brief);
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    AtomicInteger good = new AtomicInteger();
    try (LogCapture failures = LogCapture.of(Serving.class);
        Listening listening =
            Listening.with(options, ChaosWireTest::screen, ChaosWireTest::serve, 2)) {
      List<Thread> peers = new ArrayList<>();
      for (int seed = 0; seed < PEERS; seed++) {
        Random random = new Random(seed);
        peers.add(
            Thread.startVirtualThread(
                () -> {
                  for (int turn = 0; turn < TURNS; turn++) {
                    misbehave(listening, random, wrong, good);
                  }
                }));
      }
      for (Thread peer : peers) {
        assertThat(peer.join(Duration.ofSeconds(50))).isTrue();
      }
      try (RawClient client = listening.client()) {
        assertThat(client.request("POST", "/echo", "last").reply().body()).isEqualTo("last");
      }
      assertThat(failures.messages()).allMatch(message -> message.endsWith("on purpose"));
    }
    assertThat(wrong).isEmpty();
    assertThat(good.get()).isGreaterThan(PEERS * TURNS / 4);
  }

  private static Optional<HttpAnswer> screen(HttpHead head) {
    return head.path().equals("/screened") ? Optional.of(HttpAnswer.empty(401)) : Optional.empty();
  }

  private static void serve(HttpCall call) {
    switch (call.head().path()) {
      case "/echo" -> Listening.echo(call);
      case "/large" -> call.answer(HttpAnswer.json(200, LARGE.getBytes(UTF_8)));
      case "/fail" -> throw new IllegalStateException("on purpose");
      case "/events" -> {
        EventStream events = call.stream(HttpFields.empty());
        for (int i = 0; i < 200 && events.send(EventStream.Event.of(new byte[1000])); i++) {
          Thread.onSpinWait();
        }
        events.end();
      }
      default -> {
        CountDownLatch gone = new CountDownLatch(1);
        call.disconnected().onCancel(gone::countDown);
        EventStream events = call.stream(HttpFields.empty());
        try {
          // Nobody waits for this one to the end.
          gone.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
        events.end();
      }
    }
  }

  private static void misbehave(
      Listening listening, Random random, Queue<String> wrong, AtomicInteger good) {
    try (RawClient client = listening.client()) {
      String body = "x".repeat(random.nextInt(random.nextBoolean() ? 10 : 300_000));
      switch (random.nextInt(12)) {
        case 0 -> client.request("POST", "/wait", body).reset();
        case 1 -> client.request("GET", "/wait", "").head();
        case 2 -> client.request("GET", "/wait", "").halfClose();
        case 3 -> client.request("GET", "/events", "").head();
        case 4 -> client.request("GET", "/large", "").reset();
        case 5 -> client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
        case 6 -> client.send("POST /echo HTTP/1.1\r\nHost");
        case 7 -> expect(401, client.request("POST", "/screened", body).reply(), wrong, good);
        case 8 -> expect(500, client.request("POST", "/fail", body).reply(), wrong, good);
        case 9 -> {
          for (int i = 0; i < 5; i++) {
            client.request("POST", "/echo", "pipelined");
          }
          for (int i = 0; i < random.nextInt(6); i++) {
            expect(200, client.reply(), wrong, good);
          }
        }
        case 10 -> {
          expect(200, client.request("GET", "/events", "").reply(), wrong, good);
          expect(200, client.request("GET", "/large", "").reply(), wrong, good);
        }
        default -> {
          RawClient.Reply reply = client.request("POST", "/echo", body).reply();
          expect(200, reply, wrong, good);
          if (!reply.body().equals(body)) {
            wrong.add("an echo of " + body.length() + " bytes");
          }
        }
      }
    } catch (IOException failure) {
      wrong.add(failure.toString());
    }
  }

  private static void expect(
      int status, RawClient.Reply reply, Queue<String> wrong, AtomicInteger good) {
    if (reply.status() == status) {
      good.incrementAndGet();
    } else {
      wrong.add(reply.toString());
    }
  }
}
