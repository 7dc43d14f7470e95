package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 by hand: T74, and the rules of the other wire tests where they hold here too. */
class Http2WireTest {
  private static final int CANCEL = 8;
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final byte[] REASON_CANCEL = {0, 0, 0, CANCEL};

  @TempDir private static Path folder;
  private static Identity identity;

  @BeforeAll
  static void makeIdentity() throws Exception {
    identity = Identity.make(folder, "h2", "EC");
  }

  private static ListenOptions options() {
    return Listening.options().withTls(identity.files());
  }

  private static Http2Client client(Listening listening) throws IOException {
    return Http2Client.to(listening.address(), identity.trusting());
  }

  @Test
  void a_stream_that_is_reset_before_the_answer_is_a_disconnect() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Listening listening =
            Listening.with(
                options(),
                call -> {
                  CountDownLatch gone = new CountDownLatch(1);
                  call.disconnected().onCancel(gone::countDown);
                  seen.add("serving");
                  await(gone);
                  call.answer(HttpAnswer.empty(200));
                  seen.add("told");
                });
        Http2Client client = client(listening)) {
      post(client, 1, "/", "x");
      assertThat(next(seen)).isEqualTo("serving");
      client.send(Http2Client.RST_STREAM, 0, 1, REASON_CANCEL);
      assertThat(next(seen)).isEqualTo("told");
    }
  }

  @Test
  void a_stream_that_is_reset_in_mid_answer_is_a_disconnect_and_others_go_on() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Listening listening =
            Listening.with(
                options(),
                call -> {
                  if (call.head().path().equals("/echo")) {
                    Listening.echo(call);
                    return;
                  }
                  CountDownLatch gone = new CountDownLatch(1);
                  call.disconnected().onCancel(gone::countDown);
                  EventStream events = call.stream(HttpFields.empty());
                  seen.add("sent " + events.send(event("one")));
                  await(gone);
                  seen.add("sent " + events.send(event("two")));
                });
        Http2Client client = client(listening)) {
      post(client, 1, "/stream", "x");
      assertThat(next(seen)).isEqualTo("sent true");
      client.send(Http2Client.RST_STREAM, 0, 1, REASON_CANCEL);
      assertThat(next(seen)).isEqualTo("sent false");
      post(client, 3, "/echo", "still here");
      assertThat(body(client, 3)).isEqualTo("still here");
    }
  }

  @Test
  void a_connection_that_is_lost_disconnects_all_its_streams() throws Exception {
    Semaphore serving = new Semaphore(0);
    Semaphore told = new Semaphore(0);
    try (Listening listening =
        Listening.with(
            options(),
            call -> {
              CountDownLatch gone = new CountDownLatch(1);
              call.disconnected().onCancel(gone::countDown);
              serving.release();
              await(gone);
              told.release();
            })) {
      try (Http2Client client = client(listening)) {
        for (int stream = 1; stream <= 19; stream += 2) {
          post(client, stream, "/", "x");
        }
        assertThat(serving.tryAcquire(10, 10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(told.tryAcquire(10, 10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_finished_stream_is_no_disconnect() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Listening listening =
            Listening.with(
                options(),
                call -> {
                  call.disconnected().onCancel(() -> seen.add("disconnected"));
                  EventStream events = call.stream(HttpFields.empty());
                  events.send(event("one"));
                  events.end();
                  seen.add("done");
                });
        Http2Client client = client(listening)) {
      for (int stream = 1; stream < 100; stream += 2) {
        post(client, stream, "/", "x");
        assertThat(body(client, stream)).isEqualTo("data: one\n\n");
        assertThat(next(seen)).isEqualTo("done");
      }
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void a_flood_of_resets_ends_the_connection() throws Exception {
    Semaphore blocked = new Semaphore(0);
    try (Listening listening =
            Listening.with(
                options(),
                call -> {
                  CountDownLatch gone = new CountDownLatch(1);
                  call.disconnected().onCancel(gone::countDown);
                  await(gone);
                  blocked.release();
                });
        Http2Client client = client(listening)) {
      boolean refused = false;
      for (int stream = 1; stream < 20_001 && !refused; stream += 2) {
        try {
          client
              .send(
                  Http2Client.HEADERS,
                  Http2Client.END_HEADERS | Http2Client.END_STREAM,
                  stream,
                  Http2Client.post("/"))
              .send(Http2Client.RST_STREAM, 0, stream, REASON_CANCEL);
        } catch (IOException closed) {
          refused = true;
        }
      }
      Optional<Http2Client.Frame> goAway = client.next(Http2Client.GOAWAY);
      assertThat(refused || goAway.isPresent()).isTrue();
      assertThat(listening.served()).as("of 10,000").isLessThan(1000);
      try (Http2Client other = client(listening)) {
        post(other, 1, "/", "x");
        other.send(Http2Client.RST_STREAM, 0, 1, REASON_CANCEL);
      }
    }
  }

  @Test
  void a_flood_of_continuations_ends_the_connection() throws Exception {
    try (Listening listening = Listening.with(options(), Listening::echo);
        Http2Client client = client(listening)) {
      byte[] post = Http2Client.post("/");
      client.send(Http2Client.HEADERS, 0, 1, post);
      boolean refused = false;
      for (int i = 0; i < 10_000 && !refused; i++) {
        try {
          client.send(Http2Client.CONTINUATION, 0, 1, new byte[0]);
        } catch (IOException closed) {
          refused = true;
        }
      }
      assertThat(refused || client.next(Http2Client.GOAWAY).isPresent()).isTrue();
      assertThat(listening.served()).isZero();
    }
  }

  @Test
  void a_hundred_streams_at_once_are_served_and_one_more_is_refused() throws Exception {
    Semaphore serving = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    try (Listening listening =
            Listening.with(
                options(),
                call -> {
                  serving.release();
                  await(go);
                  Listening.echo(call);
                });
        Http2Client client = client(listening)) {
      for (int stream = 1; stream < 202; stream += 2) {
        post(client, stream, "/", "x");
      }
      Http2Client.Frame refused = client.next(Http2Client.RST_STREAM).orElseThrow();
      assertThat(refused.stream()).isEqualTo(201);
      assertThat(serving.tryAcquire(100, 10, TimeUnit.SECONDS)).isTrue();
      assertThat(listening.served()).isEqualTo(100);
      go.countDown();
    }
  }

  @Test
  void a_head_beyond_the_bound_is_refused() throws Exception {
    try (Listening listening = Listening.with(options(), Listening::echo);
        Http2Client client = client(listening)) {
      byte[] large =
          Http2Client.head(
              ":method",
              "POST",
              ":scheme",
              "https",
              ":authority",
              "localhost",
              ":path",
              "/",
              "x",
              "y".repeat(16_200));
      assertThat(large.length).isLessThan(16_384);
      client.send(
          Http2Client.HEADERS,
          Http2Client.END_HEADERS | Http2Client.END_STREAM,
          1,
          Http2Client.head(
              ":method",
              "POST",
              ":scheme",
              "https",
              ":authority",
              "localhost",
              ":path",
              "/",
              "x",
              "y".repeat(8_000),
              "z",
              "y".repeat(8_290)));
      Http2Client.Frame answer = client.next(Http2Client.HEADERS).orElseThrow();
      assertThat(Http2Client.status(answer)).isEqualTo("431");
      assertThat(listening.served()).isZero();
    }
  }

  @Test
  void a_body_beyond_the_bound_is_refused_and_the_connection_stays() throws Exception {
    ListenOptions options = options().withBounds(1000, 2000, 10, 10);
    try (Listening listening = Listening.with(options, Listening::echo);
        Http2Client client = client(listening)) {
      client.send(Http2Client.HEADERS, Http2Client.END_HEADERS, 1, Http2Client.post("/"));
      client.send(Http2Client.DATA, 0, 1, new byte[2000]);
      assertThat(status(client, 1)).isEqualTo("413");
      post(client, 3, "/", "fine");
      assertThat(body(client, 3)).isEqualTo("fine");
      assertThat(listening.served()).isEqualTo(1);
    }
  }

  @Test
  void half_a_body_is_refused_after_the_deadline_and_the_connection_stays() throws Exception {
    ListenOptions options = options().withDeadlines(LONG, SHORT, LONG, LONG);
    try (Listening listening = Listening.with(options, Listening::echo);
        Http2Client client = client(listening)) {
      client.send(Http2Client.HEADERS, Http2Client.END_HEADERS, 1, Http2Client.post("/"));
      client.send(Http2Client.DATA, 0, 1, new byte[1]);
      assertThat(status(client, 1)).isEqualTo("408");
      post(client, 3, "/", "fine");
      assertThat(body(client, 3)).isEqualTo("fine");
    }
  }

  @Test
  void no_authority_or_two_of_them_are_refused() throws Exception {
    try (Listening listening = Listening.with(options(), Listening::echo);
        Http2Client client = client(listening)) {
      String[][] heads = {
        {":method", "POST", ":scheme", "https", ":path", "/"},
        {":method", "POST", ":scheme", "https", ":path", "/", ":authority", "a", "host", "evil"},
        {":method", "POST", ":scheme", "https", ":path", "/", ":authority", "evil@a"},
        {":method", "POST", ":scheme", "https", ":path", "/", "host", "a", "host", "a"},
        {":method", "POST", ":scheme", "https", ":path", "nothing", ":authority", "a"},
      };
      int stream = 1;
      for (String[] head : heads) {
        client.send(
            Http2Client.HEADERS,
            Http2Client.END_HEADERS | Http2Client.END_STREAM,
            stream,
            Http2Client.head(head));
        Http2Client.Frame frame = client.next().orElseThrow();
        while (frame.stream() != stream) {
          frame = client.next().orElseThrow();
        }
        if (frame.type() == Http2Client.HEADERS) {
          assertThat(Http2Client.status(frame)).as("%s", List.of(head)).isEqualTo("400");
        } else {
          assertThat(frame.type()).isEqualTo(Http2Client.RST_STREAM);
        }
        stream += 2;
      }
      assertThat(listening.served()).isZero();
      post(client, stream, "/", "fine");
      assertThat(body(client, stream)).isEqualTo("fine");
    }
  }

  @Test
  void a_stream_whose_window_is_closed_is_given_up_and_the_others_go_on() throws Exception {
    ListenOptions options = options().withDeadlines(LONG, LONG, LONG, SHORT);
    CountDownLatch over = new CountDownLatch(1);
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  if (call.head().path().equals("/echo")) {
                    Listening.echo(call);
                    return;
                  }
                  EventStream events = call.stream(HttpFields.empty());
                  while (events.send(event("x".repeat(10_000)))) {
                    Thread.onSpinWait();
                  }
                  over.countDown();
                });
        Http2Client client = client(listening)) {
      // The connection's window is wide open, that of the stream stays as it is.
      client.send(Http2Client.WINDOW_UPDATE, 0, 0, new byte[] {0x10, 0, 0, 0});
      post(client, 1, "/stream", "x");
      await(over);
      assertThat(client.next(Http2Client.RST_STREAM).orElseThrow().stream()).isEqualTo(1);
      post(client, 3, "/echo", "fine");
      assertThat(body(client, 3)).isEqualTo("fine");
    }
  }

  @Test
  void an_idle_connection_is_closed_with_a_farewell() throws Exception {
    ListenOptions options = options().withDeadlines(LONG, LONG, SHORT, LONG);
    try (Listening listening = Listening.with(options, Listening::echo);
        Http2Client client = client(listening)) {
      post(client, 1, "/", "one");
      assertThat(body(client, 1)).isEqualTo("one");
      assertThat(client.next(Http2Client.GOAWAY)).isPresent();
      assertThat(client.next(Http2Client.DATA)).isEmpty();
    }
  }

  @Test
  void draining_says_so_and_lets_streams_finish() throws Exception {
    Semaphore serving = new Semaphore(0);
    try (Listening listening =
            Listening.with(
                options(),
                call -> {
                  CountDownLatch end = new CountDownLatch(1);
                  EventStream events = call.stream(HttpFields.empty());
                  call.draining().onCancel(end::countDown);
                  serving.release();
                  await(end);
                  events.send(event("bye"));
                  events.end();
                });
        Http2Client client = client(listening)) {
      post(client, 1, "/", "x");
      serving.acquire();
      Thread drain = Thread.startVirtualThread(() -> listening.listener().drain(LONG, () -> {}));
      assertThat(body(client, 1)).isEqualTo("data: bye\n\n");
      assertThat(drain.join(LONG)).isTrue();
    }
  }

  private static void post(Http2Client client, int stream, String path, String body)
      throws IOException {
    client.send(Http2Client.HEADERS, Http2Client.END_HEADERS, stream, Http2Client.post(path));
    client.send(Http2Client.DATA, Http2Client.END_STREAM, stream, body.getBytes(UTF_8));
  }

  private static String status(Http2Client client, int stream) throws IOException {
    Http2Client.Frame head = client.next(Http2Client.HEADERS).orElseThrow();
    assertThat(head.stream()).isEqualTo(stream);
    return Http2Client.status(head);
  }

  private static String body(Http2Client client, int stream) throws IOException {
    StringBuilder body = new StringBuilder();
    Http2Client.Frame frame = client.next(Http2Client.DATA).orElseThrow();
    while (true) {
      if (frame.stream() == stream) {
        body.append(new String(frame.payload(), UTF_8));
        if ((frame.flags() & Http2Client.END_STREAM) != 0) {
          return body.toString();
        }
      }
      frame = client.next(Http2Client.DATA).orElseThrow();
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
