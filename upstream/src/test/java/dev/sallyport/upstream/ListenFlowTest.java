package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.BOB;
import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.failed;
import static dev.sallyport.upstream.Fakes.json;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions on children of both eras (2.5, A.9). */
final class ListenFlowTest {
  private static final Fakes SHARED = new Fakes();

  private final Fakes fakes = new Fakes();
  private final List<Fakes.Ask> asks = new ArrayList<>();
  private final List<Fakes.Running> running = new ArrayList<>();

  @AfterAll
  static void nothing_shared_is_left() throws Exception {
    SHARED.close();
  }

  @AfterEach
  void nothing_is_left() throws Exception {
    asks.forEach(each -> each.cancellation.cancel());
    for (Fakes.Running each : running) {
      each.outcome();
    }
    fakes.close();
  }

  private Fakes.Ask listen(UpstreamServer server, String filter) {
    return listen(server, ask("subscriptions/listen", "{'notifications':" + filter + "}"));
  }

  private Fakes.Ask listen(UpstreamServer server, Fakes.Ask ask) {
    asks.add(ask);
    running.add(ask.start(server));
    return ask;
  }

  private static JsonObject honoured(Fakes.Ask listening) throws InterruptedException {
    Message.Notification first = listening.next();
    assertThat(first.method()).isEqualTo("notifications/subscriptions/acknowledged");
    assertThat(first.params().has("_meta")).isFalse();
    return first.params().object("notifications").orElseThrow();
  }

  private static void change(UpstreamServer server, String what) {
    assertThat(text(call("change", "{'what':'" + what + "'}").of(server))).isEqualTo("done");
  }

