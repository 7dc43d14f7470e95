package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.Standing;
import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.Sites;
import dev.sallyport.gateway.federation.Crew;
import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.Isolation;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gateway on a real socket that takes the tokens of two providers, in front of a server that says
 * who called it.
 */
final class TokenDoor implements AutoCloseable {
  static final TestKey EC = TestKey.ec("ec-1");
  static final TestKey RSA = TestKey.rsa("rsa-1");
  static final TestKey ELSEWHERE = TestKey.ec("ec-1");
  static final RouteScopes SCOPES =
      new RouteScopes(
          Set.of("mcp:read"),
          List.of(
              new RouteScopes.OfTools("delete_*", Set.of("mcp:write")),
              new RouteScopes.OfTools("*_all", Set.of("mcp:bulk"))));
  private static final String LIST =
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{}}";
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
        "clientInfo":{"name":"t","version":"1"}}}\
      """;

  final AuthorizationServer provider = AuthorizationServer.open(EC, RSA);
  final AuthorizationServer other = AuthorizationServer.open(ELSEWHERE);
  final AtomicInteger upstreamCalls = new AtomicInteger();
  final Semaphore begun = new Semaphore(0);
  final CountDownLatch mayEnd = new CountDownLatch(1);
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final Gateway gateway;
  private final HttpEngine engine = HttpEngine.begin();
  private final AccessTokens tokens;

  private TokenDoor(Optional<URI> publicUrl, List<Cidr> proxies, String... paths) throws Exception {
    tokens =
        AccessTokens.open(
            engine,
            List.of(issuer(provider), issuer(other)),
            person -> Standing.GOOD,
            Clock.systemUTC());
    Sites sites =
        publicUrl
            .map(url -> new Sites(true, Set.of(url.getHost()), Set.of()))
            .orElse(Sites.LOOPBACK);
    List<Route> routes =
        List.of(paths).stream()
            .map(
                path ->
                    new Route(
                        EndpointOptions.of(path, path).withSites(sites),
                        new Crew.One(this::answer, Isolation.CALLER, ToolRules.ALL),
                        path.equals("/mcp") ? SCOPES : RouteScopes.NONE))
            .toList();
    gateway =
        Gateway.open(
            engine,
            new GatewayOptions(
                ListenOptions.at("127.0.0.1", 0),
                routes,
                new Credentials(Optional.empty(), Optional.of(tokens)),
                publicUrl,
                proxies,
                new Limits.Bounds(10_000, 10_000, 10_000)),
            "somebody");
  }

  private static Issuer issuer(AuthorizationServer provider) {
    return Issuer.of(provider.url(), HttpUrl.of(provider.url()).orElseThrow())
        .withIncludes(Map.of("admin", Set.of("mcp:read", "mcp:write", "mcp:bulk")));
  }

  static TokenDoor open(String... paths) throws Exception {
    return new TokenDoor(Optional.empty(), List.of(), paths);
  }

  static TokenDoor openAs(String publicUrl, String... paths) throws Exception {
    return new TokenDoor(Optional.of(URI.create(publicUrl)), List.of(), paths);
  }

  private Outcome answer(Exchange exchange) {
    return switch (exchange.method()) {
      case "server/discover" ->
          new Outcome.Complete(
              JsonObject.of(
                  "capabilities",
                  JsonObject.EMPTY
                      .with("tools", JsonObject.EMPTY.with("listChanged", Json.TRUE))
                      .toJson()));
      case "tools/list" -> {
        upstreamCalls.incrementAndGet();
        yield new Outcome.Complete(JsonObject.of("tools", Json.arrayOf(List.of())));
      }
      case "tools/call" -> {
        upstreamCalls.incrementAndGet();
        if (exchange.params().string("name").equals(Optional.of("slow"))) {
          begun.release();
          yield awaited(exchange);
        }
        yield new Outcome.Complete(who(exchange.caller()));
      }
      case "subscriptions/listen" -> {
        exchange.notify(
            new Message.Notification(
                "notifications/subscriptions/acknowledged", exchange.params()));
        begun.release();
        yield awaited(exchange);
      }
      default -> new Outcome.Failed(RpcError.methodNotFound());
    };
  }

  private Outcome awaited(Exchange exchange) {
    CountDownLatch over = new CountDownLatch(1);
    try (var _ = exchange.cancellation().onCancel(over::countDown)) {
      boolean may = false;
      while (!may && over.getCount() > 0) {
        may = mayEnd.await(20, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return over.getCount() == 0
        ? new Outcome.Cancelled()
        : new Outcome.Complete(who(exchange.caller()));
  }

  private static JsonObject who(Caller caller) {
    return JsonObject.EMPTY
        .with("issuer", caller.issuer())
        .with("subject", caller.subject())
        .with("client", caller.clientId());
  }

  // ---- what is shown

  String url(String path) {
    return "http://127.0.0.1:" + gateway.address().getPort() + path;
  }

  /** For the first route, as it should be. */
  TokenText token() {
    return TokenText.of(provider.url(), url("/mcp"), Instant.now());
  }

  String good() {
    return token().signedBy(EC);
  }

  // ---- how it is shown

  HttpResponse<String> call(String token) throws IOException, InterruptedException {
    return call("/mcp", "who", "Bearer " + token, Map.of());
  }

  HttpResponse<String> call(
      String path, String tool, String authorization, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> fields = new HashMap<>(more);
    if (!authorization.isEmpty()) {
      fields.put("Authorization", authorization);
    }
    fields.put("MCP-Protocol-Version", "2026-07-28");
    fields.put("Mcp-Method", "tools/call");
    fields.put("Mcp-Name", tool);
    return http.send(post(path, calling(tool), fields), HttpResponse.BodyHandlers.ofString());
  }

  static String calling(String tool) {
    return message("tools/call", "\"name\":\"" + tool + "\",\"arguments\":{},");
  }

  static String message(String method, String params) {
    return """
    {"jsonrpc":"2.0","id":1,"method":"%s","params":{%s"_meta":{"user":"root","io.modelcontextprotocol/protocolVersion":"2026-07-28",\
    "io.modelcontextprotocol/clientCapabilities":{}}}}\
    """
        .formatted(method, params);
  }

  HttpRequest post(String path, String body, Map<String, String> fields) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    fields.forEach(request::header);
    return request.build();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(30)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The id of a new session. */
  String session(String token) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            post("/mcp", INITIALIZE, Map.of("Authorization", "Bearer " + token)),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.headers().firstValue("Mcp-Session-Id").orElseThrow();
  }

  HttpResponse<String> inSession(String session, Optional<String> token)
      throws IOException, InterruptedException {
    return inSession(session, token, LIST);
  }

  HttpResponse<String> inSession(String session, Optional<String> token, String message)
      throws IOException, InterruptedException {
    Map<String, String> fields = new HashMap<>();
    token.ifPresent(text -> fields.put("Authorization", "Bearer " + text));
    fields.put("Mcp-Session-Id", session);
    fields.put("MCP-Protocol-Version", "2025-11-25");
    return http.send(post("/mcp", message, fields), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest streamOf(String session, String token) {
    return HttpRequest.newBuilder(URI.create(url("/mcp")))
        .timeout(Duration.ofSeconds(30))
        .header("Accept", "text/event-stream")
        .header("Authorization", "Bearer " + token)
        .header("Mcp-Session-Id", session)
        .header("MCP-Protocol-Version", "2025-11-25")
        .build();
  }

  /** Head and body of what is answered to bytes as they are; the connection is closed after. */
  String raw(String head) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.ofLiteral("127.0.0.1"), gateway.address().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(read(socket.getInputStream()), StandardCharsets.ISO_8859_1);
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    try {
      return in.readAllBytes();
    } catch (SocketException reset) { // after a refusal that did not wait for all of it
      return new byte[0];
    }
  }

  /** A call whose head has these fields as they are. */
  String rawCall(String host, String... fields) throws IOException {
    String body = calling("who");
    return raw(
        "POST /mcp HTTP/1.1\r\nHost: "
            + host
            + "\r\n"
            + "Content-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\n"
            + "MCP-Protocol-Version: 2026-07-28\r\n"
            + "Mcp-Method: tools/call\r\n"
            + "Mcp-Name: who\r\n"
            + "Connection: close\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n"
            + String.join("\r\n", fields)
            + "\r\n\r\n"
            + body);
  }

  @Override
  public void close() {
    mayEnd.countDown();
    http.shutdownNow();
    gateway.close();
    tokens.close();
    provider.close();
    other.close();
    engine.close();
  }
}
