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

/**
 * Says what it costs to count, for docs/metrics.md, and makes sure that none is lost when many
 * threads do. How long it takes decides nothing: machines differ.
 */
final class RecordingCostTest {
  private static final int ROUNDS = 3;
  private static final int CALLS = 100_000;
  private static final int THREADS = 4;

  @Test
  void none_of_many_threads_calls_is_lost_and_what_each_costs_is_printed() throws Exception {
    Outcome done = new Outcome.Complete(JsonObject.EMPTY);
    Handler bare = _ -> done;
    Metrics metrics = new Metrics("x", System::nanoTime);
    Handler measured = metrics.around(bare);
    for (int round = 0; round < ROUNDS; round++) {
      long without = nanosOfACall(bare);
      long with = nanosOfACall(measured);
      System.out.println(
          "a call: " + with + " ns measured, " + without + " ns not, " + THREADS + " threads");
    }

    StrictPage page = StrictPage.of(metrics.page(List.of()));
    assertThat(page.sum("mcp_server_operation_duration_seconds_count", Map.of()))
        .isEqualTo((double) ROUNDS * THREADS * CALLS);
    assertThat(page.values("sallyport_requests_in_progress", Map.of())).containsExactly(0.0);
  }

  /** Of processor time about: the threads are more than the processors. */
  private static long nanosOfACall(Handler flow) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < THREADS; i++) {
      Exchange exchange = Told.call("tool" + i % 2);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int call = 0; call < CALLS; call++) {
                      flow.handle(exchange);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long processors = Math.min(THREADS, Runtime.getRuntime().availableProcessors());
    return (System.nanoTime() - begun) * processors / ((long) THREADS * CALLS);
  }
}
