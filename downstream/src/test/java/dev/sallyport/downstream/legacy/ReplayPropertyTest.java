package dev.sallyport.downstream.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.AdjustableClock;
import dev.sallyport.downstream.legacy.SessionStreams.Attached;
import dev.sallyport.downstream.legacy.SessionStreams.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Clients whose connections break all the time, in every way a connection can: the client has the
 * event and we do not know; we sent it and the client never got it; between two events. Whatever
 * the order of things, a client that resumes gets each event of its stream once and in order.
 */
final class ReplayPropertyTest {
  private static final int SEEDS = 60;
  private static final int STREAMS = 3;
  private static final int EVENTS = 120;

  @Test
  void no_event_is_lost_or_comes_twice_however_often_the_connection_breaks() throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      SessionStreams streams =
          new SessionStreams(
              SessionLimitsOf.streams(8, 256, 1 << 20),
              new ReplayBudget(1 << 20).of(TestSession.ANNA),
              new AdjustableClock());
      List<Client> clients = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        Client client = new Client(streams, i, new Random(seed * 31L + i));
        clients.add(client);
        threads.add(Thread.ofVirtual().start(client::writeAll));
        threads.add(Thread.ofVirtual().start(client::readAll));
      }
      for (Thread thread : threads) {
        assertThat(thread.join(java.time.Duration.ofSeconds(20))).as("seed %d ends", seed).isTrue();
      }
      for (Client client : clients) {
        assertThat(client.got).as("seed %d", seed).isEqualTo(client.expected());
      }
    }
  }

  /** One call of a client: who writes to its stream, and who reads it with bad luck. */
  private static final class Client {
    private final SessionStreams streams;
    private final int number;
    private final Random luck;
    private final Attached first;
    private final List<String> got = new ArrayList<>();
    private String lastEventId;

    Client(SessionStreams streams, int number, Random luck) {
      this.streams = streams;
      this.number = number;
      this.luck = luck;
      this.first = streams.openForCall();
      this.lastEventId = first.log().eventId(0); // the event that primes (LH-08)
    }

    List<String> expected() {
      return IntStream.range(0, EVENTS).mapToObj(this::event).toList();
    }

    private String event(int i) {
      return "stream " + number + " event " + i;
    }

    void writeAll() {
      for (int i = 0; i < EVENTS; i++) {
        streams.append(first.log(), event(i).getBytes(UTF_8), i == EVENTS - 1);
      }
    }

    void readAll() {
      Attached connection = first;
      while (!connected(connection)) {
        Optional<Attached> again = streams.resume(lastEventId);
        connection = again.orElseThrow(() -> new AssertionError("lost after " + lastEventId));
      }
    }

    /** Reads on one connection; whether the stream ended on it. */
    private boolean connected(Attached connection) {
      while (streams.next(connection) instanceof Step.Send(var event)) {
        int fate = luck.nextInt(12);
        boolean received = fate != 0;
        boolean known = fate != 1;
        if (received) {
          got.add(new String(event.data(), UTF_8));
          lastEventId = connection.log().eventId(event.sequence());
        }
        if (known) {
          streams.sent(connection, event);
        }
        if (fate <= 2) {
          if (luck.nextBoolean()) {
            streams.detach(connection);
          } // otherwise the broken connection is noticed only when the client is back
          return false;
        }
      }
      streams.detach(connection);
      return true;
    }
  }
}
