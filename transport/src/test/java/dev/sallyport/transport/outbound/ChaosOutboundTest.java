package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that do one of many things, and callers that do one of many things with them, all at
 * once: every call comes to its end, no answer reaches another call, and nothing is left.
 */
class ChaosOutboundTest {
  private static final int CALLERS = 24;
  private static final int CALLS = 40;

  private static void serve(Peer.Line line, long seed) throws Exception {
    Random random = new Random(seed + line.index());
    for (String next = line.request(); !next.isEmpty(); next = line.request()) {
      String name = next.substring(next.indexOf('/') + 1, next.indexOf(" HTTP"));
      String length = "Content-Length: " + name.length();
      switch (random.nextInt(10)) {
        case 0 -> line.send("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n" + name.charAt(0)).reset();
        case 1 -> line.send("garbage\r\n\r\n");
        case 2 -> line.reset();
        case 3 -> {
          line.send("HTTP/1.1 200 OK\r\nConnection: close\r\n" + length + "\r\n\r\n" + name);
          return;
        }
        case 4 -> {
          line.send("HTTP/1.1 200 OK\r\n\r\n" + name);
          return;
        }
        case 5 ->
            line.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                    .formatted(name.length(), name));
        case 6 ->
            line.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"
                    + name
                    + "x".repeat(200_000 - name.length()));
        default -> line.send("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n" + name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void every_call_comes_to_its_end(long seed) throws Exception {
    AtomicInteger answered = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Peer peer = Peer.of(line -> serve(line, seed));
        Reaching reaching = new Reaching(OutboundOptions.DEFAULT.withConnections(8, 100))) {
      List<Future<?>> callers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        int number = caller;
        callers.add(
            threads.submit(
                () -> {
                  call(reaching, peer, number, new Random(seed * 1000 + number), answered);
                  return number;
                }));
      }
      for (Future<?> caller : callers) {
        caller.get(60, TimeUnit.SECONDS);
      }

      assertThat(answered.get()).isGreaterThan(CALLERS * CALLS / 8);
      assertThat(reaching.client().connections()).isBetween(0, 8);
    }
  }

  private static void call(
      Reaching reaching, Peer peer, int caller, Random random, AtomicInteger answered)
      throws InterruptedException {
    for (int i = 0; i < CALLS; i++) {
      String name = "call-" + caller + "-" + i;
      OutboundRequest request = OutboundRequest.get(peer.url("/" + name), HttpFields.empty());
      OutboundCall call = reaching.start(request);
      switch (random.nextInt(6)) {
        case 0 -> call.close();
        case 1 -> call.finish();
        case 2 -> {
          call.take(1_000_000);
          call.close();
        }
        case 3 -> {
          call.take(1_000_000);
          call.finish();
        }
        default -> {
          Taken taken = Taken.of(call);
          if (taken.complete()) {
            assertThat(taken.body()).startsWith(name);
            answered.incrementAndGet();
          }
          call.close();
        }
      }
    }
  }
}
