package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.downstream.legacy.LegacyServer.Client;
import dev.sallyport.downstream.legacy.Wire.Event;
import dev.sallyport.protocol.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Connections that break at random, over real sockets (LH-16, LH-17). */
final class ReplayWireTest {
  private static final int SEEDS = 10;
  private static final int EVENTS = 60;
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{"
          + "\"_meta\":{\"progressToken\":1}}}";

  @Test
  void a_client_that_always_comes_back_misses_nothing_and_gets_nothing_twice() throws Exception {
    try (LegacyServer server = new LegacyServer()) {
      server.handler.on(
          "tools/call",
          exchange -> {
            for (int i = 0; i < EVENTS; i++) {
              exchange.notify(
                  notification(
                      "notifications/progress", "{\"progressToken\":1,\"progress\":" + i + "}"));
              if (i % 20 == 10) {
                exchange.closeStream();
              }
            }
            return new Outcome.Complete(object("{\"done\":true}"));
          });
      for (int seed = 1; seed <= SEEDS; seed++) {
        List<String> got = call(server.open("2025-11-25", "{}"), new Random(seed));

        assertThat(got).as("seed %d", seed).hasSize(EVENTS + 1);
        for (int i = 0; i < EVENTS; i++) {
          assertThat(
                  ScriptedHandler.object(got.get(i))
                      .object("params")
                      .orElseThrow()
                      .integer("progress"))
              .as("seed %d", seed)
              .hasValue(i);
        }
        assertThat(got.getLast()).contains("\"done\":true");
      }
    }
  }

  private static List<String> call(Client client, Random luck) throws IOException {
    List<String> got = new ArrayList<>();
    String last = "";
    for (boolean first = true; got.isEmpty() || !got.getLast().contains("done"); first = false) {
      try (Wire wire = first ? client.send(CALL) : client.resume(last)) {
        assertThat(wire.answer().status()).isEqualTo(200);
        int patience = luck.nextInt(12);
        for (Optional<Event> event = wire.event(); event.isPresent(); event = wire.event()) {
          last = event.get().id().orElse(last);
          if (!event.get().data().isEmpty()) {
            got.add(event.get().data());
          }
          if (patience-- == 0) {
            break;
          }
        }
        if (luck.nextBoolean()) {
          wire.reset();
        }
      }
    }
    return got;
  }
}
