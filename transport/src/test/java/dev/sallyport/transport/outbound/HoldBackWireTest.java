package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body that nobody takes is not read: memory is bounded by a window, whatever the peer does. */
class HoldBackWireTest {
  /** What the kernel may hold: it gives a connection that began fast a large buffer. */
  private static final int SOCKET_BUFFERS = 12_000_000;

  private static final int ENOUGH = 100_000_000;

  /** Writes for as long as it is let, and counts. */
  private static final class Tap implements AutoCloseable {
    private final ServerSocketChannel listening;
    private final Selector selector;
    private Optional<SocketChannel> channel = Optional.empty();

    Tap() throws IOException {
      selector = Selector.open();
      listening = ServerSocketChannel.open();
      listening.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    HttpUrl url() throws IOException {
      int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
      return HttpUrl.of("http://127.0.0.1:" + port + "/").orElseThrow();
    }

    void open(String head) throws IOException {
      SocketChannel accepted = listening.accept();
      accepted.read(ByteBuffer.allocate(10_000));
      accepted.write(ByteBuffer.wrap(head.getBytes(ISO_8859_1)));
      accepted.configureBlocking(false);
      accepted.register(selector, SelectionKey.OP_WRITE);
      channel = Optional.of(accepted);
    }

    /** How much was taken before nothing was for half a second. */
    long pour(String piece, long most) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(piece.getBytes(ISO_8859_1));
      long poured = 0;
      while (poured < most && selector.select(500) > 0) {
        selector.selectedKeys().clear();
        poured += channel.orElseThrow().write(bytes);
        if (!bytes.hasRemaining()) {
          bytes.rewind();
        }
      }
      return poured;
    }

    void leave() throws IOException {
      if (channel.isPresent()) {
        channel.get().close();
      }
    }

    @Override
    public void close() throws IOException {
      selector.close();
      listening.close();
      leave();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000, 60_000})
  void a_peer_can_write_no_more_than_a_window_and_the_socket_buffers(int chunk) throws Exception {
    String piece = "%x\r\n%s\r\n".formatted(chunk, "x".repeat(chunk));
    try (Tap tap = new Tap();
        Reaching reaching = new Reaching();
        OutboundCall _ = reaching.get(tap.url())) {
      tap.open("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

      assertThat(tap.pour(piece, ENOUGH)).isLessThan(OutboundCall.WHOLE_WINDOW + SOCKET_BUFFERS);
    }
  }

  @Test
  void what_is_taken_lets_the_peer_go_on_and_nothing_is_lost() throws Exception {
    byte[] body = new byte[20_000_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) ('a' + i % 23);
    }
    CountDownLatch full = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send("HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n");
                  line.send(body).awaitEnd();
                });
        Reaching reaching = new Reaching();
        OutboundCall call =
            reaching
                .client()
                .start(OutboundRequest.get(peer.url(), HttpFields.empty()), full::countDown)) {
      assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();

      assertThat(Taken.of(call).body().getBytes(ISO_8859_1)).isEqualTo(body);
    }
  }

  @Test
  void a_stream_of_events_is_held_back_as_well() throws Exception {
    String event = "data: " + "x".repeat(94) + "\n\n";
    try (Tap tap = new Tap();
        Reaching reaching = new Reaching();
        OutboundCall _ = reaching.get(tap.url())) {
      tap.open("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");

      assertThat(tap.pour(event, ENOUGH)).isLessThan(OutboundCall.WINDOW + SOCKET_BUFFERS);
    }
  }

  @Test
  void a_call_that_takes_nothing_does_not_hold_others_back() throws Exception {
    try (Tap tap = new Tap();
        Peer peer = Peer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Reaching reaching = new Reaching();
        OutboundCall _ = reaching.get(tap.url())) {
      tap.open("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
      tap.pour("x".repeat(100_000), ENOUGH);

      for (int i = 0; i < 10; i++) {
        assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
      }
    }
  }

  @Test
  void a_body_that_waits_whole_does_not_keep_its_connection() throws Exception {
    String body = "x".repeat(100_000);
    try (Peer peer = Peer.answering("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body);
        Reaching reaching = new Reaching();
        OutboundCall idle = reaching.get(peer.url())) {
      idle.take(Peer.PATIENCE.toNanos());

      assertThat(reaching.fetch(peer.url()).body()).hasSize(100_000);
      assertThat(Taken.of(idle).body()).endsWith("x");
    }
  }

  @Test
  void a_peer_that_leaves_while_it_is_held_back_is_noticed_when_its_rest_was_taken()
      throws Exception {
    try (Tap tap = new Tap();
        Reaching reaching = new Reaching();
        OutboundCall call = reaching.get(tap.url())) {
      tap.open("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
      tap.pour("x".repeat(100_000), ENOUGH);
      tap.leave();

      assertThat(Taken.of(call).failure().kind()).isEqualTo(OutboundFault.Kind.BROKEN);
    }
  }

  @Test
  void a_call_that_is_finished_lets_no_endless_body_in() throws Exception {
    try (Tap tap = new Tap();
        Reaching reaching = new Reaching()) {
      OutboundCall call = reaching.start(OutboundRequest.get(tap.url(), HttpFields.empty()));
      tap.open("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
      call.take(Duration.ofMillis(100).toNanos());
      call.finish();
      boolean ended = false;
      long end = System.nanoTime() + Peer.PATIENCE.toNanos();
      while (!ended && System.nanoTime() - end < 0) {
        try {
          tap.pour("x".repeat(100_000), 1_000_000);
        } catch (IOException reset) {
          ended = true;
        }
      }

      assertThat(ended).isTrue();
    }
  }
}
