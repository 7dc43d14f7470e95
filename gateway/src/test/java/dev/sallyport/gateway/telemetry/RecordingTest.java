package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Many threads count at once; {@code bench/run cost} says what it costs them. */
final class RecordingTest {
  private static final int CALLS = 20_000;
  private static final int THREADS = 4;

  @Test
  void none_of_many_threads_calls_is_lost() throws Exception {
    Outcome done = new Outcome.Complete(JsonObject.EMPTY);
    Metrics metrics = new Metrics("x", System::nanoTime);
    Handler measured = metrics.around((Handler) metrics.toward(Peer.here("notes"), _ -> done));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Exchange exchange = Told.call("tool" + i % 2);
      threads.add(Thread.ofVirtual().start(() -> calls(measured, exchange)));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    StrictPage page = StrictPage.of(metrics.page(List.of()));
    for (String side : List.of("server", "client")) {
      assertThat(page.sum("mcp_" + side + "_operation_duration_seconds_count", Map.of()))
          .isEqualTo((double) THREADS * CALLS);
    }
    assertThat(page.values("sallyport_requests_in_progress", Map.of())).containsExactly(0.0);
  }

  private static void calls(Handler flow, Exchange exchange) {
    for (int call = 0; call < CALLS; call++) {
      flow.handle(exchange);
    }
  }
}
