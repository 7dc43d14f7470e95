package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.access.KeyRing;
import dev.sallyport.access.KeyStore;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway on a real socket, in front of a handler that says who called it. */
final class GatewayFlowTest {
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who","arguments":{},"_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}\
      """;
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
        "clientInfo":{"name":"t","version":"1"}}}\
      """;
  private static final String LIST =
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{}}";

  @TempDir Path folder;
  private final AtomicInteger upstreamCalls = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Handler whoAmI = this::answer;

  @BeforeEach
  void nothingCalledYet() {
    assertThat(upstreamCalls).hasValue(0);
  }

  @AfterEach
  void closeClient() {
    http.close();
  }

  private Outcome answer(Exchange exchange) {
    return switch (exchange.method()) {
      case "server/discover" ->
          new Outcome.Complete(
              JsonObject.of(
                  "capabilities", JsonObject.EMPTY.with("tools", JsonObject.EMPTY).toJson()));
      case "tools/list" -> new Outcome.Complete(JsonObject.of("tools", Json.arrayOf(List.of())));
      case "tools/call" -> {
        upstreamCalls.incrementAndGet();
        yield new Outcome.Complete(JsonObject.of("caller", Json.of(exchange.caller().subject())));
      }
      default -> new Outcome.Failed(RpcError.methodNotFound());
    };
  }

  @Test
  void each_key_is_a_caller_and_whoever_has_none_stays_outside() throws Exception {
    String alice = key("alice");
    String bob = key("bob");
    try (KeyRing ring = ring();
        Gateway gateway = gateway(Optional.of(ring), List.of(), Limits.Bounds.DEFAULT)) {
      assertThat(call(gateway, Map.of("Authorization", "Bearer " + alice)).body())
          .contains("\"caller\":\"alice\"");
      assertThat(call(gateway, Map.of("Authorization", "Bearer " + bob)).body())
          .contains("\"caller\":\"bob\"");
      int before = upstreamCalls.get();
      for (Map<String, String> fields :
          List.of(
              Map.<String, String>of(),
              Map.of("Authorization", "Bearer sp_guess"),
              Map.of("Authorization", "Basic " + alice),
              Map.of("X-Api-Key", alice))) {
        HttpResponse<String> refused = call(gateway, fields);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
            .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer "));
        assertThat(refused.body()).doesNotContain(alice, "Exception");
      }
      assertThat(upstreamCalls).hasValue(before);
    }
  }

  @Test
  void without_keys_the_local_user_calls_and_nothing_that_a_proxy_brought() throws Exception {
    try (Gateway gateway = gateway(Optional.empty(), List.of(), Limits.Bounds.DEFAULT)) {
      assertThat(call(gateway, Map.of()).statusCode()).isEqualTo(200);
      int before = upstreamCalls.get();
      for (String field :
          List.of(
              "Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-Real-IP", "Via", "CF-Ray")) {
        HttpResponse<String> refused = call(gateway, Map.of(field, "for=192.0.2.1"));
        assertThat(refused.statusCode()).as(field).isEqualTo(403);
        assertThat(refused.body()).contains("--no-auth").doesNotContain("192.0.2.1");
      }
      assertThat(upstreamCalls).hasValue(before);
    }
  }

  @Test
  void a_key_in_the_query_opens_nothing() throws Exception {
    String alice = key("alice");
    try (KeyRing ring = ring();
        Gateway gateway = gateway(Optional.of(ring), List.of(), Limits.Bounds.DEFAULT)) {
      HttpResponse<String> response =
          post(gateway, "?access_token=" + alice, CALL, modern(Map.of()));
      assertThat(response.statusCode()).isIn(401, 404);
      assertThat(upstreamCalls).hasValue(0);
    }
  }

  @Test
  void a_revoked_key_is_outside_within_two_seconds_also_within_its_session() throws Exception {
    String alice = key("alice");
    try (KeyRing ring = ring();
        Gateway gateway = gateway(Optional.of(ring), List.of(), Limits.Bounds.DEFAULT)) {
      String session = initialize(gateway, alice);
      assertThat(inSession(gateway, alice, session).statusCode()).isEqualTo(200);
      try (KeyStore store = store()) {
        assertThat(store.revoke("alice")).isTrue();
      }
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
      int status = 200;
      while (status == 200 && System.nanoTime() < end) {
        status = inSession(gateway, alice, session).statusCode();
      }
      assertThat(status).isEqualTo(401);
    }
  }

  @Test
  void a_session_does_not_exist_for_anybody_but_its_caller() throws Exception {
    String alice = key("alice");
    String bob = key("bob");
    try (KeyRing ring = ring();
        Gateway gateway = gateway(Optional.of(ring), List.of(), Limits.Bounds.DEFAULT)) {
      String session = initialize(gateway, alice);
      assertThat(inSession(gateway, alice, session).statusCode()).isEqualTo(200);
      HttpResponse<String> stolen = inSession(gateway, bob, session);
      HttpResponse<String> invented = inSession(gateway, bob, "no-such-session");
      assertThat(stolen.statusCode()).isEqualTo(404);
      assertThat(stolen.body()).isEqualTo(invented.body());
      assertThat(inSession(gateway, alice, session).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void without_keys_everybody_on_this_machine_is_the_local_user() throws Exception {
    try (Gateway gateway = gateway(Optional.empty(), List.of(), Limits.Bounds.DEFAULT)) {
      assertThat(call(gateway, Map.of()).body()).contains("\"caller\":\"somebody\"");
    }
  }

  @Test
  void too_many_requests_are_429_with_a_time_to_come_again() throws Exception {
    try (Gateway gateway = gateway(Optional.empty(), List.of(), new Limits.Bounds(1, 2, 10))) {
      int refused = 0;
      for (int i = 0; i < 6; i++) {
        HttpResponse<String> response = call(gateway, Map.of());
        if (response.statusCode() == 429) {
          refused++;
          assertThat(response.headers().firstValue("Retry-After")).isPresent();
        }
      }
      assertThat(refused).isPositive();
    }
  }

  @Test
  void behind_a_proxy_this_machine_still_gets_in() throws Exception {
    String alice = key("alice");
    try (KeyRing ring = ring();
        Gateway gateway =
            gateway(
                Optional.of(ring),
                List.of(Cidr.parse("10.9.8.7/32").orElseThrow()),
                Limits.Bounds.DEFAULT)) {
      assertThat(call(gateway, Map.of("Authorization", "Bearer " + alice)).statusCode())
          .isEqualTo(200);
    }
  }

  private String initialize(Gateway gateway, String key) throws IOException, InterruptedException {
    HttpResponse<String> response =
        post(gateway, "", INITIALIZE, Map.of("Authorization", "Bearer " + key));
    assertThat(response.statusCode()).isEqualTo(200);
    return response.headers().firstValue("Mcp-Session-Id").orElseThrow();
  }

  private HttpResponse<String> inSession(Gateway gateway, String key, String session)
      throws IOException, InterruptedException {
    return post(
        gateway,
        "",
        LIST,
        Map.of(
            "Authorization",
            "Bearer " + key,
            "Mcp-Session-Id",
            session,
            "MCP-Protocol-Version",
            "2025-11-25"));
  }

  private HttpResponse<String> call(Gateway gateway, Map<String, String> fields)
      throws IOException, InterruptedException {
    return post(gateway, "", CALL, modern(fields));
  }

  private static Map<String, String> modern(Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(fields);
    all.put("MCP-Protocol-Version", "2026-07-28");
    all.put("Mcp-Method", "tools/call");
    all.put("Mcp-Name", "who");
    return all;
  }

  private HttpResponse<String> post(
      Gateway gateway, String query, String body, Map<String, String> fields)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.address().getPort() + "/mcp" + query))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    fields.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private Gateway gateway(Optional<KeyRing> ring, List<Cidr> proxies, Limits.Bounds limits)
      throws ListenException {
    GatewayOptions options =
        new GatewayOptions(
            ListenOptions.at("127.0.0.1", 0),
            List.of(Route.of(EndpointOptions.of("test", "/mcp"), whoAmI)),
            ring.map(Credentials::of).orElse(Credentials.NOT_ASKED_FOR),
            Optional.empty(),
            proxies,
            limits);
    return Gateway.open(options, "somebody");
  }

  private String key(String name) throws AccessException {
    try (KeyStore store = store()) {
      return store.add(name, Optional.empty()).secret().reveal();
    }
  }

  private KeyRing ring() throws AccessException {
    return KeyRing.watch(store(), Clock.systemUTC());
  }

  private KeyStore store() throws AccessException {
    DataDirectory directory =
        DataDirectory.open(
            Map.of("SALLYPORT_DATA_DIR", folder.resolve("data").toString()),
            "/",
            System.getProperty("user.name"));
    return KeyStore.open(directory, Clock.systemUTC(), new SecureRandom());
  }
}
