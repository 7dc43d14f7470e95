package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.transport.http.HttpFields;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are given up, at each stage: the server sees the end, and nothing is left behind. */
class EndingWireTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Says so much on each connection's first request, and then waits for the client to leave. */
  private static Peer saying(String beginning, CountDownLatch said, CountDownLatch left) {
    return Peer.of(
        line -> {
          line.request();
          line.send(beginning);
          said.countDown();
          line.awaitEnd();
          left.countDown();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
      })
  void closing_a_call_ends_its_connection_wherever_its_answer_is(String beginning)
      throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer = saying(beginning, said, left);
        Reaching reaching = new Reaching()) {
      OutboundCall call = reaching.get(peer.url());
      said.await();
      call.close();

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(Taken.of(call).failure().kind()).isEqualTo(OutboundFault.Kind.CLOSED);
      reaching.awaitConnections(0);
    }
  }

  @Test
  void closing_a_call_whose_body_is_held_back_ends_its_connection() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch full = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  try {
                    line.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
                    line.send(new byte[100_000_000]);
                  } finally {
                    left.countDown();
                  }
                });
        Reaching reaching = new Reaching()) {
      OutboundRequest request = OutboundRequest.get(peer.url(), HttpFields.empty());
      try (OutboundCall _ = reaching.client().start(request, full::countDown)) {
        assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closing_a_call_that_is_complete_leaves_its_connection_to_others() throws Exception {
    try (Peer peer = Peer.answering(OK);
        Reaching reaching = new Reaching()) {
      for (int i = 0; i < 20; i++) {
        OutboundCall call = reaching.get(peer.url());
        Taken.of(call);
        call.close();
        call.close();
      }

      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void closing_a_call_at_once_leaves_nothing_whichever_is_first() throws Exception {
    try (Peer peer = Peer.answering(OK);
        Reaching reaching = new Reaching()) {
      for (int i = 0; i < 200; i++) {
        reaching.get(peer.url()).close();
      }

      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
    }
  }

  @Test
  void closing_a_call_never_ends_the_one_after_it() throws Exception {
    try (Peer peer = Peer.answering(OK);
        Reaching reaching = new Reaching()) {
      for (int i = 0; i < 200; i++) {
        CountDownLatch came = new CountDownLatch(1);
        OutboundRequest request = OutboundRequest.get(peer.url(), HttpFields.empty());
        OutboundCall call = reaching.client().start(request, came::countDown);
        came.await();
        // Its end was told this moment; its connection may be somebody else's already.
        OutboundCall next = reaching.get(peer.url());
        call.close();
        assertThat(Taken.of(next).body()).isEqualTo("ok");
        next.close();
      }
    }
  }

  @Test
  void a_call_that_waits_for_a_connection_can_be_closed() throws Exception {
    try (Peer peer = Peer.of(line -> line.awaitEnd());
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(1, 5));
        OutboundCall _ = reaching.get(peer.url())) {
      OutboundCall waiting = reaching.get(peer.url());
      waiting.close();
      waiting.finish();

      assertThat(Taken.of(waiting).failure().kind()).isEqualTo(OutboundFault.Kind.CLOSED);
      assertThat(peer.accepted()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void a_connection_that_was_made_for_a_call_that_left_serves_the_next() throws Exception {
    try (Peer peer = Peer.answering(OK);
        Reaching reaching = new Reaching()) {
      reaching.get(peer.url()).close();
      reaching.awaitIdle(1);
      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");

      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void a_call_that_is_finished_leaves_its_connection_when_the_rest_comes_soon() throws Exception {
    CountDownLatch finished = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  while (!line.request().isEmpty()) {
                    line.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    finished.await();
                    line.send("0\r\n\r\n");
                  }
                });
        Reaching reaching = new Reaching()) {
      OutboundRequest stream = OutboundRequest.get(peer.url(), HttpFields.empty());
      OutboundCall call = reaching.start(stream);
      call.take(Duration.ofMillis(200).toNanos());
      call.finish();
      finished.countDown();
      reaching.awaitIdle(1);
      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("hello");

      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void a_call_that_is_finished_is_cut_off_when_the_rest_does_not_come() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                  line.awaitEnd();
                  left.countDown();
                });
        Reaching reaching = new Reaching()) {
      OutboundCall call = reaching.get(peer.url());
      call.take(Duration.ofMillis(200).toNanos());
      call.finish();

      assertThat(left.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closing_the_client_fails_what_is_in_progress_and_what_comes_after() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer = saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", said, left);
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(1, 5))) {
      OutboundCall reading = reaching.get(peer.url());
      said.await();
      OutboundCall waiting = reaching.get(peer.url());
      reaching.client().close();

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      for (OutboundCall call : new OutboundCall[] {reading, waiting, reaching.get(peer.url())}) {
        assertThat(Taken.of(call).failure().kind()).isEqualTo(OutboundFault.Kind.CLOSED);
      }
      OutboundCall named = reaching.get(HttpUrl.of("http://localhost/").orElseThrow());
      assertThat(Taken.of(named).failure().kind()).isEqualTo(OutboundFault.Kind.CLOSED);
    }
  }

  @Test
  void whoever_waits_can_be_interrupted_and_the_call_can_then_be_closed() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer = saying("", new CountDownLatch(1), left);
        Reaching reaching = new Reaching()) {
      try (OutboundCall call = reaching.get(peer.url())) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> call.take(Peer.PATIENCE.toNanos()))
            .isInstanceOf(InterruptedException.class);
      }

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whoever_waits_for_a_name_can_be_interrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    BlockingQueue<OutboundFault> failed = new ArrayBlockingQueue<>(1);
    try (Reaching reaching =
        new Reaching(
            OutboundOptions.DEFAULT,
            host -> {
              try {
                never.await();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
              return new InetAddress[0];
            })) {
      Thread asking =
          Thread.ofVirtual()
              .start(
                  () -> {
                    OutboundCall call =
                        reaching.get(HttpUrl.of("http://slow.invalid/").orElseThrow());
                    if (Thread.interrupted()
                        && call.poll().orElseThrow() instanceof Arrival.Failed(var fault)) {
                      failed.add(fault);
                    }
                  });
      asking.interrupt();

      assertThat(failed.poll(10, TimeUnit.SECONDS).kind()).isEqualTo(OutboundFault.Kind.UNRESOLVED);
    }
  }
}
