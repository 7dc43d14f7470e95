package dev.sallyport.gateway.federation;

import static dev.sallyport.gateway.federation.Endpoint.ANN;
import static dev.sallyport.gateway.federation.Endpoint.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint with one server, which keeps its names: what holds for several holds for it. */
@Timeout(60)
final class SoleServerTest {
  private static final String PUBLIC = "\"ttlMs\":60000,\"cacheScope\":\"public\"";
  private static final String PRIVATE = "\"ttlMs\":60000,\"cacheScope\":\"private\"";

  private final Endpoint endpoint = new Endpoint();
  private final Cancellation leaving = new Cancellation();
  private final CountDownLatch serverEnds = new CountDownLatch(1);
  private final BlockingQueue<Exchange> listens = new LinkedBlockingQueue<>();
  private final BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();

  @BeforeEach
  void alone() {
    isolated(Isolation.CALLER);
  }

  @AfterEach
  void leave() {
    leaving.cancel();
  }

  private void isolated(Isolation isolation) {
    endpoint.federation.change(new Crew.One(endpoint.notes, isolation, ToolRules.ALL));
  }

  private String listed(String members) {
    endpoint.notes.answer("tools/list", "{" + members + "}");
    return result(endpoint.ask("tools/list", "{}")).toJson().text();
  }

  // ---- hints to caches

  @ParameterizedTest
  @EnumSource(
      value = Isolation.class,
      names = {"CALLER", "SESSION"})
  void what_a_process_of_ones_own_says_is_for_its_caller_whatever_it_says(Isolation isolation) {
    isolated(isolation);
    assertThat(listed("\"tools\":[]," + PUBLIC)).isEqualTo("{\"tools\":[]," + PRIVATE + "}");
  }

  @Test
  void what_one_process_says_to_all_may_be_for_all() {
    isolated(Isolation.SHARED);
    assertThat(listed("\"tools\":[]," + PUBLIC)).isEqualTo("{\"tools\":[]," + PUBLIC + "}");
  }

  @Test
  void where_nobody_says_who_shares_a_process_nothing_is_for_all() {
    endpoint.federation.change(new Crew.One(endpoint.notes));
    assertThat(listed("\"tools\":[]," + PUBLIC)).isEqualTo("{\"tools\":[]," + PRIVATE + "}");
  }

  @ParameterizedTest
  @CsvSource({"3600000,3600000", "3600001,3600000", "9007199254740991,3600000", "0,0"})
  void a_life_of_years_is_an_hour(String said, String told) {
    assertThat(listed("\"tools\":[],\"ttlMs\":" + said))
        .isEqualTo("{\"tools\":[],\"ttlMs\":" + told + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server/discover",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "resources/read"
      })
  void it_holds_for_everything_that_has_such_hints(String method) { // CA-01
    endpoint.notes.answer(method, "{\"a\":1," + PUBLIC + "}");
    assertThat(result(endpoint.ask(method, "{}")).toJson().text())
        .isEqualTo("{\"a\":1," + PRIVATE + "}");
  }

  @Test
  void what_a_tool_calls_by_these_names_is_its_own() {
    endpoint.notes.answer("tools/call", "{\"content\":[]," + PUBLIC + "}");
    assertThat(result(endpoint.ask("tools/call", "{\"name\":\"read\"}")).toJson().text())
        .isEqualTo("{\"content\":[]," + PUBLIC + "}");
  }

  @Test
  void what_has_no_such_hint_is_not_touched() {
    Outcome answer = new Outcome.Complete(FakeServer.object("{ \"tools\" : [ 1.50 ] }"));
    endpoint.notes.answer("tools/list", _ -> answer);
    assertThat(endpoint.ask("tools/list", "{}")).isSameAs(answer);
  }

  // ---- a cursor that is null

  @Test
  void a_cursor_that_is_null_is_none() {
    endpoint.notes.answer("tools/list", "{\"tools\":[]}");
    result(endpoint.ask("tools/list", "{\"cursor\":null,\"_meta\":{\"a\":null}}"));
    assertThat(endpoint.notes.askedWith("tools/list")).containsExactly("{\"_meta\":{\"a\":null}}");
  }

  @Test
  void a_cursor_that_is_anything_else_is_for_the_server_to_judge() {
    endpoint.notes.answer("tools/list", "{\"tools\":[]}");
    endpoint.ask("tools/list", "{\"cursor\":7}");
    endpoint.ask("tools/list", "{\"cursor\":\"\"}");
    assertThat(endpoint.notes.askedWith("tools/list"))
        .containsExactly("{\"cursor\":7}", "{\"cursor\":\"\"}");
  }

