package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How HTTP/2 peers are led away before a listener ends: RFC 9113, 6.8. */
class FarewellWireTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int ANY_STREAM = Integer.MAX_VALUE;

  @TempDir private static Path folder;
  private static Identity identity;

  /** What streams are to say next; the last of it is "end". */
  private final BlockingQueue<String> say = new LinkedBlockingQueue<>(10);

  @BeforeAll
  static void makeIdentity() throws Exception {
    identity = Identity.make(folder, "farewell", "EC");
  }

  private Listening listening() throws ListenException {
    return Listening.with(Listening.options().withTls(identity.files()), this::serve);
  }

  /** Echoes, or streams what is to be said. */
  private void serve(HttpCall call) {
    if (call.head().path().equals("/echo")) {
      Listening.echo(call);
      return;
    }
    EventStream events = call.stream(HttpFields.empty());
    call.draining().onCancel(() -> say.add("end"));
    for (String next = next(); !next.equals("end"); next = next()) {
      events.send(EventStream.Event.of(next.getBytes(UTF_8)));
    }
    events.end();
  }

  private String next() {
    try {
      return Optional.ofNullable(say.poll(LONG.toSeconds(), TimeUnit.SECONDS)).orElse("end");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "end";
    }
  }

  private static Http2Client client(Listening listening) throws IOException {
    return Http2Client.to(listening.address(), identity.trusting());
  }

  private static Thread leave(Listening listening) {
    return Thread.startVirtualThread(() -> listening.listener().drain(LONG, LONG, () -> {}));
  }

  @Test
  void before_it_leaves_nothing_is_said() throws Exception {
    try (Listening listening = listening();
        Http2Client client = client(listening)) {
      post(client, 1, "/echo", "one");
      List<Http2Client.Frame> frames = new ArrayList<>(until(client, Http2Client.DATA));
      // The answer to a ping comes after all that the listener had to say.
      client.send(Http2Client.PING, 0, 0, new byte[8]);
      frames.addAll(until(client, Http2Client.PING));
      assertThat(body(frames, 1)).isEqualTo("one");
      assertThat(types(frames)).doesNotContain(Http2Client.GOAWAY);
      post(client, 3, "/echo", "two");
      assertThat(body(client, 3)).isEqualTo("two");
    }
  }

  @Test
  void who_is_connected_is_told_at_once_and_a_request_that_crosses_it_is_served() throws Exception {
    try (Listening listening = listening();
        Http2Client client = client(listening)) {
      post(client, 1, "/echo", "before");
      assertThat(body(client, 1)).isEqualTo("before");
      leave(listening);
      Http2Client.Frame farewell = client.next(Http2Client.GOAWAY).orElseThrow();
      assertThat(farewell.errorCode()).isZero();
      assertThat(farewell.lastStream()).isEqualTo(ANY_STREAM);
      post(client, 3, "/echo", "crossing");
      assertThat(body(client, 3)).isEqualTo("crossing");
      Http2Client.Frame last = client.next(Http2Client.GOAWAY).orElseThrow();
      assertThat(last.lastStream()).as("once nothing more came").isEqualTo(3);
      assertThat(last.errorCode()).isZero();
      assertThat(client.next()).as("closed, although the delay has not passed").isEmpty();
    }
  }

  @Test
  void a_stream_goes_on_until_it_ends_by_itself_and_only_then_it_is_closed() throws Exception {
    try (Listening listening = listening();
        Http2Client client = client(listening)) {
      post(client, 1, "/stream", "x");
      say.add("one");
      assertThat(data(client)).isEqualTo("data: one\n\n");
      leave(listening);
      assertThat(client.next(Http2Client.GOAWAY).orElseThrow().lastStream()).isEqualTo(ANY_STREAM);
      assertThat(client.isQuietFor(Duration.ofMillis(1500))).as("longer than it may idle").isTrue();
      say.add("more");
      assertThat(data(client)).isEqualTo("data: more\n\n");
      say.add("end");
      List<Http2Client.Frame> frames = until(client, Http2Client.GOAWAY);
      assertThat(types(frames)).doesNotContain(Http2Client.RST_STREAM);
      assertThat(body(frames, 1)).isEmpty();
      assertThat(frames.getLast().lastStream()).isEqualTo(1);
      assertThat(client.next()).isEmpty();
    }
  }

  @Test
  void who_comes_later_is_served_and_told_with_the_first_request_and_only_once() throws Exception {
    try (Listening listening = listening();
        Http2Client before = client(listening)) {
      post(before, 1, "/echo", "before");
      assertThat(body(before, 1)).isEqualTo("before");
      leave(listening);
      assertThat(before.next(Http2Client.GOAWAY)).isPresent();
      try (Http2Client late = client(listening)) {
        late.send(Http2Client.PING, 0, 0, new byte[8]);
        assertThat(types(until(late, Http2Client.PING)))
            .as("not before it has said what it came for")
            .doesNotContain(Http2Client.GOAWAY);
        post(late, 1, "/echo", "one");
        post(late, 3, "/echo", "two");
        List<Http2Client.Frame> frames = new ArrayList<>(until(late, Http2Client.DATA));
        while (body(frames, 1).isEmpty() || body(frames, 3).isEmpty()) {
          frames.addAll(until(late, Http2Client.DATA));
        }
        assertThat(body(frames, 1)).isEqualTo("one");
        assertThat(body(frames, 3)).isEqualTo("two");
        assertThat(frames)
            .filteredOn(frame -> frame.type() == Http2Client.GOAWAY)
            .singleElement()
            .returns(ANY_STREAM, Http2Client.Frame::lastStream);
      }
    }
  }

  @Test
  void who_has_not_left_when_the_delay_is_over_hears_what_is_the_last_to_be_served()
      throws Exception {
    try (Listening listening = listening();
        Http2Client client = client(listening)) {
      post(client, 1, "/stream", "x");
      say.add("one");
      assertThat(data(client)).isEqualTo("data: one\n\n");
      Thread drain =
          Thread.startVirtualThread(
              () -> listening.listener().drain(Duration.ofMillis(300), LONG, () -> {}));
      assertThat(client.next(Http2Client.GOAWAY).orElseThrow().lastStream()).isEqualTo(ANY_STREAM);
      List<Http2Client.Frame> frames = all(client);
      assertThat(frames)
          .filteredOn(frame -> frame.type() == Http2Client.GOAWAY)
          .singleElement()
          .returns(1, Http2Client.Frame::lastStream);
      assertThat(frames)
          .filteredOn(frame -> frame.type() == Http2Client.DATA)
          .singleElement()
          .as("its end, in peace")
          .returns(Http2Client.END_STREAM, Http2Client.Frame::flags);
      assertThat(types(frames)).doesNotContain(Http2Client.RST_STREAM);
      assertThat(drain.join(LONG)).isTrue();
    }
  }

  @Test
  void without_a_delay_it_is_said_once() throws Exception {
    try (Listening listening = listening();
        Http2Client client = client(listening)) {
      post(client, 1, "/stream", "x");
      say.add("one");
      assertThat(data(client)).isEqualTo("data: one\n\n");
      listening.listener().drain(LONG, () -> {});
      List<Http2Client.Frame> frames = all(client);
      assertThat(frames)
          .filteredOn(frame -> frame.type() == Http2Client.GOAWAY)
          .singleElement()
          .returns(1, Http2Client.Frame::lastStream);
    }
  }

  @Test
  void the_client_of_the_jdk_loses_no_request_and_takes_other_connections() throws Exception {
    try (Listening listening = listening();
        HttpClient client = HttpClient.newBuilder().sslContext(identity.trusting()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("https://localhost:" + listening.address().getPort() + "/echo"))
              .timeout(LONG)
              .POST(HttpRequest.BodyPublishers.ofString("x"))
              .build();
      String first = answered(client, request);
      assertThat(answered(client, request)).as("before, by the same").isEqualTo(first);
      leave(listening);
      String other = answered(client, request);
      for (int i = 0; i < 100 && other.equals(first); i++) {
        other = answered(client, request);
      }
      assertThat(other).isNotEqualTo(first);
      for (int i = 0; i < 20; i++) {
        answered(client, request);
      }
    }
  }

  /** By which connection. */
  private static String answered(HttpClient client, HttpRequest request) throws Exception {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    return response.connectionLabel().orElseThrow();
  }

  private static void post(Http2Client client, int stream, String path, String body)
      throws IOException {
    client.send(Http2Client.HEADERS, Http2Client.END_HEADERS, stream, Http2Client.post(path));
    client.send(Http2Client.DATA, Http2Client.END_STREAM, stream, body.getBytes(UTF_8));
  }

  /** Up to the next one of that type. */
  private static List<Http2Client.Frame> until(Http2Client client, int type) throws IOException {
    List<Http2Client.Frame> frames = new ArrayList<>();
    do {
      frames.add(client.next().orElseThrow());
    } while (frames.getLast().type() != type);
    return frames;
  }

  private static List<Http2Client.Frame> all(Http2Client client) throws IOException {
    List<Http2Client.Frame> frames = new ArrayList<>();
    for (Optional<Http2Client.Frame> frame = client.next();
        frame.isPresent();
        frame = client.next()) {
      frames.add(frame.get());
    }
    return frames;
  }

  private static List<Integer> types(List<Http2Client.Frame> frames) {
    return frames.stream().map(Http2Client.Frame::type).toList();
  }

  private static String data(Http2Client client) throws IOException {
    return new String(client.next(Http2Client.DATA).orElseThrow().payload(), UTF_8);
  }

  private static String body(Http2Client client, int stream) throws IOException {
    Http2Client.Frame frame = client.next(Http2Client.DATA).orElseThrow();
    assertThat(frame.stream()).isEqualTo(stream);
    String body = new String(frame.payload(), UTF_8);
    return (frame.flags() & Http2Client.END_STREAM) != 0 ? body : body + body(client, stream);
  }

  private static String body(List<Http2Client.Frame> frames, int stream) {
    StringBuilder body = new StringBuilder();
    frames.stream()
        .filter(frame -> frame.type() == Http2Client.DATA && frame.stream() == stream)
        .forEach(frame -> body.append(new String(frame.payload(), UTF_8)));
    return body.toString();
  }
}
