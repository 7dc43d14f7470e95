package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP+SSE over real sockets: how sessions end. */
@Timeout(60)
final class SseEndWireTest {
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";
  private static final String DONE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"done\":true}}";
  private static final String LISTED = "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[]}}";

  private final LegacyServer server;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch cancelled = new CountDownLatch(1);

  SseEndWireTest() throws Exception {
    server = new LegacyServer(SseWireTest.OPTIONS);
    server.handler.on(
        "tools/call", exchange -> SseWireTest.untilCancelled(exchange, running, cancelled));
  }

  @AfterEach
  void nothing_goes_on_afterwards() {
    server.close();
  }

  // ---- the client ends it

  @Test
  void a_client_that_leaves_ends_its_session_and_all_that_goes_on_in_it() throws Exception {
    SseClient client = SseClient.open(server, "2024-11-05", "{}");
    client.take(CALL);
    LegacySessionTest.await(running);
    CountDownLatch released = released(server.handler.only("tools/call"));
    try (SseClient other = SseClient.open(server, "2024-11-05", "{}")) {
      client.close();

      LegacySessionTest.await(cancelled);
      LegacySessionTest.await(released);
      assertThat(client.post(LIST).status()).as("nothing can be resumed").isEqualTo(404);
      other.take(LIST);
      assertThat(other.next()).isEqualTo(LISTED);
    }
  }

  @Test
  void a_handshake_waits_for_nobody_who_left() throws Exception {
    server.handler.on(
        "server/discover", exchange -> SseWireTest.untilCancelled(exchange, running, cancelled));
    try (SseClient client = SseClient.connect(server)) {
      client.take(LegacyServer.initialize("2024-11-05", "{}"));
      LegacySessionTest.await(running);
    }
    LegacySessionTest.await(cancelled);
  }

  // ---- somebody else does

  @Test
  void what_a_caller_left_open_ends_once_nobody_knows_them_any_more() throws Exception { // T11
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      client.take(CALL);
      LegacySessionTest.await(running);

      server.revoke("anna");

      assertThat(client.isEnded()).isTrue();
      LegacySessionTest.await(cancelled);
      assertThat(client.post(LIST).status()).isEqualTo(401);
    }
  }

  @Test
  void a_caller_who_is_not_known_any_more_is_told_nothing_more() throws Exception { // T12
    CountDownLatch go = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          LegacySessionTest.await(go);
          return done();
        });
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      client.take(CALL);
      LegacySessionTest.await(running);

      server.revoke("anna");
      go.countDown();

      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void a_session_whose_server_is_lost_is_over() throws Exception {
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.origin().session().orElseThrow().end();
          return done();
        });
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
      client.take(CALL);
      assertThat(client.next()).as("what was in progress is still answered").contains("\"id\":1");
      assertThat(client.isEnded()).isTrue();
      assertThat(client.post(LIST).status()).isEqualTo(404);
    }
  }

  @Test
  void an_endpoint_that_closes_cancels_calls_and_says_so() throws Exception {
    try (SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      client.take(CALL);
      LegacySessionTest.await(running);

      server.endpoint.close();

      assertThat(client.next()).contains("\"error\"", "\"id\":1");
      assertThat(client.isEnded()).isTrue();
      assertThat(server.exchange(SseClient.get()).status()).isEqualTo(503);
    }
  }

  @Test
  void an_endpoint_that_closes_during_a_handshake_says_so() throws Exception {
    server.handler.on(
        "server/discover", exchange -> SseWireTest.untilCancelled(exchange, running, cancelled));
    try (SseClient client = SseClient.connect(server)) {
      client.take(LegacyServer.initialize("2024-11-05", "{}"));
      LegacySessionTest.await(running);

      server.endpoint.close();

      assertThat(client.next()).contains("\"id\":0", "The server is stopping");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void a_listener_that_stops_ends_quiet_streams_and_lets_calls_be_answered() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        _ -> {
          running.countDown();
          LegacySessionTest.await(go);
          return done();
        });
    try (SseClient quiet = SseClient.open(server, "2024-11-05", "{}");
        SseClient busy = SseClient.open(server, "2024-11-05", "{}")) {
      busy.take(CALL);
      LegacySessionTest.await(running);
      Thread draining = Thread.ofVirtual().start(server::drain);

      assertThat(quiet.isEnded()).isTrue();
      go.countDown();
      assertThat(busy.next()).isEqualTo(DONE);
      assertThat(busy.isEnded()).isTrue();
      assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  // ---- hands

  /** Fires when what a session had upstream may go. */
  static CountDownLatch released(Exchange exchange) {
    CountDownLatch released = new CountDownLatch(1);
    exchange.origin().session().orElseThrow().onEnd(released::countDown);
    return released;
  }

  private static Outcome done() {
    return new Outcome.Complete(object("{\"done\":true}"));
  }
}
