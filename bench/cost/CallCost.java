import com.sun.net.httpserver.HttpServer;
import dev.sallyport.gateway.config.TelemetryConfig;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.gateway.telemetry.otel.OtelExport;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a call costs the processor when it is counted, and when it is traced: on the way in and on
 * the way to a server that answers at once. A program of one file, run by {@code bench/run cost} on
 * the class path of the command.
 */
final class CallCost {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static final Outcome DONE = new Outcome.Complete(JsonObject.EMPTY);

  private record Settings(int rounds, int calls, int threads) {}

  private CallCost() {}

  public static void main(String[] arguments) throws Exception {
    Settings settings = settings(arguments);
    System.out.printf(
        "%d rounds of %,d calls on each of %d threads, %d processors; median, and the spread%n%n",
        settings.rounds(),
        settings.calls(),
        settings.threads(),
        Runtime.getRuntime().availableProcessors());
    System.out.println("| | ns a call |");
    System.out.println("|---|---|");
    Exchange silent = call(JsonObject.EMPTY);
    Exchange parented = call(JsonObject.of("traceparent", Json.of(PARENT)));
    tell(settings, "neither counted nor traced", _ -> DONE, silent);
    Metrics counting = new Metrics("bench", System::nanoTime);
    tell(settings, "counted on the way in", counting.around((Handler) _ -> DONE), silent);
    tell(settings, "counted on both ways", both(counting), silent);
    HttpServer receiver = receiver();
    try {
      for (double part : new double[] {1, 0.01, 0}) {
        try (OtelExport export = OtelExport.open(to(receiver, part), "bench")) {
          Metrics metrics = new Metrics("bench", System::nanoTime, export.spans());
          tell(settings, "traces: " + part, both(metrics), silent);
          tell(
              settings,
              "traces: " + part + ", the client names its parent",
              both(metrics),
              parented);
        }
      }
    } finally {
      receiver.stop(0);
    }
  }

  private static Settings settings(String[] arguments) {
    Settings settings = new Settings(7, 200_000, 2);
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a number");
      }
      int number = Integer.parseInt(arguments[i + 1]);
      settings =
          switch (arguments[i]) {
            case "--rounds" -> new Settings(number, settings.calls(), settings.threads());
            case "--calls" -> new Settings(settings.rounds(), number, settings.threads());
            case "--threads" -> new Settings(settings.rounds(), settings.calls(), number);
            default -> throw new IllegalArgumentException("there is no " + arguments[i]);
          };
    }
    return settings;
  }

  private static Handler both(Metrics metrics) {
    return metrics.around((Handler) metrics.toward(Peer.here("notes"), _ -> DONE));
  }

  private static HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    return server;
  }

  private static TelemetryConfig.To to(HttpServer receiver, double part) {
    return new TelemetryConfig.To(
        HttpUrl.of("http://127.0.0.1:" + receiver.getAddress().getPort()).orElseThrow(),
        HttpFields.empty(),
        OptionalDouble.of(part),
        false,
        Optional.empty(),
        "bench",
        Map.of());
  }

  private static Exchange call(JsonObject meta) {
    JsonObject params = JsonObject.of("name", Json.of("search"));
    return new Exchange(
        "tools/call",
        meta.isEmpty() ? params : params.with("_meta", meta),
        Optional.empty(),
        Origin.of(new Caller("key", "ann", ""), "/mcp").requested(RpcId.of(1)),
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, JsonObject.EMPTY, Optional.empty(), Optional.empty()),
        Optional.empty(),
        ClientChannel.NONE,
        new Cancellation());
  }

  /** The first round is a warm-up. A call that is not answered right fails the run. */
  private static void tell(Settings settings, String what, Handler flow, Exchange exchange)
      throws InterruptedException {
    if (flow.handle(exchange) != DONE) {
      throw new IllegalStateException(what + ": a call came to something else");
    }
    nanos(settings, flow, exchange);
    long[] rounds = new long[settings.rounds()];
    for (int i = 0; i < rounds.length; i++) {
      rounds[i] = nanos(settings, flow, exchange);
    }
    Arrays.sort(rounds);
    System.out.printf(
        "| %s | %d [%d … %d] |%n",
        what, rounds[rounds.length / 2], rounds[0], rounds[rounds.length - 1]);
  }

  /** Of processor time about: there may be more threads than processors. */
  private static long nanos(Settings settings, Handler flow, Exchange exchange)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < settings.threads(); i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int call = 0; call < settings.calls(); call++) {
                      flow.handle(exchange);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long processors = Math.min(settings.threads(), Runtime.getRuntime().availableProcessors());
    return (System.nanoTime() - begun)
        * processors
        / ((long) settings.threads() * settings.calls());
  }
}
