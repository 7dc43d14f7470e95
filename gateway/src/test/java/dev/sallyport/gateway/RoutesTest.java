package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.ListenOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes that come and go while a gateway serves, on a real socket. */
@Timeout(60)
final class RoutesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait","arguments":{},"_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}\
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Semaphore calling = new Semaphore(0);
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void closeClient() {
    http.shutdownNow();
  }

  /** Its call ends well when it may go, and badly when it is cancelled before. */
  private Outcome slow(Exchange exchange) {
    return switch (exchange.method()) {
      case "server/discover" ->
          new Outcome.Complete(
              JsonObject.of(
                  "capabilities", JsonObject.EMPTY.with("tools", JsonObject.EMPTY).toJson()));
      case "tools/call" -> {
        calling.release();
        CountDownLatch over = new CountDownLatch(1);
        try (var _ = exchange.cancellation().onCancel(over::countDown)) {
          boolean may = false;
          while (!may && over.getCount() > 0) {
            may = go.await(10, TimeUnit.MILLISECONDS);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        yield over.getCount() == 0
            ? new Outcome.Cancelled()
            : new Outcome.Complete(JsonObject.EMPTY.with("ended", "well"));
      }
      default -> new Outcome.Failed(RpcError.methodNotFound());
    };
  }

  private static Route route(String path, Handler server) {
    return Route.of(EndpointOptions.of(path, path), server);
  }

  private Gateway gateway() throws Exception {
    return Gateway.open(
        new GatewayOptions(
            ListenOptions.at("127.0.0.1", 0),
            List.of(route("/one", this::slow), route("/two", this::slow)),
            Credentials.NOT_ASKED_FOR,
            Optional.empty(),
            List.of(),
            Limits.Bounds.DEFAULT),
        "local");
  }

  private Future<HttpResponse<String>> call(Gateway gateway, String path) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.address().getPort() + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", "wait")
            .POST(HttpRequest.BodyPublishers.ofString(CALL))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void withoutTwo(Gateway gateway, Duration limit) {
    gateway.change(List.of(route("/one", this::slow)), Limits.Bounds.DEFAULT, limit);
  }

  @Test
  void a_route_that_goes_lets_its_calls_end_and_takes_no_new_ones() throws Exception {
    try (Gateway gateway = gateway()) {
      Future<HttpResponse<String>> before = call(gateway, "/two");
      calling.acquire();
      withoutTwo(gateway, LONG);
      assertThat(call(gateway, "/two").get().statusCode()).isEqualTo(404);
      go.countDown();
      assertThat(before.get().body()).contains("\"ended\":\"well\"");
      assertThat(call(gateway, "/one").get().body()).contains("\"ended\":\"well\"");
    }
  }

  @Test
  void at_the_limit_they_are_cancelled_and_those_of_other_routes_are_not() throws Exception {
    try (Gateway gateway = gateway()) {
      Future<HttpResponse<String>> gone = call(gateway, "/two");
      Future<HttpResponse<String>> stays = call(gateway, "/one");
      calling.acquire(2);
      withoutTwo(gateway, Duration.ofMillis(50));
      assertThat(gone.get().body()).doesNotContain("well");
      go.countDown();
      assertThat(stays.get().body()).contains("\"ended\":\"well\"");
    }
  }

  @Test
  void a_gateway_that_closes_does_not_wait_for_calls_of_routes_that_went() throws Exception {
    Future<HttpResponse<String>> gone;
    try (Gateway gateway = gateway()) {
      gone = call(gateway, "/two");
      calling.acquire();
      withoutTwo(gateway, LONG);
    }
    // Told that we stop, if the answer is faster than the end of its connection.
    try {
      assertThat(gone.get(LONG.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    } catch (ExecutionException broken) {
      assertThat(broken).hasCauseInstanceOf(IOException.class);
    }
  }
}
