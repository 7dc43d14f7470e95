package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection is used again, and when it must not be. */
class KeepAliveWireTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static String saying(String field) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + field + "\r\n\r\nok";
  }

  @Test
  void one_connection_serves_calls_that_come_one_after_another() throws Exception {
    try (Peer peer = Peer.answering(OK);
        Reaching reaching = new Reaching()) {
      for (int i = 0; i < 5; i++) {
        assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
      }

      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void calls_at_the_same_time_have_connections_of_their_own_which_are_used_again()
      throws Exception {
    CountDownLatch all = new CountDownLatch(3);
    try (Peer peer =
            Peer.of(
                line -> {
                  while (!line.request().isEmpty()) {
                    all.countDown();
                    all.await();
                    line.send(OK);
                  }
                });
        Reaching reaching = new Reaching()) {
      List<OutboundCall> calls =
          List.of(reaching.get(peer.url()), reaching.get(peer.url()), reaching.get(peer.url()));
      for (OutboundCall call : calls) {
        assertThat(Taken.of(call).body()).isEqualTo("ok");
      }
      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");

      assertThat(peer.accepted()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive\r\n\r\nok",
        "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
      })
  void an_answer_whose_end_is_certain_leaves_the_connection_usable(String answer) throws Exception {
    try (Peer peer = Peer.answering(answer);
        Reaching reaching = new Reaching()) {
      assertThat(reaching.fetch(peer.url()).complete()).isTrue();
      assertThat(reaching.fetch(peer.url()).complete()).isTrue();

      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: x, Close\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=1, max=5\r\n\r\n"
      })
  void a_server_that_will_close_is_not_asked_again_on_the_same_connection(String answer)
      throws Exception {
    try (Peer peer = Peer.answering(answer);
        Reaching reaching = new Reaching()) {
      assertThat(reaching.fetch(peer.url()).complete()).isTrue();
      assertThat(reaching.fetch(peer.url()).complete()).isTrue();

      assertThat(peer.accepted()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X: y, 3900, 1", // no time named: as long as our own bound says
    "X: y, 4100, 2",
    "Keep-Alive: timeout=5, 3900, 1", // as Node does: closes after five seconds
    "Keep-Alive: timeout=5, 4100, 2",
    "keep-alive: TIMEOUT=30; max=4, 28900, 1",
    "keep-alive: TIMEOUT=30; max=4, 29100, 2",
    "Keep-Alive: timeout=999999999, 59000, 1",
    "Keep-Alive: timeout=999999999, 61000, 2",
    "Keep-Alive: timeout=soon, 3900, 1",
    "Keep-Alive: timeout=soon, 4100, 2"
  })
  void an_idle_connection_is_left_a_second_before_its_server_leaves_it(
      String field, long idleMillis, int connections) throws Exception {
    try (Peer peer = Peer.answering(saying(field));
        Reaching reaching = new Reaching()) {
      reaching.fetch(peer.url());
      reaching.putForward(Duration.ofMillis(idleMillis));
      reaching.fetch(peer.url());

      assertThat(peer.accepted()).isEqualTo(connections);
    }
  }

  @Test
  void a_connection_that_nobody_uses_is_closed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send(OK).awaitEnd();
                  closed.countDown();
                });
        Reaching reaching = new Reaching()) {
      reaching.fetch(peer.url());
      reaching.putForward(Duration.ofSeconds(5));

      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_server_that_was_held_back_is_taken_to_be_idle_since_then() throws Exception {
    String big = "x".repeat(200_000);
    try (Peer peer = Peer.answering("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + big);
        Reaching reaching = new Reaching()) {
      CountDownLatch full = new CountDownLatch(1);
      OutboundRequest request = OutboundRequest.get(peer.url(), HttpFields.empty());
      try (OutboundCall call = reaching.client().start(request, full::countDown)) {
        assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();
        reaching.putForward(Duration.ofSeconds(5));
        assertThat(Taken.of(call).body()).hasSize(200_000);
      }
      reaching.fetch(peer.url());

      assertThat(peer.accepted()).isEqualTo(2);
    }
  }

  @Test
  void a_connection_that_the_server_closed_while_idle_is_not_used() throws Exception {
    BlockingQueue<Peer.Line> lines = new LinkedBlockingQueue<>();
    CountDownLatch close = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send(OK);
                  lines.add(line);
                  if (line.index() == 0) {
                    close.await();
                  }
                });
        Reaching reaching = new Reaching()) {
      reaching.fetch(peer.url());
      close.countDown();
      assertThat(lines.take().ended()).isTrue();
      reaching.awaitConnections(0);

      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
      assertThat(peer.accepted()).isEqualTo(2);
    }
  }

  @Test
  void a_request_that_was_written_to_a_connection_that_then_ended_may_have_arrived()
      throws Exception {
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send(OK);
                  line.request();
                });
        Reaching reaching = new Reaching()) {
      reaching.fetch(peer.url());

      OutboundFault fault = reaching.fetch(peer.url()).failure();

      // Not sent again: the server may have carried it out (T13).
      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.BROKEN);
      assertThat(fault.mayHaveArrived()).isTrue();
      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void what_a_server_says_unasked_ends_the_connection_and_answers_nobody() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send(line.index() == 0 ? OK + saying("X: unasked") : OK);
                  line.awaitEnd();
                  ended.countDown();
                });
        Reaching reaching = new Reaching()) {
      assertThat(reaching.fetch(peer.url()).complete()).isTrue();
      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();

      Taken next = reaching.fetch(peer.url());

      assertThat(next.complete()).isTrue();
      assertThat(next.fields().first("X")).isEmpty();
    }
  }

  @Test
  void origins_do_not_share_connections() throws Exception {
    try (Peer one = Peer.answering(OK);
        Peer other = Peer.answering(OK);
        Reaching reaching = new Reaching()) {
      reaching.fetch(one.url());
      reaching.fetch(other.url());
      reaching.fetch(HttpUrl.of("http://localhost:" + one.port()).orElseThrow());

      assertThat(one.accepted()).isEqualTo(2);
      assertThat(other.accepted()).isEqualTo(1);
    }
  }

  @Test
  void a_connection_is_used_again_whatever_was_asked_on_it() throws Exception {
    try (Peer peer = Peer.answering(OK);
        Reaching reaching = new Reaching()) {
      byte[] body = new byte[100_000];
      for (OutboundRequest request :
          List.of(
              OutboundRequest.post(peer.url(), HttpFields.empty(), body),
              OutboundRequest.post(peer.url("/other"), HttpFields.empty(), new byte[0]),
              OutboundRequest.delete(peer.url(), HttpFields.empty()))) {
        try (OutboundCall call = reaching.start(request)) {
          assertThat(Taken.of(call).body()).isEqualTo("ok");
        }
      }

      assertThat(peer.accepted()).isEqualTo(1);
    }
  }
}