  private static String count(UpstreamServer server, String method, String uri) {
    String received = text(call("received").of(server));
    String line = "\"method\":\"" + method + "\",\"params\":{\"uri\":\"" + uri + "\"}";
    return Integer.toString(received.split(java.util.regex.Pattern.quote(line), -1).length - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void the_acknowledgement_comes_first_and_then_what_was_asked_for(String era) throws Exception {
    UpstreamServer server = SHARED.shared(era);
    Fakes.Ask listening =
        listen(server, "{'toolsListChanged':true,'resourceSubscriptions':['file:///a']}");

    assertThat(honoured(listening))
        .isEqualTo(json("{'toolsListChanged':true,'resourceSubscriptions':['file:///a']}"));
    change(server, "tools");
    assertThat(listening.next().method()).isEqualTo("notifications/tools/list_changed");
    change(server, "file:///a");
    Message.Notification updated = listening.next();
    assertThat(updated.method()).isEqualTo("notifications/resources/updated");
    assertThat(updated.params().string("uri")).contains("file:///a");
    assertThat(updated.params().has("_meta")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void what_was_not_asked_for_does_not_come(String era) throws Exception {
    UpstreamServer server = SHARED.shared(era);
    Fakes.Ask listening = listen(server, "{'resourcesListChanged':true}");
    honoured(listening);

    change(server, "tools");
    change(server, "file:///a");
    change(server, "resources");

    assertThat(listening.next().method()).isEqualTo("notifications/resources/list_changed");
    assertThat(listening.heard).isEmpty();
  }

  @Test
  void what_a_legacy_server_does_not_offer_is_left_out_of_the_acknowledgement() throws Exception {
    UpstreamServer server = fakes.server("caps={\"tools\":{\"listChanged\":true},\"prompts\":{}}");
    Fakes.Ask listening =
        listen(
            server,
            "{'toolsListChanged':true,'promptsListChanged':true,'resourcesListChanged':true,'resourceSubscriptions':['a:b']}");

    assertThat(honoured(listening))
        .isEqualTo(json("{'toolsListChanged':true,'resourceSubscriptions':[]}"));
  }

  @Test
  void a_uri_the_server_refuses_is_left_out_of_the_acknowledgement() throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask listening = listen(server, "{'resourceSubscriptions':['bad:x','good:y']}");

    assertThat(honoured(listening)).isEqualTo(json("{'resourceSubscriptions':['good:y']}"));
    change(server, "bad:x");
    change(server, "good:y");
    assertThat(listening.next().params().string("uri")).contains("good:y");
  }

  @ParameterizedTest
  @CsvSource({
    "dir:/a, dir:/a, true", "dir:/a, dir:/a/b, true", "dir:/a/, dir:/a/b, true",
    "dir:/a, dir:/a#x, true", "dir:/a, dir:/ab, false", "dir:/a/b, dir:/a, false"
  })
  void a_part_of_a_resource_counts_as_the_resource(String wanted, String changed, boolean comes)
      throws Exception {
    UpstreamServer server = SHARED.shared();
    Fakes.Ask listening =
        listen(server, "{'toolsListChanged':true,'resourceSubscriptions':['" + wanted + "']}");
    honoured(listening);

    change(server, changed);
    change(server, "tools");

    assertThat(listening.next().method())
        .isEqualTo(comes ? "notifications/resources/updated" : "notifications/tools/list_changed");
  }

  @Test
  void a_resource_many_want_is_subscribed_once_and_let_go_with_the_last() throws Exception {
    UpstreamServer server = fakes.server();
    Fakes.Ask one = listen(server, "{'resourceSubscriptions':['a:b']}");
    Fakes.Ask two = listen(server, "{'resourceSubscriptions':['a:b','c:d']}");
    honoured(one);
    honoured(two);
    change(server, "a:b");
    assertThat(one.next().params().string("uri")).contains("a:b");
    assertThat(two.next().params().string("uri")).contains("a:b");
    assertThat(count(server, "resources/subscribe", "a:b")).isEqualTo("1");

    one.cancellation.cancel();
    assertThat(running.getFirst().outcome()).isEqualTo(new Outcome.Cancelled());
    change(server, "a:b");
    assertThat(two.next().params().string("uri")).contains("a:b");
    assertThat(count(server, "resources/unsubscribe", "a:b")).isEqualTo("0");

    two.cancellation.cancel();
    Fakes.until("it is let go", () -> count(server, "resources/unsubscribe", "a:b").equals("1"));
  }

  @Test
  void a_slow_listener_hears_of_many_changes_once() throws Exception {
    UpstreamServer server = SHARED.shared();
    CountDownLatch slow = new CountDownLatch(1);
    Fakes.Ask listening =
        ask("subscriptions/listen", "{'notifications':{'toolsListChanged':true}}");
    listening.onHeard =
        notification -> {
          if (!notification.method().endsWith("acknowledged")) {
            await(slow);
          }
        };
    listen(server, listening);
    honoured(listening);
    for (int i = 0; i < 20; i++) {
      change(server, "tools");
    }

    slow.countDown();

    listening.next();
    listening.next();
    call("args").of(server);
    assertThat(listening.heard).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void another_callers_changes_are_not_heard() throws Exception {
    UpstreamServer server = SHARED.shared("modern");
    Fakes.Ask listening = listen(server, "{'toolsListChanged':true}");
    honoured(listening);

    call("change", "{'what':'tools'}").by(BOB).of(server);
    change(server, "tools");

    listening.next();
    assertThat(listening.heard).isEmpty();
  }

  @Test
  void two_modern_subscriptions_are_kept_apart() throws Exception {
    UpstreamServer server = SHARED.shared("modern");
    Fakes.Ask one = listen(server, "{'toolsListChanged':true}");
    honoured(one);
    Fakes.Ask two = listen(server, "{'promptsListChanged':true}");
    honoured(two);

    change(server, "prompts");
    change(server, "tools");

    assertThat(two.next().method()).isEqualTo("notifications/prompts/list_changed");
    assertThat(one.next().method()).isEqualTo("notifications/tools/list_changed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"end-listens", "cancel-listens"})
  void a_modern_server_may_end_a_subscription_with_a_result_or_a_cancellation(String how)
      throws Exception {
    UpstreamServer server = fakes.server("modern");
    honoured(listen(server, "{'toolsListChanged':true}"));

    call(how).of(server);

    assertThat(running.getFirst().outcome()).isInstanceOf(Outcome.Complete.class);
    assertThat(((Outcome.Complete) running.getFirst().outcome()).result().has("_meta")).isFalse();
  }

  @Test
  void cancelling_tells_a_modern_server_by_the_id_of_the_subscription() throws Exception {
    UpstreamServer server = fakes.server("modern");
    Fakes.Ask listening = listen(server, "{'toolsListChanged':true}");
    honoured(listening);

    listening.cancellation.cancel();

    assertThat(running.getFirst().outcome()).isEqualTo(new Outcome.Cancelled());
    Fakes.until(
        "the server knows",
        () -> text(call("received").of(server)).contains("notifications/cancelled"));
    List<Json> lines = Json.parse(text(call("received").of(server))).asArray().orElseThrow();
    JsonObject listen = find(lines, "subscriptions/listen");
    JsonObject cancelled = find(lines, "notifications/cancelled");
    assertThat(cancelled.object("params").orElseThrow().get("requestId"))
        .isEqualTo(listen.get("id"));
  }

  private static JsonObject find(List<Json> lines, String method) {
    return lines.stream()
        .map(line -> line.asObject().orElseThrow())
        .filter(line -> line.string("method").filter(method::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void after_a_crash_it_goes_on_and_everything_may_have_changed(String era) throws Exception {
    UpstreamServer server = fakes.server(era);
    Fakes.Ask listening =
        listen(server, "{'toolsListChanged':true,'resourceSubscriptions':['a:b']}");
    honoured(listening);

    call("die").of(server);

    assertThat(listening.next().method()).isEqualTo("notifications/tools/list_changed");
    assertThat(listening.next().params().string("uri")).contains("a:b");
    change(server, "a:b");
    assertThat(listening.next().params().string("uri")).contains("a:b");
    assertThat(listening.heard).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"legacy; caps={\"tools\":{},\"resources\":{}}", "modern; tells-nothing"})
  void after_a_crash_lists_that_the_server_never_speaks_of_may_have_changed_too(
      String era, String quirk) throws Exception {
    UpstreamServer server = fakes.server(era, quirk);
    Fakes.Ask listening =
        listen(
            server,
            "{'toolsListChanged':true,'promptsListChanged':true,'resourcesListChanged':true}");
    assertThat(honoured(listening)).isEqualTo(JsonObject.EMPTY);

    call("die").of(server);

    assertThat(listening.next().method()).isEqualTo("notifications/tools/list_changed");
    assertThat(listening.next().method()).isEqualTo("notifications/resources/list_changed");
    assertThat(text(call("received").of(server))).isNotEmpty();
    assertThat(listening.heard).as("it has no prompts").isEmpty();
  }

  @Test
  void after_a_crash_nobody_hears_of_a_list_that_was_not_asked_for() throws Exception {
    UpstreamServer server = fakes.server("legacy", "caps={\"tools\":{},\"resources\":{}}");
    Fakes.Ask listening = listen(server, "{'resourcesListChanged':true}");
    assertThat(honoured(listening)).isEqualTo(JsonObject.EMPTY);

    call("die").of(server);

    assertThat(listening.next().method()).isEqualTo("notifications/resources/list_changed");
    assertThat(text(call("received").of(server))).isNotEmpty();
    assertThat(listening.heard).isEmpty();
  }

  @Test
  void an_error_of_the_servers_own_is_the_end_whatever_its_words() throws Exception {
    UpstreamServer server = fakes.server("modern");
    honoured(listen(server, "{'toolsListChanged':true}"));

    assertThat(text(call("fail-listens").of(server))).isEqualTo("done");

    assertThat(failed(running.getFirst().outcome()).error())
        .isEqualTo(RpcError.internal("upstream terminated"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void closing_the_server_ends_it_in_good_order(String era) throws Exception {
    UpstreamServer server = fakes.server(era);
    honoured(listen(server, "{'toolsListChanged':true}"));

    server.close();

    assertThat(running.getFirst().outcome()).isEqualTo(new Outcome.Complete(JsonObject.EMPTY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "modern"})
  void without_a_filter_there_is_nothing_to_listen_to(String era) throws Exception {
    UpstreamServer server = SHARED.shared(era);

    assertThat(
            failed(new Fakes.Ask("subscriptions/listen", JsonObject.EMPTY).of(server))
                .error()
                .code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }
}
