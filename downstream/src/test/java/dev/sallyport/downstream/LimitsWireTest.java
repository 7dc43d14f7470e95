package dev.sallyport.downstream;

import static dev.sallyport.downstream.ModernWireTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How much one caller may hold, and all together (SH-23). */
final class LimitsWireTest {
  private static CallLimits limits(int perCaller, int total, int listensPerCaller, int listens) {
    return new CallLimits(
        perCaller,
        total,
        listensPerCaller,
        listens,
        Duration.ofMinutes(1),
        4_096,
        10,
        Duration.ofMinutes(1));
  }

  private static Served served(CallLimits limits) throws Exception {
    return new Served(EndpointOptions.of("team", "/mcp").withCalls(limits));
  }

  private static RawClient.Answer exchange(Served served, Served.Post post) throws IOException {
    try (RawClient client = served.connect()) {
      return client.send(post.bytes()).answer();
    }
  }

  @Test
  void a_caller_with_too_much_in_hand_is_told_to_wait_and_others_are_not() throws Exception {
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch finish = new CountDownLatch(1);
    try (Served served = served(limits(2, 10, 1, 10))) {
      served.handler.on(
          "prompts/list",
          exchange -> {
            running.countDown();
            await(finish);
            return new Outcome.Complete(JsonObject.EMPTY);
          });
      List<RawClient> busy = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        busy.add(served.connect().send(Served.modern("1", "prompts/list", "").bytes()));
      }
      await(running);

      RawClient.Answer refused = exchange(served, Served.modern("\"x\"", "tools/list", ""));
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.field("Retry-After")).contains("1");
      assertThat(refused.text()).contains("\"id\":\"x\"", "\"code\":429");
      assertThat(exchange(served, Served.modern("1", "tools/list", "").by("bert")).status())
          .isEqualTo(200);

      finish.countDown();
      for (RawClient client : busy) {
        assertThat(client.answer().status()).isEqualTo(200);
        client.close();
      }
      assertThat(exchange(served, Served.modern("1", "tools/list", "")).status()).isEqualTo(200);
    }
  }

  @Test
  void a_full_house_turns_everybody_away() throws Exception {
    CountDownLatch running = new CountDownLatch(2);
    CountDownLatch finish = new CountDownLatch(1);
    try (Served served = served(limits(2, 2, 1, 10))) {
      served.handler.on(
          "prompts/list",
          exchange -> {
            running.countDown();
            await(finish);
            return new Outcome.Complete(JsonObject.EMPTY);
          });
      try (RawClient anna = served.connect().send(Served.modern("1", "prompts/list", "").bytes());
          RawClient bert =
              served.connect().send(Served.modern("1", "prompts/list", "").by("bert").bytes())) {
        await(running);
        RawClient.Answer refused =
            exchange(served, Served.modern("1", "tools/list", "").by("carl"));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.field("Retry-After")).contains("1");
        finish.countDown();
        assertThat(anna.answer().status()).isEqualTo(200);
        assertThat(bert.answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void subscriptions_are_counted_apart_from_requests_and_given_back() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (Served served = served(limits(1, 10, 1, 10))) {
      served.handler.on(
          "subscriptions/listen",
          exchange -> {
            ModernWireTest.acknowledge(exchange);
            return ModernWireTest.untilCancelled(exchange, gone);
          });
      try (RawClient first = served.connect()) {
        first.send(ModernWireTest.listen("1").bytes()).answer();
        first.event();
        assertThat(exchange(served, ModernWireTest.listen("2")).status()).isEqualTo(429);
        assertThat(exchange(served, Served.modern("1", "tools/list", "")).status()).isEqualTo(200);
      }
      await(gone);
      served.handler.awaitIdle();
      served.handler.answer("subscriptions/listen", "{}");
      // The place is given back just after the handler is done; until then it is still taken.
      int status = 429;
      for (int attempt = 0; attempt < 1_000 && status == 429; attempt++) {
        status = exchange(served, ModernWireTest.listen("3")).status();
      }
      assertThat(status).isEqualTo(200);
    }
  }

  @Test
  void bodies_and_heads_have_a_bound() throws Exception {
    try (Served served = served(CallLimits.DEFAULT)) {
      byte[] large = new byte[5 * 1024 * 1024];
      try (RawClient client = served.connect()) {
        String head = new String(Served.call("1").bytes(), java.nio.charset.StandardCharsets.UTF_8);
        client.send(
            head.substring(0, head.indexOf("Content-Length"))
                + "Content-Length: "
                + large.length
                + "\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(413);
      }
      Served.Post many = Served.call("1");
      for (int i = 0; i < 2_000; i++) {
        many.with("Mcp-Param-" + i, "x");
      }
      assertThat(exchange(served, many).status()).isEqualTo(431); // HD-19
      assertThat(exchange(served, Served.modern("1", "tools/list", "")).status()).isEqualTo(200);
    }
  }
}
