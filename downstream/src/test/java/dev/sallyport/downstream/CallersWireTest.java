package dev.sallyport.downstream;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two callers at once, with equal ids on every request: nobody sees anything of the other. */
final class CallersWireTest {
  private static final int CALLS = 250;
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}";

  @Test
  void interleaved_calls_with_equal_ids_stay_apart() throws Exception {
    try (Served served = new Served();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      served.handler.on(
          "tools/call",
          exchange -> {
            String who = exchange.caller().subject() + exchange.params().string("n").orElse("");
            exchange.notify(notification("com.example/who", "{\"who\":\"" + who + "\"}"));
            return new Outcome.Complete(JsonObject.of("who", Json.of(who)));
          });
      List<Future<Integer>> runs =
          threads.invokeAll(
              List.of(
                  calls(served, "anna"),
                  calls(served, "bert"),
                  calls(served, "anna"),
                  calls(served, "bert")));
      for (Future<Integer> run : runs) {
        assertThat(run.get()).isEqualTo(CALLS);
      }
    }
  }

  @Test
  void a_subscription_ends_when_its_credential_does_and_tells_nothing_more() throws Exception {
    Revocable callers = new Revocable();
    CountDownLatch goOn = new CountDownLatch(1);
    try (Served served = new Served(EndpointOptions.of("team", "/mcp"), callers);
        RawClient client = served.connect()) {
      served.handler.on(
          "subscriptions/listen",
          exchange -> {
            ModernWireTest.acknowledge(exchange);
            exchange.notify(notification("notifications/tools/list_changed", "{\"n\":1}"));
            ModernWireTest.await(goOn);
            exchange.notify(notification("notifications/tools/list_changed", "{\"n\":2}"));
            return ModernWireTest.untilCancelled(exchange, new CountDownLatch(1));
          });
      client.send(ModernWireTest.listen("1").bytes()).answer();
      assertThat(client.event().orElseThrow()).contains("acknowledged");
      assertThat(client.event().orElseThrow()).contains("\"n\":1");

      callers.revoked.set(true);
      goOn.countDown();
      assertThat(client.event().orElseThrow()).contains("\"result\"").doesNotContain("\"n\":2");
      assertThat(client.event()).isEmpty();
    }
  }

  @Test
  void a_subscription_that_says_nothing_ends_with_its_credential_too() throws Exception {
    Revocable callers = new Revocable();
    CountDownLatch ended = new CountDownLatch(1);
    try (Served served = new Served(EndpointOptions.of("team", "/mcp"), callers);
        RawClient client = served.connect()) {
      served.handler.on(
          "subscriptions/listen",
          exchange -> {
            ModernWireTest.acknowledge(exchange);
            return ModernWireTest.untilCancelled(exchange, ended);
          });
      client.send(ModernWireTest.listen("1").bytes()).answer();
      assertThat(client.event().orElseThrow()).contains("acknowledged");

      callers.revoked.set(true);

      assertThat(client.event().orElseThrow()).contains("\"result\"");
      assertThat(client.event()).isEmpty();
      ModernWireTest.await(ended);
    }
  }

  @Test
  void a_call_is_cancelled_when_its_credential_ends_and_its_answer_is_a_refusal() throws Exception {
    Revocable callers = new Revocable();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Served served = new Served(EndpointOptions.of("team", "/mcp"), callers);
        RawClient client = served.connect()) {
      served.handler.on("tools/call", exchange -> untilCancelled(exchange, running, cancelled));
      client.send(Served.modern("1", "tools/call", "\"name\":\"t\",").bytes());
      ModernWireTest.await(running);

      callers.revoked.set(true);

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text()).contains("Who are you?");
      ModernWireTest.await(cancelled);
    }
  }

  @Test
  void a_handshake_that_waits_for_the_server_ends_with_its_credential_too() throws Exception {
    Revocable callers = new Revocable();
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Served served = new Served(EndpointOptions.of("team", "/mcp"), callers);
        RawClient client = served.connect()) {
      served.handler.on(
          "server/discover", exchange -> untilCancelled(exchange, waiting, cancelled));
      client.send(new Served.Post(INITIALIZE).bytes());
      ModernWireTest.await(waiting);

      callers.revoked.set(true);

      assertThat(client.answer().status()).isEqualTo(401);
      ModernWireTest.await(cancelled);
    }
  }

  @Test
  void a_handshake_that_waits_is_told_that_the_server_stops() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Served served = new Served();
        RawClient client = served.connect()) {
      served.handler.on(
          "server/discover", exchange -> untilCancelled(exchange, waiting, cancelled));
      client.send(new Served.Post(INITIALIZE).bytes());
      ModernWireTest.await(waiting);

      served.listener.drain(Duration.ofMillis(1), served.endpoint::close);

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("The server is stopping");
    }
  }

  @Test
  void a_handshake_waits_for_no_client_that_left() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Served served = new Served()) {
      served.handler.on(
          "server/discover", exchange -> untilCancelled(exchange, waiting, cancelled));
      try (RawClient client = served.connect()) {
        client.send(new Served.Post(INITIALIZE).bytes());
        ModernWireTest.await(waiting);
      }
      ModernWireTest.await(cancelled);
    }
  }

  private static Outcome untilCancelled(
      Exchange exchange, CountDownLatch waiting, CountDownLatch cancelled) {
    waiting.countDown();
    return ModernWireTest.untilCancelled(exchange, cancelled);
  }

  /** Knows everybody as one caller, until it knows nobody. */
  private static final class Revocable implements CallerCheck {
    final AtomicBoolean revoked = new AtomicBoolean();

    @Override
    public Verdict check(HttpHead head) {
      return revoked.get()
          ? new Verdict.Unknown(Refusal.of(Refusal.Reason.UNAUTHENTICATED, "Who are you?"))
          : new Verdict.Known(new Identity(new Caller("test", "anna", "1"), Claims.NONE));
    }
  }

  private static Callable<Integer> calls(Served served, String caller) {
    return () -> {
      int right = 0;
      try (RawClient client = served.connect()) {
        for (int n = 0; n < CALLS; n++) {
          String members = "\"name\":\"t\",\"n\":\"" + n + "\",";
          client.send(Served.modern("1", "tools/call", members).by(caller).bytes()).answer();
          String who = "\"who\":\"" + caller + n + "\"";
          boolean told = client.event().orElseThrow().contains(who);
          boolean done = client.event().orElseThrow().contains(who);
          boolean over = client.event().isEmpty();
          right += told && done && over ? 1 : 0;
        }
      }
      return right;
    };
  }
}
