package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.Credentials;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.LogConfig;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.ListenOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Serves what a file says, as {@code serve} does, and has it read again. */
record Running(
    ByteArrayOutputStream remarks,
    Fleet fleet,
    Doors doors,
    Gateway gateway,
    Reload reload,
    Cancellation stopping,
    HttpClient http)
    implements AutoCloseable {
  private static final Duration STAND_IN = Duration.ofMinutes(10);
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  static Running begin(ServeFolder serving, HttpEngine engine) throws Exception {
    return begin(serving, engine, STAND_IN, Map.of());
  }

  /**
   * @param standIn how long one that works goes on for one that does not
   * @param variables besides those that it needs
   */
  static Running begin(
      ServeFolder serving, HttpEngine engine, Duration standIn, Map<String, String> variables)
      throws Exception {
    ByteArrayOutputStream remarks = new ByteArrayOutputStream();
    Sallyport.Surroundings surroundings = surroundings(serving, remarks, variables);
    ConfigFile file = ConfigFile.named(serving.file().toString(), new ServeCommand(surroundings));
    Config config = file.read(surroundings).config();
    Doors doors = Doors.of(config.listening());
    Fleet fleet = new Fleet(surroundings, engine, Telemetry.NONE, false, standIn);
    fleet.become(config);
    Gateway gateway =
        Gateway.open(
            engine,
            new GatewayOptions(
                ListenOptions.at("127.0.0.1", 0),
                fleet.routes(config, doors.sites()),
                Credentials.NOT_ASKED_FOR,
                Optional.empty(),
                List.of(),
                config.limits().rate()),
            "me");
    assertThat(fleet.settled(new Cancellation())).isTrue();
    Cancellation stopping = new Cancellation();
    Reload reload =
        new Reload(
            surroundings,
            file,
            config,
            Optional.of(LogConfig.Format.TEXT),
            new Reload.Served(fleet, doors, gateway),
            stopping);
    Running running =
        new Running(remarks, fleet, doors, gateway, reload, stopping, HttpClient.newHttpClient());
    // A server is up, or failed, a moment before that is said.
    running.await(
        () ->
            running.said().lines().filter(line -> line.matches("[✓✗].*")).count()
                >= config.servers().size());
    return running;
  }

  private static Sallyport.Surroundings surroundings(
      ServeFolder serving, ByteArrayOutputStream remarks, Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("PATH", System.getenv("PATH"));
    environment.put("SALLYPORT_DATA_DIR", serving.folder().resolve("data").toString());
    return new Sallyport.Surroundings(
        environment,
        serving.folder().toString(),
        System.getProperty("user.name"),
        new Screen(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false));
  }

  String said() {
    return remarks.toString(StandardCharsets.UTF_8);
  }

  /** Reads the file again, and returns what was said. */
  String readAgain() {
    remarks.reset();
    reload.ofFile().again();
    return said();
  }

  /** The same for the files of servers. */
  String lookAtFiles() {
    remarks.reset();
    reload.ofServers().again();
    return said();
  }

  Place place(String name) {
    return fleet.places().stream()
        .filter(one -> one.serving().config().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  ConfiguredServer server(String name) {
    return place(name).serving();
  }

  List<String> names() {
    return fleet.servers().stream().map(one -> one.config().name()).toList();
  }

  /** What a tool of one of them answers. */
  String call(String tool) throws IOException, InterruptedException {
    String version = ProtocolVersion.LATEST_MODERN.text();
    String body =
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{},"_meta":{\
        "io.modelcontextprotocol/protocolVersion":"%s","io.modelcontextprotocol/clientCapabilities":{}}}}\
        """
            .formatted(tool, version);
    URI url = URI.create("http://127.0.0.1:" + gateway.address().getPort() + "/mcp");
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", version)
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", tool)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + PATIENCE;
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time; it said %s", said()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    stopping.cancel();
    reload.close();
    http.close();
    gateway.close();
    fleet.close();
  }
}
