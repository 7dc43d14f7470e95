package dev.sallyport.downstream.modern;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.modern.Bench.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** subscriptions/listen (A.9). */
final class ListenTest {
  private static final String EVERYTHING =
      "{\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourcesListChanged\":true,"
          + "\"resourceSubscriptions\":[\"a:b\"]}";

  private final Bench bench = new Bench();

  private Bench.Asking listen(String filter) {
    return bench.asking("subscriptions/listen", "{\"notifications\":" + filter + "}");
  }

  private static void acknowledge(Exchange exchange) {
    exchange.notify(
        new Message.Notification(
            "notifications/subscriptions/acknowledged",
            JsonObject.of("notifications", exchange.params().get("notifications").orElseThrow())));
  }

  private void sending(String... methods) {
    bench.handler.on(
        "subscriptions/listen",
        exchange -> {
          acknowledge(exchange);
          Arrays.stream(methods)
              .forEach(
                  method -> exchange.notify(notification(method, "{\"uri\":\"a:b\",\"x\":1.0}")));
          return new Outcome.Complete(JsonObject.EMPTY);
        });
  }

  private Iterable<String> received() {
    return bench.notified.stream().map(Message.Notification::method).toList();
  }

  @Test
  void the_acknowledgement_comes_first_and_everything_carries_the_id_of_the_request() {
    sending("notifications/tools/list_changed", "notifications/resources/updated");
    JsonObject result = listen(EVERYTHING).result();

    assertThat(received())
        .containsExactly(
            "notifications/subscriptions/acknowledged",
            "notifications/tools/list_changed",
            "notifications/resources/updated");
    assertThat(bench.notified)
        .allSatisfy(one -> assertThat(Meta.subscriptionId(one.params())).contains(RpcId.of("7")));
    assertThat(bench.notified.getLast().params().get("x").map(Json::text)).contains("1.0");
    assertThat(Meta.subscriptionId(result)).contains(RpcId.of("7"));
    assertThat(result.string("resultType")).contains("complete");
  }

  @Test
  void only_what_was_asked_for_passes() {
    sending(
        "notifications/tools/list_changed",
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated");
    listen("{\"promptsListChanged\":true,\"toolsListChanged\":false}").result();

    assertThat(received())
        .containsExactly(
            "notifications/subscriptions/acknowledged", "notifications/prompts/list_changed");
  }

  @Test
  void progress_log_messages_and_unknown_ones_never_pass() {
    sending("notifications/progress", "notifications/message", "notifications/cancelled", "x/y");
    listen(EVERYTHING).meta(Meta.LOG_LEVEL, "\"debug\"").meta("progressToken", "1").result();

    assertThat(received()).containsExactly("notifications/subscriptions/acknowledged");
  }

  @Test
  void nothing_passes_before_the_acknowledgement_and_there_is_only_one() {
    bench.handler.on(
        "subscriptions/listen",
        exchange -> {
          exchange.notify(notification("notifications/tools/list_changed", "{}"));
          acknowledge(exchange);
          acknowledge(exchange);
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    listen(EVERYTHING).result();

    assertThat(received()).containsExactly("notifications/subscriptions/acknowledged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "5",
        "[]",
        "\"toolsListChanged\"",
        "{\"toolsListChanged\":1}",
        "{\"promptsListChanged\":\"true\"}",
        "{\"resourcesListChanged\":null}",
        "{\"resourceSubscriptions\":\"a:b\"}",
        "{\"resourceSubscriptions\":[1]}"
      })
  void what_is_not_a_filter_is_an_error(String filter) {
    sending();

    assertThat(verdict(listen(filter).run())).containsExactly(200, -32602);
    assertThat(bench.handler.count("subscriptions/listen")).isZero();
  }

  @Test
  void a_missing_filter_is_an_error_and_an_empty_one_is_not() {
    sending();

    assertThat(verdict(bench.asking("subscriptions/listen").run())).containsExactly(200, -32602);
    assertThat(listen("{}").result().has("_meta")).isTrue();
  }

  @Test
  void draining_ends_it_with_a_result() {
    bench.handler.on(
        "subscriptions/listen",
        exchange -> {
          acknowledge(exchange);
          bench.draining.cancel();
          assertThat(exchange.cancellation().isCancelled()).isTrue();
          return new Outcome.Cancelled();
        });

    assertThat(Meta.subscriptionId(listen(EVERYTHING).result())).contains(RpcId.of("7"));
  }

  @Test
  void draining_ends_no_ordinary_call() {
    bench.handler.on(
        "tools/list",
        exchange -> {
          bench.draining.cancel();
          assertThat(exchange.cancellation().isCancelled()).isFalse();
          return new Outcome.Complete(JsonObject.EMPTY);
        });

    assertThat(bench.asking("tools/list").result().has("resultType")).isTrue();
  }

  @Test
  void a_client_that_leaves_gets_no_result() {
    bench.handler.on(
        "subscriptions/listen",
        exchange -> {
          bench.gone.cancel();
          return new Outcome.Cancelled();
        });

    assertThat(listen(EVERYTHING).run()).isInstanceOf(Ending.Nothing.class);
  }

  @Test
  void a_server_without_subscriptions_says_so() {
    assertThat(verdict(listen(EVERYTHING).run())).containsExactly(404, -32601);
  }
}
