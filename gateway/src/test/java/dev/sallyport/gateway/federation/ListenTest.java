package dev.sallyport.gateway.federation;

import static dev.sallyport.gateway.federation.Endpoint.ANN;
import static dev.sallyport.gateway.federation.Endpoint.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One listen over several servers. */
@Timeout(60)
final class ListenTest {
  private final Endpoint endpoint = new Endpoint();
  private final String task = endpoint.taskOfNotes("1");
  private final String all =
      "{\"notifications\":{\"toolsListChanged\":true,"
          + "\"resourceSubscriptions\":[\"notes+file:///a\",\"tickets+t://1\",\"others+x:y\"],"
          + "\"taskIds\":[\""
          + task
          + "\"]}}";

  private final Cancellation leaving = new Cancellation();
  private final BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();
  private final BlockingQueue<Exchange> notesListens = new LinkedBlockingQueue<>();
  private final BlockingQueue<Exchange> ticketsListens = new LinkedBlockingQueue<>();

  @AfterEach
  void leave() {
    leaving.cancel();
  }

  /** Acknowledges what it is asked for and goes on until the exchange is over. */
  private static Outcome listening(Exchange exchange, BlockingQueue<Exchange> listens) {
    CountDownLatch over = new CountDownLatch(1);
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(over::countDown)) {
      exchange.notify(note("subscriptions/acknowledged", exchange.params()));
      listens.add(exchange);
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Outcome.Cancelled();
  }

  private static Message.Notification note(String method, JsonObject params) {
    return new Message.Notification("notifications/" + method, params);
  }

  private void listen(String params) {
    Thread.ofVirtual()
        .start(() -> ended.add(endpoint.ask(ANN, "subscriptions/listen", params, leaving)));
  }

  private void bothListen() {
    endpoint.notes.answer("subscriptions/listen", it -> listening(it, notesListens));
    endpoint.tickets.answer("subscriptions/listen", it -> listening(it, ticketsListens));
  }

  private String told() throws InterruptedException {
    Message.Notification next = endpoint.told.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next.method().substring("notifications/".length()) + " " + next.params().toJson().text();
  }

  @Test
  void each_server_is_asked_for_its_own_and_what_they_take_is_acknowledged_at_once()
      throws Exception {
    bothListen();
    listen(all);
    assertThat(told())
        .isEqualTo(
            "subscriptions/acknowledged {\"notifications\":{\"toolsListChanged\":true,"
                + "\"resourceSubscriptions\":[\"notes+file:///a\",\"tickets+t://1\"],"
                + "\"taskIds\":[\""
                + task
                + "\"]}}");
    assertThat(endpoint.notes.askedWith("subscriptions/listen"))
        .containsExactly(
            "{\"notifications\":{\"toolsListChanged\":true,"
                + "\"resourceSubscriptions\":[\"file:///a\"],\"taskIds\":[\"1\"]}}");
    assertThat(endpoint.tickets.askedWith("subscriptions/listen"))
        .containsExactly(
            "{\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"t://1\"]}}");
  }

  @Test
  void what_a_server_says_comes_in_the_words_of_the_endpoint() throws Exception {
    bothListen();
    listen(all);
    told();
    Exchange notes = notesListens.take();
    notes.notify(note("resources/updated", FakeServer.object("{\"uri\":\"file:///a\"}")));
    assertThat(told()).isEqualTo("resources/updated {\"uri\":\"notes+file:///a\"}");
    notes.notify(note("tasks", FakeServer.object("{\"taskId\":\"1\",\"status\":\"working\"}")));
    assertThat(told()).isEqualTo("tasks {\"taskId\":\"" + task + "\",\"status\":\"working\"}");
    notes.notify(note("progress", JsonObject.EMPTY));
    notes.notify(note("tools/list_changed", JsonObject.EMPTY));
    assertThat(told()).isEqualTo("tools/list_changed {}");
  }

  @Test
  void changes_that_come_together_are_told_once_and_only_to_who_asked() throws Exception {
    bothListen();
    listen("{\"notifications\":{\"toolsListChanged\":true,\"resourcesListChanged\":true}}");
    told();
    Exchange notes = notesListens.take();
    Exchange tickets = ticketsListens.take();
    for (int i = 0; i < 100; i++) {
      notes.notify(note("prompts/list_changed", JsonObject.EMPTY));
      notes.notify(note("tools/list_changed", JsonObject.EMPTY));
      tickets.notify(note("tools/list_changed", JsonObject.EMPTY));
    }
    assertThat(told()).isEqualTo("tools/list_changed {}");
    // Whatever else there was to tell would come before this, or with it.
    notes.notify(note("resources/list_changed", JsonObject.EMPTY));
    assertThat(told()).isEqualTo("resources/list_changed {}");
    assertThat(endpoint.told).isEmpty();
  }

  @Test
  void a_server_that_comes_back_is_told_as_a_change() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    endpoint.tickets.answer("subscriptions/listen", it -> listening(it, ticketsListens));
    endpoint.notes.answer(
        "subscriptions/listen",
        exchange -> {
          if (gone.getCount() == 0) {
            return listening(exchange, notesListens);
          }
          gone.countDown();
          return new Outcome.Failed(RpcError.internal("upstream unavailable"));
        });
    listen(all);
    assertThat(told()).contains("[\"tickets+t://1\"]").doesNotContain("notes");
    assertThat(told()).isEqualTo("resources/updated {\"uri\":\"notes+file:///a\"}");
    assertThat(told()).isEqualTo("tools/list_changed {}");
  }

  @Test
  void a_server_that_hangs_delays_the_acknowledgement_by_a_moment_only() throws Exception {
    endpoint.tickets.answer("subscriptions/listen", it -> listening(it, ticketsListens));
    CountDownLatch never = new CountDownLatch(1);
    endpoint.notes.answer(
        "subscriptions/listen",
        exchange -> {
          try (Cancellation.Registration _ = exchange.cancellation().onCancel(never::countDown)) {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Outcome.Cancelled();
        });
    listen(all);
    assertThat(told()).startsWith("subscriptions/acknowledged").contains("tickets+t://1");
    ticketsListens.take().notify(note("tools/list_changed", JsonObject.EMPTY));
    assertThat(told()).isEqualTo("tools/list_changed {}");
  }

  @Test
  void who_leaves_leaves_every_server() throws Exception {
    bothListen();
    listen(all);
    told();
    Exchange notes = notesListens.take();
    leaving.cancel();
    assertThat(ended.take()).isInstanceOf(Outcome.Cancelled.class);
    assertThat(notes.cancellation().isCancelled()).isTrue();
    assertThat(ticketsListens.take().cancellation().isCancelled()).isTrue();
  }

  @Test
  void when_the_endpoint_closes_the_stream_ends_in_good_order() throws Exception {
    bothListen();
    listen(all);
    told();
    endpoint.federation.close();
    assertThat(ended.take()).isInstanceOf(Outcome.Complete.class);
    assertThat(notesListens.take().cancellation().isCancelled()).isTrue();
  }

  @Test
  void a_listen_without_a_filter_is_refused() {
    assertThat(error(endpoint.ask("subscriptions/listen", "{}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }
}
