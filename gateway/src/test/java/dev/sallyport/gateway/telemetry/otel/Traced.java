package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.gateway.Credentials;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.Route;
import dev.sallyport.gateway.config.TelemetryConfig;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A gateway on a real socket that sends what it sees, and a client of it. */
final class Traced implements AutoCloseable {
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String SPAN = "00f067aa0ba902b7";
  static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
  static final String CALLER = "c4ll3r-n4me";

  final Metrics metrics;
  private final OtelExport export;
  private final HttpEngine engine;
  private final Gateway gateway;
  private final HttpClient http = HttpClient.newHttpClient();

  private Traced(OtelExport export, HttpEngine engine, Metrics metrics, Gateway gateway) {
    this.export = export;
    this.engine = engine;
    this.metrics = metrics;
    this.gateway = gateway;
  }

  /** All traces, and numbers at the end. */
  static TelemetryConfig.To all(String url) {
    return new TelemetryConfig.To(
        HttpUrl.of(url).orElseThrow(),
        HttpFields.empty().with("X-Secret", "s3cret-f0r-the-receiver"),
        OptionalDouble.of(1),
        false,
        Optional.of(Duration.ofHours(1)),
        "team-gateway",
        Map.of("deployment.environment.name", "test"));
  }

  static TelemetryConfig.To some(String url, double traces, boolean followCallers) {
    TelemetryConfig.To all = all(url);
    return new TelemetryConfig.To(
        all.endpoint(),
        all.headers(),
        OptionalDouble.of(traces),
        followCallers,
        Optional.empty(),
        all.serviceName(),
        all.resource());
  }

  /** No traces, and numbers at the end. */
  static TelemetryConfig.To numbers(String url) {
    return numbers(url, Duration.ofHours(1));
  }

  static TelemetryConfig.To numbers(String url, Duration every) {
    TelemetryConfig.To all = all(url);
    return new TelemetryConfig.To(
        all.endpoint(),
        all.headers(),
        OptionalDouble.empty(),
        false,
        Optional.of(every),
        all.serviceName(),
        all.resource());
  }

  /** One server, seen. */
  static Traced open(TelemetryConfig.To config, Peer peer, Handler server) throws ListenException {
    OtelExport export = OtelExport.open(config, "1.2.3");
    Metrics metrics = new Metrics("1.2.3", System::nanoTime, export.spans());
    export.begin(() -> metrics.read(List.of()));
    HttpEngine engine = HttpEngine.begin();
    GatewayOptions options =
        new GatewayOptions(
            ListenOptions.at("127.0.0.1", 0),
            List.of(Route.of(EndpointOptions.of("/mcp", "/mcp"), metrics.toward(peer, server))),
            Credentials.NOT_ASKED_FOR,
            Optional.empty(),
            List.of(),
            Limits.Bounds.DEFAULT);
    return new Traced(export, engine, metrics, Gateway.open(engine, options, metrics, CALLER));
  }

  /** A call with an argument that nobody else may see. */
  HttpResponse<String> call(String tool, String meta, Map<String, String> headers)
      throws IOException, InterruptedException {
    return ask(
        "tools/call",
        "\"name\":" + Json.of(tool).text() + ",\"arguments\":{\"q\":\"4rgument-0f-a-call\"}",
        tool,
        meta,
        headers);
  }

  HttpResponse<String> ask(
      String method, String params, String name, String meta, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.address().getPort() + "/mcp"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", method);
    if (!name.isEmpty()) {
      request.header("Mcp-Name", name);
    }
    headers.forEach(request::header);
    String all =
        "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}"
            + (meta.isEmpty() ? "" : "," + meta);
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":\"req-1\",\"method\":\""
            + method
            + "\",\"params\":{"
            + params
            + (params.isEmpty() ? "" : ",")
            + "\"_meta\":{"
            + all
            + "}}}";
    return http.send(
        request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A handshake, and the end of the session that it began. */
  void session() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.address().getPort() + "/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    HttpResponse<String> opened =
        http.send(
            request
                .copy()
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",
                         "capabilities":{},"clientInfo":{"name":"t","version":"1"}}}\
                        """))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String id = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();
    http.send(
        request.copy().DELETE().header("Mcp-Session-Id", id).build(),
        HttpResponse.BodyHandlers.discarding());
  }

  /** Ends it: then all that was seen has been sent. */
  @Override
  public void close() {
    http.close();
    gateway.close();
    engine.close();
    export.close();
  }
}
