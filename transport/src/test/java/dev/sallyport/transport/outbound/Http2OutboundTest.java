package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.Identity;
import java.io.EOFException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many calls on one connection, and what a server may do to them. */
class Http2OutboundTest {
  @TempDir static Path folder;
  private static Identity identity;
  private static OutboundOptions trusting;

  @BeforeAll
  static void makeIdentity() throws Exception {
    identity = Identity.make(folder, "h2", "EC");
    try (HttpEngine engine = HttpEngine.begin()) {
      trusting =
          OutboundOptions.DEFAULT.withTls(
              OutboundTls.load(
                  engine, Optional.of(identity.files().certificate()), Optional.empty()));
    }
  }

  private static Peer peer(int mostStreams, Frames.Script script) throws Exception {
    return Frames.peer(identity, mostStreams, script);
  }

  private static List<OutboundCall> start(Reaching reaching, Peer peer, int calls) {
    List<OutboundCall> started = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      started.add(reaching.get(peer.secureUrl()));
    }
    return started;
  }

  @Test
  void calls_at_the_same_time_share_a_connection_whatever_order_they_are_answered_in()
      throws Exception {
    try (Peer peer =
            peer(
                100,
                frames -> {
                  int[] streams = {frames.request(), frames.request(), frames.request()};
                  for (int i = 2; i >= 0; i--) {
                    frames.answer(streams[i], "stream " + streams[i]);
                  }
                  frames.answer(frames.request(), "later");
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      List<OutboundCall> calls = start(reaching, peer, 3);
      for (int i = 0; i < 3; i++) {
        assertThat(Taken.of(calls.get(i)).body()).startsWith("stream ");
      }
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("later");
      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void a_request_says_what_its_fields_say_and_nothing_else() throws Exception {
    BlockingQueue<Map<String, String>> seen = new LinkedBlockingQueue<>();
    try (Peer peer =
            peer(
                100,
                frames -> {
                  Frames.Frame headers = frames.next(Frames.HEADERS);
                  seen.add(frames.decode(headers));
                  frames.answer(headers.stream(), "ok");
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      HttpFields fields = HttpFields.empty().with("Accept", "text/plain").with("Mcp-Name", "x");
      try (OutboundCall call =
          reaching.start(OutboundRequest.post(peer.secureUrl(), fields, new byte[3]))) {
        Taken.of(call);
      }

      assertThat(seen.poll(10, TimeUnit.SECONDS))
          .isEqualTo(
              Map.of(
                  ":authority", "localhost:" + peer.port(),
                  ":method", "POST",
                  ":path", "/mcp",
                  ":scheme", "https",
                  "accept", "text/plain",
                  "content-length", "3",
                  "mcp-name", "x"));
    }
  }

  @Test
  void closing_a_call_resets_its_stream_and_leaves_the_others() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    BlockingQueue<Integer> reset = new LinkedBlockingQueue<>();
    try (Peer peer =
            peer(
                100,
                frames -> {
                  int first = frames.request();
                  int second = frames.request();
                  frames.begin(first);
                  begun.countDown();
                  Frames.Frame frame = frames.next(Frames.RST_STREAM);
                  reset.add(frame.stream() == first ? frame.number() : -1);
                  frames.answer(second, "ok");
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      List<OutboundCall> calls = start(reaching, peer, 2);
      begun.await();
      calls.get(0).close();

      assertThat(reset.poll(10, TimeUnit.SECONDS)).as("CANCEL").isEqualTo(8);
      assertThat(Taken.of(calls.get(1)).body()).isEqualTo("ok");
      reaching.awaitConnections(1);
    }
  }

  @Test
  void a_body_that_nobody_takes_is_held_back_and_holds_nobody_back() throws Exception {
    BlockingQueue<Integer> poured = new LinkedBlockingQueue<>();
    try (Peer peer =
            peer(
                100,
                frames -> {
                  int held = frames.request();
                  frames.begin(held);
                  poured.add(frames.pour(held, 10_000_000));
                  frames.answer(frames.request(), "");
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      OutboundCall held = reaching.get(peer.secureUrl());

      assertThat(poured.poll(10, TimeUnit.SECONDS))
          .isLessThan(2 * OutboundCall.WHOLE_WINDOW + 16_384);
      assertThat(reaching.fetch(peer.secureUrl()).complete()).isTrue();
      held.close();
    }
  }

  @Test
  void interim_answers_are_left_out_or_fail_the_call() throws Exception {
    try (Peer peer =
            peer(
                100,
                frames -> {
                  int stream = frames.request();
                  frames.interim(stream, frames.index() == 0 ? "103" : "102");
                  frames.answer(stream, "ok");
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("ok");
      reaching.putForward(Duration.ofSeconds(5));
      // The engine knows 100 and 103 only: rather a failure than a wrong answer.
      assertThat(reaching.fetch(peer.secureUrl()).failure().kind())
          .isEqualTo(OutboundFault.Kind.MALFORMED);
    }
  }

  @ParameterizedTest
  @CsvSource({"7, false", "2, true", "11, true"})
  void a_stream_that_is_refused_was_not_looked_at_and_any_other_end_may_have_been(
      int code, boolean mayHaveArrived) throws Exception {
    try (Peer peer =
            peer(
                100,
                frames -> {
                  frames.reset(frames.request(), code);
                  frames.answer(frames.request(), "ok");
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      OutboundFault fault = reaching.fetch(peer.secureUrl()).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.BROKEN);
      assertThat(fault.mayHaveArrived()).isEqualTo(mayHaveArrived);
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("ok");
    }
  }

  @Test
  void connections_that_are_left_do_not_keep_others_from_being_made() throws Exception {
    try (Peer peer =
            peer(
                100,
                frames -> {
                  int first = frames.request();
                  frames.begin(first); // a stream that stays open
                  frames.goAway(first);
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      List<OutboundCall> streams = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        OutboundCall stream = reaching.get(peer.secureUrl());
        streams.add(stream);
        reaching.awaitConnections(i + 1);
        reaching.awaitIdle(0);
      }

      assertThat(peer.accepted()).isEqualTo(6);
      streams.forEach(OutboundCall::close);
    }
  }

  @Test
  void a_server_that_goes_away_finishes_what_it_took_and_the_rest_was_not_looked_at()
      throws Exception {
    try (Peer peer =
            peer(
                100,
                frames -> {
                  int first = frames.request();
                  if (frames.index() > 0) {
                    frames.answer(first, "elsewhere");
                    frames.awaitEnd();
                    return;
                  }
                  frames.request();
                  frames.goAway(first);
                  frames.answer(first, "ok");
                  frames.awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      List<OutboundCall> calls = start(reaching, peer, 2);

      OutboundFault fault = Taken.of(calls.get(1)).failure();
      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.BROKEN);
      assertThat(fault.mayHaveArrived()).isFalse();
      assertThat(Taken.of(calls.get(0)).body()).isEqualTo("ok");
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("elsewhere");
    }
  }

  @Test
  void a_connection_that_ends_breaks_all_its_calls() throws Exception {
    try (Peer peer =
            peer(
                100,
                frames -> {
                  frames.begin(frames.request());
                  frames.request();
                });
        Reaching reaching = new Reaching(trusting)) {
      for (OutboundCall call : start(reaching, peer, 2)) {
        OutboundFault fault = Taken.of(call).failure();
        assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.BROKEN);
        assertThat(fault.mayHaveArrived()).isTrue();
      }
      reaching.awaitConnections(0);
    }
  }

  @Test
  void no_more_streams_are_opened_than_a_server_allows() throws Exception {
    AtomicInteger most = new AtomicInteger();
    try (Peer peer =
            peer(
                2,
                frames -> {
                  List<Integer> open = new ArrayList<>();
                  try {
                    while (true) {
                      open.add(frames.request());
                      most.accumulateAndGet(open.size(), Math::max);
                      if (open.size() == 2) {
                        for (int stream : open) {
                          frames.answer(stream, "ok");
                        }
                        open.clear();
                      }
                    }
                  } catch (EOFException end) {
                    // The client has left.
                  }
                });
        Reaching reaching = new Reaching(trusting)) {
      for (OutboundCall call : start(reaching, peer, 40)) {
        assertThat(Taken.of(call).body()).isEqualTo("ok");
      }

      assertThat(most).hasValue(2);
      assertThat(peer.accepted()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void a_connection_that_nobody_uses_is_closed() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer =
            peer(
                100,
                frames -> {
                  frames.answer(frames.request(), "ok");
                  frames.awaitEnd();
                  left.countDown();
                });
        Reaching reaching = new Reaching(trusting)) {
      reaching.fetch(peer.secureUrl());
      reaching.putForward(Duration.ofSeconds(5));

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closing_the_client_ends_the_connection_and_its_calls() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer =
            peer(
                100,
                frames -> {
                  frames.begin(frames.request());
                  begun.countDown();
                  frames.awaitEnd();
                  left.countDown();
                });
        Reaching reaching = new Reaching(trusting)) {
      OutboundCall call = reaching.get(peer.secureUrl());
      begun.await();
      reaching.client().close();

      assertThat(Taken.of(call).failure().kind()).isEqualTo(OutboundFault.Kind.CLOSED);
      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_server_that_speaks_only_http_1_has_a_connection_for_each_call() throws Exception {
    int calls = 12;
    CountDownLatch all = new CountDownLatch(calls);
    try (Peer peer =
            Peer.secure(
                identity.serving(identity),
                socket -> {
                  SSLParameters parameters = socket.getSSLParameters();
                  parameters.setApplicationProtocols(new String[] {"http/1.1"});
                  socket.setSSLParameters(parameters);
                },
                line -> {
                  line.request();
                  all.countDown();
                  all.await();
                  line.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").awaitEnd();
                });
        Reaching reaching = new Reaching(trusting)) {
      for (OutboundCall call : start(reaching, peer, calls)) {
        assertThat(Taken.of(call).body()).isEqualTo("ok");
      }

      assertThat(peer.accepted()).isEqualTo(calls);
    }
  }
}