  @Test
  void null_elsewhere_is_what_the_client_meant() {
    endpoint.notes.answer("tools/call", "{\"content\":[]}").answer("own/method", "{}");
    endpoint.ask("tools/call", "{\"name\":\"a\",\"cursor\":null}");
    endpoint.ask("own/method", "{\"cursor\":null}");
    assertThat(endpoint.notes.askedWith("tools/call"))
        .containsExactly("{\"name\":\"a\",\"cursor\":null}");
    assertThat(endpoint.notes.askedWith("own/method")).containsExactly("{\"cursor\":null}");
  }

  // ---- a listen

  private Exchange listening() throws InterruptedException {
    endpoint.notes.answer("subscriptions/listen", this::listen);
    Thread.ofVirtual()
        .start(
            () ->
                ended.add(
                    endpoint.ask(
                        ANN,
                        "subscriptions/listen",
                        "{\"notifications\":{\"toolsListChanged\":true}}",
                        leaving)));
    Exchange listen = listens.take();
    assertThat(told()).contains("subscriptions/acknowledged");
    return listen;
  }

  /** Acknowledges what it is asked for, and ends it when it is to. */
  private Outcome listen(Exchange exchange) {
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(serverEnds::countDown)) {
      exchange.notify(
          new Message.Notification("notifications/subscriptions/acknowledged", exchange.params()));
      listens.add(exchange);
      serverEnds.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Outcome.Complete(FakeServer.object("{\"of\":\"the server\"}"));
  }

  private static Message.Notification changed(String list) {
    return new Message.Notification(
        "notifications/" + list + "/list_changed", FakeServer.object("{\"_meta\":{\"a\":1}}"));
  }

  private Optional<String> told() throws InterruptedException {
    return Optional.ofNullable(endpoint.told.poll(20, TimeUnit.SECONDS))
        .map(next -> next.method().substring("notifications/".length()));
  }

  private Optional<Message.Notification> soon() throws InterruptedException {
    return Optional.ofNullable(endpoint.told.poll(1, TimeUnit.SECONDS));
  }

  @Test
  void a_server_that_announces_changes_without_end_is_told_of_now_and_then() throws Exception {
    Exchange listen = listening();
    for (int i = 0; i < 10_000; i++) {
      listen.notify(changed("tools"));
      listen.notify(changed("prompts"));
    }
    List<String> told = new ArrayList<>();
    for (Optional<Message.Notification> next = soon(); next.isPresent(); next = soon()) {
      told.add(next.get().method());
    }
    assertThat(told)
        .contains("notifications/tools/list_changed", "notifications/prompts/list_changed")
        .as("twice a second each, however long it took")
        .hasSizeLessThan(100);
  }

  @Test
  void a_change_after_one_that_was_told_is_told_too() throws Exception {
    Exchange listen = listening();
    listen.notify(changed("tools"));
    assertThat(told()).contains("tools/list_changed");
    listen.notify(changed("tools"));
    assertThat(told()).contains("tools/list_changed");
  }

  @Test
  void what_is_about_one_resource_is_not_held_back() throws Exception {
    Exchange listen = listening();
    for (int i = 0; i < 3; i++) {
      listen.notify(Listen.updated("file:///a"));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(endpoint.told.remove().params().string("uri")).contains("file:///a");
    }
  }

  @Test
  void a_change_just_before_the_server_ends_it_is_told_before_the_end() throws Exception {
    Exchange listen = listening();
    listen.notify(changed("resources"));
    serverEnds.countDown();
    assertThat(result(ended.take()).string("of")).contains("the server");
    assertThat(endpoint.told.remove().method()).isEqualTo("notifications/resources/list_changed");
  }

  @Test
  void who_left_is_told_nothing_more() throws Exception {
    Exchange listen = listening();
    listen.notify(changed("tools"));
    leaving.cancel();
    ended.take();
    endpoint.told.clear(); // It may have been slower to leave than we are to tell.
    assertThat(soon()).isEmpty();
  }

  @Test
  void when_the_endpoint_closes_it_ends_in_good_order() throws Exception {
    Exchange listen = listening();
    endpoint.federation.close();
    assertThat(result(ended.take())).isEqualTo(JsonObject.EMPTY);
    assertThat(listen.cancellation().isCancelled()).isTrue();
  }
}
