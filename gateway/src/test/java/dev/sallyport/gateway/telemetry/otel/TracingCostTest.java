package dev.sallyport.gateway.telemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Says what it costs a call to be traced, for docs/traces.md. How long it takes decides nothing:
 * machines differ.
 */
final class TracingCostTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 1);
  private static final int CALLS = 20_000;
  private static final int THREADS = 2;

  @Test
  void what_a_traced_call_costs_is_printed_and_it_is_the_same_call() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      for (double ratio : new double[] {1, 0.01, 0}) {
        try (OtelExport export = OtelExport.open(Traced.some(receiver.url(), ratio, false), "x")) {
          measure("at " + ratio, new Metrics("x", System::nanoTime, export.spans()));
        }
      }
      measure("off", new Metrics("x", System::nanoTime));
    }
  }

  private static void measure(String what, Metrics metrics) throws InterruptedException {
    Outcome done = new Outcome.Complete(JsonObject.EMPTY);
    Handler flow = metrics.around(metrics.toward(Peer.here("notes"), _ -> done));
    Exchange exchange = Calls.call("search", JsonObject.EMPTY);
    assertThat(flow.handle(exchange)).isSameAs(done);
    for (int round = 0; round < ROUNDS; round++) {
      System.out.println("traced " + what + ": " + nanosOfACall(flow, exchange) + " ns a call");
    }
  }

  private static long nanosOfACall(Handler flow, Exchange exchange) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < THREADS; i++) {
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
