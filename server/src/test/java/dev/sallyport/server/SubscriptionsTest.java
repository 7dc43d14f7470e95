package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SubscriptionsTest {
  private final McpServer server =
      McpServer.named("test", "1")
          .limits(Limits.standard().withListeners(2))
          .tool(Tool.named("it").answering(_ -> ToolResult.text("")))
          .resource(Resource.at("a://watched").subscribable().reading(_ -> Contents.text("")))
          .resource(Resource.at("a://quiet").reading(_ -> Contents.text("")))
          .resourceTemplate(
              ResourceTemplate.of("a://order/{id}")
                  .subscribable()
                  .reading((_, _) -> Optional.empty()))
          .build();

  @AfterEach
  void close() {
    server.close();
  }

  /** A listener on a thread of its own. */
  private final class Listener {
    final Client client = new Client(server);
    final BlockingQueue<Outcome> end = new LinkedBlockingQueue<>(1);

    Listener(String filter) {
      Thread.ofVirtual()
          .start(
              () ->
                  end.add(
                      client.request(
                          "subscriptions/listen", "{\"notifications\":" + filter + "}")));
    }

    String next() throws InterruptedException {
      Message.Notification next = client.next();
      return next.method() + next.params().toJson().text();
    }

    Outcome end() throws InterruptedException {
      Outcome outcome = end.poll(10, TimeUnit.SECONDS);
      assertThat(outcome).isNotNull();
      return outcome;
    }
  }

  @Test
  void the_first_word_is_what_is_honoured() throws InterruptedException {
    // SB-02, SB-04
    Listener listener =
        new Listener(
            """
            {"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":false,
             "resourceSubscriptions":["a://watched","a://quiet","a://order/7","a://none",7]}\
            """);

    assertThat(listener.next())
        .isEqualTo(
            "notifications/subscriptions/acknowledged{\"notifications\":{\"toolsListChanged\":true,"
                + "\"resourceSubscriptions\":[\"a://watched\",\"a://order/7\"]}}");
  }

  @Test
  void a_listener_hears_what_it_asked_for_and_nothing_else() throws InterruptedException {
    // SB-01
    Listener tools = new Listener("{\"toolsListChanged\":true}");
    Listener watched = new Listener("{\"resourceSubscriptions\":[\"a://watched\"]}");
    tools.next();
    watched.next();

    server.resourcesChanged();
    server.promptsChanged();
    server.resourceChanged("a://order/7");
    server.resourceChanged("a://watched");
    server.toolsChanged();

    assertThat(tools.next()).isEqualTo("notifications/tools/list_changed{}");
    assertThat(watched.next())
        .isEqualTo("notifications/resources/updated{\"uri\":\"a://watched\"}");
    assertThat(tools.client.heard).isEmpty();
    assertThat(watched.client.heard).isEmpty();
  }

  @Test
  void adding_and_removing_is_told() throws InterruptedException {
    Listener listener = new Listener("{\"toolsListChanged\":true,\"resourcesListChanged\":true}");
    listener.next();

    server.add(Tool.named("more").answering(_ -> ToolResult.text("more")));
    assertThat(listener.next()).startsWith("notifications/tools/list_changed");
    assertThat(Client.text(new Client(server).call("more", "{}"))).contains("more");
    server.removeTool("more");
    assertThat(listener.next()).startsWith("notifications/tools/list_changed");
    assertThat(Client.failed(new Client(server).call("more", "{}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    server.removeResource("a://quiet");
    assertThat(listener.next()).startsWith("notifications/resources/list_changed");
  }

  @Test
  void changes_that_come_while_a_listener_is_slow_are_told_once() throws InterruptedException {
    Subscription slow = new Subscription(Set.of(Method.TOOLS_CHANGED), Set.of("a://x"));

    for (int i = 0; i < 1_000; i++) {
      slow.listChanged(Method.TOOLS_CHANGED);
      slow.resourceChanged("a://x");
      slow.resourceChanged("a://y");
    }

    assertThat(slow.await()).hasSize(2);
    slow.end();
    assertThat(slow.await()).isEmpty();
  }

  @Test
  void cancelling_ends_a_subscription_without_a_result() throws InterruptedException {
    Listener listener = new Listener("{\"toolsListChanged\":true}");
    listener.next();

    listener.client.cancellation.cancel();

    assertThat(listener.end()).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void closing_the_server_ends_a_subscription_with_a_result() throws InterruptedException {
    // SB-06
    Listener listener = new Listener("{\"toolsListChanged\":true}");
    listener.next();

    server.close();

    assertThat(listener.end()).isInstanceOf(Outcome.Complete.class);
    assertThat(new Listener("{\"toolsListChanged\":true}").end())
        .isInstanceOf(Outcome.Complete.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "7", "[]"})
  void a_filter_that_is_no_object_is_refused(String filter) throws InterruptedException {
    // SB-01
    assertThat(Client.failed(new Listener(filter).end()).code()).isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void there_is_a_bound_on_listeners_and_an_ended_one_makes_room() throws InterruptedException {
    Listener first = new Listener("{}");
    Listener second = new Listener("{}");
    first.next();
    second.next();

    Outcome refused = new Listener("{}").end();
    assertThat(refused).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) refused).refusal().reason())
        .isEqualTo(Refusal.Reason.UNAVAILABLE);
    first.client.cancellation.cancel();
    first.end();
    assertThat(new Listener("{}").next()).startsWith("notifications/subscriptions/acknowledged");
  }

  @Test
  void subscribing_is_declared_when_something_can_be_subscribed_to() {
    assertThat(Client.text(new Client(server).request("server/discover", "{}")))
        .contains("\"resources\":{\"listChanged\":true,\"subscribe\":true}");
  }
}
