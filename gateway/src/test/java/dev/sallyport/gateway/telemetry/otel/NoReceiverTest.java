package dev.sallyport.gateway.telemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody takes what is sent. */
final class NoReceiverTest {
  private static final int CALLS = 20_000;

  @Test
  void calls_go_on_and_the_end_comes_soon_when_the_receiver_never_answers() throws Exception {
    // Its queue takes a connection, and nobody ever reads from it.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      OtelExport export =
          OtelExport.open(
              Traced.some("http://127.0.0.1:" + silent.getLocalPort(), 1, false), "1.2.3");
      Metrics metrics = new Metrics("1.2.3", System::nanoTime, export.spans());
      Outcome done = new Outcome.Complete(JsonObject.EMPTY);
      Handler flow = metrics.around(metrics.toward(Peer.here("notes"), _ -> done));
      long begun = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        assertThat(flow.handle(Calls.call("search", JsonObject.EMPTY))).isSameAs(done);
      }
      // A single one that waited for the receiver would have taken ten seconds.
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));

      long closing = System.nanoTime();
      export.close();
      assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void it_is_told_once_that_nothing_is_taken_and_once_that_it_is_again() {
    List<String> told = new ArrayList<>();
    Reception reception = new Reception("http://127.0.0.1:4318", told::add);
    for (boolean taken : new boolean[] {true, false, false, false, true, true}) {
      reception.watch(
          taken ? CompletableResultCode.ofSuccess() : CompletableResultCode.ofFailure());
    }

    assertThat(told)
        .containsExactly(
            "telemetry is not taken by http://127.0.0.1:4318; it is left out until it is",
            "telemetry is taken again by http://127.0.0.1:4318");
  }
}
