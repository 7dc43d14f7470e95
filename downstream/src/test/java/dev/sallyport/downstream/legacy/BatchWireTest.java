package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.legacy.LegacyServer.Client;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches over real sockets (LH-18). What is refused is in MalformedLegacyWireTest. */
final class BatchWireTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{"
          + "\"_meta\":{\"progressToken\":1}}}";

  private final LegacyServer server;
  private final Client client;

  BatchWireTest() throws Exception {
    server = new LegacyServer();
    client = server.open("2025-03-26", "{\"roots\":{}}");
  }

  @AfterEach
  void nothing_goes_on_afterwards() {
    server.close();
  }

  @Test
  void an_array_is_answered_with_an_array() throws IOException {
    Answer answer =
        client.exchange(
            "["
                + PING
                + ",{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},"
                + PING.replace("\"id\":1", "\"id\":\"1\"")
                + "]");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .isEqualTo(
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},"
                + "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}]");
  }

  @Test
  void with_something_to_say_before_the_answers_are_events() throws IOException {
    server.handler.on(
        "tools/call",
        exchange -> {
          exchange.notify(
              notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
          return new Outcome.Complete(JsonObject.EMPTY);
        });

    try (Wire wire = client.send("[" + PING + "," + CALL + "]")) {
      assertThat(wire.answer().isStream()).isTrue();
      assertThat(wire.message().data()).contains("notifications/progress");
      assertThat(wire.message().data()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
      assertThat(wire.message().data()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
      assertThat(wire.event()).isEmpty();
    }
  }

  @Test
  void a_question_can_be_asked_out_of_a_batch() throws IOException {
    server.handler.on(
        "tools/call",
        exchange ->
            exchange.continuation().isEmpty()
                ? new Outcome.InputRequired(
                    List.of(new Question("r", "roots/list", JsonObject.EMPTY)), "h")
                : new Outcome.Complete(JsonObject.EMPTY));

    try (Wire wire = client.send("[" + CALL + "]")) {
      wire.answer();
      String id = object(wire.message().data()).string("id").orElseThrow();
      assertThat(
              client
                  .exchange(
                      "[{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":{\"roots\":[]}}]")
                  .status())
          .isEqualTo(202);
      assertThat(wire.message().data()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
    }
  }

  @Test
  void a_batch_whose_requests_were_all_cancelled_has_no_answer() throws IOException { // CN-02
    CountDownLatch running = new CountDownLatch(1);
    server.handler.on(
        "tools/call",
        exchange -> {
          running.countDown();
          LegacySessionTest.awaitCancelled(exchange, Duration.ofSeconds(10));
          return new Outcome.Cancelled();
        });

    try (Wire wire = client.send("[" + CALL + "]")) {
      LegacySessionTest.await(running);
      client.exchange(
          "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":2}}]");
      assertThat(wire.answer().status()).isEqualTo(200);
      assertThat(wire.event()).isEmpty();
    }
  }
}
