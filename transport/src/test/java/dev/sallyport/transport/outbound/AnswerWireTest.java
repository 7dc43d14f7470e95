package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers in every shape that is allowed, and in some that are forgiven. */
class AnswerWireTest {
  private static final String BODY = "Content-Length: 2\r\n\r\nok";

  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n";

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("HTTP/1.1 200 OK\r\n" + BODY, 200, "ok"),
        Arguments.of("HTTP/1.1 200\r\n" + BODY, 200, "ok"),
        Arguments.of("\r\n\r\nHTTP/1.1 200 OK\r\n" + BODY, 200, "ok"),
        Arguments.of("HTTP/1.0 200 OK\r\n\r\nok", 200, "ok"),
        Arguments.of("HTTP/1.1 200 OK\r\n\r\nok", 200, "ok"),
        Arguments.of("HTTP/1.1 200 OK\r\n\r\n", 200, ""),
        Arguments.of(CHUNKED + "1;x=y\r\no\r\n01\r\nk\r\n0\r\nX: y\r\n\r\n", 200, "ok"),
        Arguments.of("HTTP/1.1 204 None\r\n" + BODY, 204, ""),
        Arguments.of("HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n", 304, ""),
        Arguments.of("HTTP/1.1 502 Bad\r\n" + BODY, 502, "ok"),
        Arguments.of("HTTP/1.1 599 ?\r\n" + BODY, 599, "ok"),
        Arguments.of("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n" + BODY, 200, "ok"),
        Arguments.of("HTTP/1.1 200 OK\r\nX: caf\u00e9\r\n" + BODY, 200, "ok"),
        Arguments.of(
            String.join(
                "\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </x>",
                "HTTP/1.1 100 Continue",
                "HTTP/1.1 102 Processing\r\nX: y",
                "HTTP/1.1 199 ?",
                "HTTP/1.1 200 OK\r\nContent-Length: 2",
                "ok"),
            200,
            "ok"),
        Arguments.of("HTTP/1.1 200 OK\r\nX: " + "x".repeat(16_000) + "\r\n" + BODY, 200, "ok"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void an_answer_is_handed_over(String answer, int status, String body) throws Exception {
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send(answer).socket().shutdownOutput();
                  line.awaitEnd();
                });
        Reaching reaching = new Reaching()) {
      Taken taken = reaching.fetch(peer.url());

      assertThat(taken.fault()).isEmpty();
      assertThat(taken.status()).isEqualTo(status);
      assertThat(taken.body()).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void it_does_not_matter_how_an_answer_is_cut_into_segments(String answer, int status, String body)
      throws Exception {
    String some = answer.length() > 5_000 ? answer.substring(answer.length() - 500) : answer;
    String rest = answer.substring(0, answer.length() - some.length());
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send(rest);
                  for (int i = 0; i < some.length(); i++) {
                    line.send(some.substring(i, i + 1));
                  }
                  line.socket().shutdownOutput();
                  line.awaitEnd();
                });
        Reaching reaching = new Reaching()) {
      Taken taken = reaching.fetch(peer.url());

      assertThat(taken.fault()).isEmpty();
      assertThat(taken.status()).isEqualTo(status);
      assertThat(taken.body()).isEqualTo(body);
    }
  }

  @Test
  void all_fields_are_handed_over_in_their_order() throws Exception {
    try (Peer peer =
            Peer.answering(
                "HTTP/1.1 200 OK\r\nb: 1\r\nA:  2 \r\nB: 3\r\nSet-Cookie: c=d\r\n" + BODY);
        Reaching reaching = new Reaching()) {
      HttpFields fields = reaching.fetch(peer.url()).fields();

      assertThat(fields.all("B")).containsExactly("1", "3");
      assertThat(fields.first("a")).contains("2");
      assertThat(fields.first("Set-Cookie")).contains("c=d");
    }
  }

  @Test
  void a_stream_is_handed_over_as_it_comes() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
                  line.send("Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
                  seen.await();
                  line.send("9\r\ndata: 2\n\n\r\n0\r\n\r\n").request();
                });
        Reaching reaching = new Reaching();
        OutboundCall call = reaching.get(peer.url())) {
      assertThat(next(call)).isInstanceOf(Arrival.Head.class);
      assertThat(next(call)).isInstanceOf(Arrival.Bytes.class);
      assertThat(call.poll()).isEmpty();
      seen.countDown();
      assertThat(next(call)).isInstanceOf(Arrival.Bytes.class);
      assertThat(next(call)).isInstanceOf(Arrival.End.class);
    }
  }

  private static Arrival next(OutboundCall call) throws InterruptedException {
    return call.take(Peer.PATIENCE.toNanos()).orElseThrow();
  }

  @Test
  void an_answer_that_came_before_the_request_was_read_is_an_answer() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\n" + BODY);
                  answered.await();
                  line.awaitEnd();
                });
        Reaching reaching = new Reaching()) {
      OutboundRequest large =
          OutboundRequest.post(peer.url(), HttpFields.empty(), new byte[16_000_000]);
      try (OutboundCall call = reaching.start(large)) {
        Taken taken = Taken.of(call);

        assertThat(taken.fault()).isEmpty();
        assertThat(taken.status()).isEqualTo(413);
        answered.countDown();
      }
    }
  }

  @Test
  void a_connection_with_a_request_that_was_not_read_is_not_used_again() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.send("HTTP/1.1 200 OK\r\n" + BODY);
                  answered.await();
                  line.awaitEnd();
                });
        Reaching reaching = new Reaching()) {
      OutboundRequest large =
          OutboundRequest.post(peer.url(), HttpFields.empty(), new byte[16_000_000]);
      try (OutboundCall call = reaching.start(large)) {
        assertThat(Taken.of(call).status()).isEqualTo(200);
      }
      answered.countDown();
      assertThat(reaching.fetch(peer.url()).status()).isEqualTo(200);

      assertThat(peer.accepted()).isEqualTo(2);
    }
  }

  @Test
  void a_slow_answer_is_waited_for_as_long_as_its_taker_likes() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  go.await();
                  line.send("HTTP/1.1 200 OK\r\n" + BODY).request();
                });
        Reaching reaching = new Reaching();
        OutboundCall call = reaching.get(peer.url())) {
      assertThat(call.take(0)).isEmpty();
      assertThat(call.take(1_000_000)).isEqualTo(Optional.empty());
      go.countDown();
      assertThat(Taken.of(call).body()).isEqualTo("ok");
    }
  }
}
