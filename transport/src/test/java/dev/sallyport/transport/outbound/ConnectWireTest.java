package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The way to a connection: addresses, time, and whose turn it is. */
class ConnectWireTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final OutboundOptions HASTY =
      OutboundOptions.DEFAULT.withConnect(Duration.ofMillis(600));

  private static Resolver.Lookup always(String... addresses) {
    return host -> Arrays.stream(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
  }

  private static HttpUrl url(String host, int port) {
    return HttpUrl.of("http://" + host + ":" + port + "/").orElseThrow();
  }

  private static int unusedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** A port that takes no connection and refuses none: its queue is full. */
  private record Silent(ServerSocket socket, List<Socket> queued) implements AutoCloseable {
    static Silent at(String address, int port) throws Exception {
      InetAddress host = InetAddress.ofLiteral(address);
      ServerSocket socket = new ServerSocket(port, 1, host);
      List<Socket> queued = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        queued.add(new Socket(host, socket.getLocalPort()));
      }
      return new Silent(socket, queued);
    }

    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket each : queued) {
        each.close();
      }
      socket.close();
    }
  }

  @Test
  void where_nobody_listens_nothing_has_arrived() throws Exception {
    try (Reaching reaching = new Reaching()) {
      OutboundFault fault = reaching.fetch(url("127.0.0.1", unusedPort())).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.UNREACHABLE);
      assertThat(fault.mayHaveArrived()).isFalse();
    }
  }

  @Test
  void where_no_way_leads_nothing_has_arrived() throws Exception {
    try (Reaching reaching = new Reaching()) {
      // A broadcast address: the kernel itself says that it cannot be connected to.
      OutboundFault fault = reaching.fetch(url("127.255.255.255", 80)).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.UNREACHABLE);
      assertThat(fault.mayHaveArrived()).isFalse();
    }
  }

  @Test
  void a_name_that_nobody_knows_is_said_to_be_unknown() throws Exception {
    try (Reaching reaching =
        new Reaching(
            OutboundOptions.DEFAULT,
            host -> {
              throw new UnknownHostException(host);
            })) {
      OutboundFault fault = reaching.fetch(url("nowhere.invalid", 80)).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.UNRESOLVED);
      assertThat(fault.mayHaveArrived()).isFalse();
      assertThat(fault.detail()).contains("nowhere.invalid");
    }
  }

  @Test
  void the_address_that_was_looked_up_is_the_one_that_is_dialled() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Peer peer = Peer.answering(OK);
        Reaching reaching =
            new Reaching(
                OutboundOptions.DEFAULT,
                host -> {
                  asked.incrementAndGet();
                  return new InetAddress[] {
                    InetAddress.getByAddress("localhost.invalid", new byte[] {127, 0, 0, 1})
                  };
                })) {
      assertThat(reaching.fetch(url("nowhere.invalid", peer.port())).body()).isEqualTo("ok");
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void an_address_that_refuses_is_followed_by_the_next() throws Exception {
    try (Peer peer = Peer.answering(OK);
        Reaching reaching =
            new Reaching(
                OutboundOptions.DEFAULT, always("127.0.0.2", "::1", "127.0.0.3", "127.0.0.1"))) {
      assertThat(reaching.fetch(url("many.invalid", peer.port())).body()).isEqualTo("ok");
      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void when_all_addresses_refuse_that_is_what_is_said() throws Exception {
    try (Reaching reaching =
        new Reaching(OutboundOptions.DEFAULT, always("127.0.0.2", "127.0.0.3"))) {
      OutboundFault fault = reaching.fetch(url("many.invalid", unusedPort())).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.UNREACHABLE);
    }
  }

  @Test
  void an_address_that_is_silent_has_only_its_share_of_the_time() throws Exception {
    try (Silent silent = Silent.at("127.0.0.2", 0);
        Peer _ =
            Peer.at(
                InetAddress.ofLiteral("127.0.0.1"),
                silent.port(),
                line -> {
                  line.request();
                  line.send(OK).awaitEnd();
                });
        Reaching reaching = new Reaching(HASTY, always("127.0.0.2", "127.0.0.1"))) {
      assertThat(reaching.fetch(url("many.invalid", silent.port())).body()).isEqualTo("ok");
    }
  }

  @Test
  void a_connection_that_does_not_come_about_in_time_is_given_up() throws Exception {
    try (Silent silent = Silent.at("127.0.0.1", 0);
        Reaching reaching = new Reaching(HASTY)) {
      OutboundFault fault = reaching.fetch(url("127.0.0.1", silent.port())).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.TIMED_OUT);
      assertThat(fault.mayHaveArrived()).isFalse();
      reaching.awaitConnections(0);
    }
  }

  @Test
  void more_calls_than_connections_wait_in_line() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  while (!line.request().isEmpty()) {
                    waiting.await();
                    line.send(OK);
                  }
                });
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(2, 10))) {
      List<OutboundCall> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(reaching.get(peer.url()));
      }
      waiting.countDown();
      for (OutboundCall call : calls) {
        assertThat(Taken.of(call).body()).isEqualTo("ok");
      }

      assertThat(peer.accepted()).isEqualTo(2);
    }
  }

  @Test
  void the_line_has_an_end() throws Exception {
    try (Peer peer = Peer.of(line -> line.awaitEnd());
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(1, 1))) {
      try (OutboundCall served = reaching.get(peer.url());
          OutboundCall waits = reaching.get(peer.url())) {
        OutboundFault fault = reaching.fetch(peer.url()).failure();

        assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.BUSY);
        assertThat(fault.mayHaveArrived()).isFalse();
        assertThat(served.poll()).isEmpty();
        assertThat(waits.poll()).isEmpty();
      }
    }
  }

  @Test
  void nobody_stands_in_line_for_longer_than_a_connection_may_take() throws Exception {
    try (Peer peer = Peer.of(line -> line.awaitEnd());
        Reaching reaching = new Reaching(HASTY.withConnections(1, 1));
        OutboundCall _ = reaching.get(peer.url())) {
      OutboundFault fault = reaching.fetch(peer.url()).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.BUSY);
      assertThat(fault.mayHaveArrived()).isFalse();
    }
  }

  @Test
  void a_connection_that_ends_makes_room_for_another() throws Exception {
    try (Peer peer =
            Peer.of(
                line -> {
                  line.request();
                  line.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                });
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(1, 10))) {
      List<OutboundCall> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(reaching.get(peer.url()));
      }
      for (OutboundCall call : calls) {
        assertThat(Taken.of(call).body()).isEqualTo("ok");
      }

      assertThat(peer.accepted()).isEqualTo(5);
    }
  }

  @Test
  void a_call_that_leaves_the_line_makes_room_in_it() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Peer peer =
            Peer.of(
                line -> {
                  while (!line.request().isEmpty()) {
                    go.await();
                    line.send(OK);
                  }
                });
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(1, 1));
        OutboundCall served = reaching.get(peer.url())) {
      reaching.get(peer.url()).close();
      try (OutboundCall next = reaching.get(peer.url())) {
        go.countDown();
        assertThat(Taken.of(served).body()).isEqualTo("ok");
        assertThat(Taken.of(next).body()).isEqualTo("ok");
      }

      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void one_server_that_is_silent_does_not_keep_others_waiting() throws Exception {
    try (Silent silent = Silent.at("127.0.0.1", 0);
        Peer peer = Peer.answering(OK);
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(1, 1));
        OutboundCall hanging = reaching.get(url("127.0.0.1", silent.port()))) {
      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
      assertThat(hanging.poll()).isEmpty();
    }
  }
}
