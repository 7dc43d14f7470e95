package dev.sallyport.gateway.federation;

import static dev.sallyport.gateway.federation.Endpoint.ANN;
import static dev.sallyport.gateway.federation.Endpoint.error;
import static dev.sallyport.gateway.federation.Endpoint.names;
import static dev.sallyport.gateway.federation.Endpoint.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.Isolation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other servers behind an endpoint that goes on. */
@Timeout(60)
final class FederationChangeTest {
  private final Endpoint endpoint = new Endpoint();
  private final FakeServer mail = new FakeServer();

  FederationChangeTest() {
    endpoint.notes.answer("tools/call", "{\"content\":[]}");
    mail.answer("tools/call", "{\"content\":[]}");
    endpoint.notes.answer("tools/list", "{\"tools\":[{\"name\":\"read\"}]}");
    mail.answer("tools/list", "{\"tools\":[{\"name\":\"send\"}]}");
  }

  private void mailInPlaceOfTickets() {
    endpoint.federation.change(
        Endpoint.crew(new Member("notes", endpoint.notes), new Member("mail", mail)));
  }

  private ClientSession partOf(ClientSession session) {
    endpoint.federation.handle(
        endpoint.exchange(
            ANN,
            Optional.of(session),
            "tools/call",
            "{\"name\":\"notes__t\"}",
            Optional.empty(),
            new Cancellation()));
    return endpoint.notes.asked.getLast().origin().session().orElseThrow();
  }

  @Test
  void a_new_server_is_offered_and_one_that_went_is_not() {
    assertThat(error(endpoint.ask("tools/call", "{\"name\":\"mail__send\"}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    mailInPlaceOfTickets();
    result(endpoint.ask("tools/call", "{\"name\":\"mail__send\"}"));
    assertThat(error(endpoint.ask("tools/call", "{\"name\":\"tickets__open\"}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools"))
        .containsExactly("mail__send", "notes__read");
  }

  @Test
  void a_server_that_stays_keeps_its_part_of_a_session_and_another_one_does_not() {
    ClientSession session = new ClientSession("s");
    ClientSession part = partOf(session);
    mailInPlaceOfTickets();
    assertThat(partOf(session)).isSameAs(part);
    endpoint.federation.change(
        Endpoint.crew(new Member("notes", exchange -> endpoint.notes.handle(exchange))));
    assertThat(partOf(session)).isNotSameAs(part);
  }

  @Test
  void a_call_on_its_way_to_a_server_that_is_being_replaced_goes_to_the_next() {
    FakeServer next = new FakeServer();
    next.answer("tools/call", "{\"content\":[]}");
    endpoint.notes.answer(
        "tools/call",
        _ -> {
          endpoint.federation.change(Endpoint.crew(new Member("notes", next)));
          return Crew.REPLACED;
        });
    result(endpoint.ask("tools/call", "{\"name\":\"notes__read\"}"));
    assertThat(next.askedWith("tools/call")).hasSize(1);
  }

  @Test
  void a_server_that_says_so_while_nothing_is_in_its_place_is_asked_once() {
    endpoint.notes.answer("tools/call", _ -> Crew.REPLACED);
    assertThat(endpoint.ask("tools/call", "{\"name\":\"notes__read\"}")).isSameAs(Crew.REPLACED);
    assertThat(endpoint.notes.askedWith("tools/call")).hasSize(1);
  }

  @Test
  void what_one_server_gave_is_nothing_to_another_with_the_same_prefix() {
    endpoint.notes.answer(
        "tools/list",
        "{\"tools\":["
            + "{\"name\":\"read\"},".repeat(999)
            + "{\"name\":\"read\"}],\"nextCursor\":\"more\"}");
    String task = endpoint.taskOfNotes("42");
    String cursor = result(endpoint.ask("tools/list", "{}")).string("nextCursor").orElseThrow();
    FakeServer next = new FakeServer();
    next.answer("tasks/get", "{\"taskId\":\"42\"}").answer("tools/list", "{\"tools\":[]}");
    endpoint.federation.change(Endpoint.crew(new Member("notes", next)));
    assertThat(error(endpoint.ask("tasks/get", "{\"taskId\":\"" + task + "\"}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(error(endpoint.ask("tools/list", "{\"cursor\":\"" + cursor + "\"}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(next.asked).isEmpty();
  }

  @Test
  void one_server_alone_has_its_own_names_and_its_prefix_is_gone() {
    endpoint.federation.change(new Crew.One(endpoint.notes));
    result(endpoint.ask("tools/call", "{\"name\":\"read\"}"));
    assertThat(endpoint.notes.askedWith("tools/call")).containsExactly("{\"name\":\"read\"}");
    assertThat(endpoint.federation.groups().of("mail__send")).isEmpty();
    mailInPlaceOfTickets();
    assertThat(endpoint.federation.groups().of("mail__send")).isEqualTo("mail");
    // Callers make names up, and groups are kept in mind.
    assertThat(endpoint.federation.groups().of("made__up"))
        .isEqualTo(endpoint.federation.groups().of("up"));
  }

  @Test
  void other_rules_for_the_tools_of_a_server_take_nothing_from_its_sessions() {
    ClientSession session = new ClientSession("s");
    ClientSession part = partOf(session);
    endpoint.federation.change(
        Endpoint.crew(
            new Member(
                "notes",
                endpoint.notes,
                Isolation.CALLER,
                new ToolRules(List.of("t"), List.of(), Map.of())),
            new Member("mail", mail)));
    assertThat(partOf(session)).isSameAs(part);
    assertThat(names(endpoint.ask("tools/list", "{}"), "tools")).containsExactly("mail__send");
  }

  @Test
  void when_a_second_server_comes_who_listens_to_the_first_alone_is_let_go_and_comes_again()
      throws Exception {
    BlockingQueue<Exchange> alone = new LinkedBlockingQueue<>();
    endpoint.notes.answer("subscriptions/listen", exchange -> listening(exchange, alone));
    endpoint.federation.change(new Crew.One(endpoint.notes));
    BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();
    Thread.ofVirtual()
        .start(
            () ->
                ended.add(
                    endpoint.ask(
                        ANN,
                        "subscriptions/listen",
                        "{\"notifications\":{\"toolsListChanged\":true}}",
                        new Cancellation())));
    assertThat(told()).isEqualTo("notifications/subscriptions/acknowledged");
    endpoint.federation.change(new Crew.One(endpoint.notes));
    assertThat(ended).isEmpty();
    mailInPlaceOfTickets();
    assertThat(ended.poll(20, TimeUnit.SECONDS)).isInstanceOf(Outcome.Complete.class);
    assertThat(alone.take().cancellation().isCancelled()).isTrue();
  }

  @Test
  void who_listens_hears_of_the_change_and_of_the_new_server() throws Exception {
    BlockingQueue<Exchange> old = new LinkedBlockingQueue<>();
    BlockingQueue<Exchange> fresh = new LinkedBlockingQueue<>();
    endpoint.tickets.answer("subscriptions/listen", exchange -> listening(exchange, old));
    mail.answer("subscriptions/listen", exchange -> listening(exchange, fresh));
    Cancellation leaving = new Cancellation();
    Thread.ofVirtual()
        .start(
            () ->
                endpoint.ask(
                    ANN,
                    "subscriptions/listen",
                    "{\"notifications\":{\"toolsListChanged\":true,"
                        + "\"resourceSubscriptions\":[\"mail+m://1\"]}}",
                    leaving));
    assertThat(told()).isEqualTo("notifications/subscriptions/acknowledged");
    Exchange gone = old.take();
    mailInPlaceOfTickets();
    Exchange here = fresh.take();
    assertThat(gone.cancellation().isCancelled()).isTrue();
    here.notify(
        new Message.Notification(
            "notifications/resources/updated", FakeServer.object("{\"uri\":\"m://2\"}")));
    // That it is new is told as an update too, and lists as changed, once or twice.
    List<String> heard = new ArrayList<>();
    while (Collections.frequency(heard, "notifications/resources/updated") < 2
        || !heard.contains("notifications/tools/list_changed")) {
      heard.add(told());
    }
    assertThat(heard)
        .containsOnly("notifications/tools/list_changed", "notifications/resources/updated");
    leaving.cancel();
  }

  private String told() throws InterruptedException {
    Message.Notification next = endpoint.told.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next.method();
  }

  private static Outcome listening(Exchange exchange, BlockingQueue<Exchange> listens) {
    CountDownLatch over = new CountDownLatch(1);
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(over::countDown)) {
      exchange.notify(
          new Message.Notification("notifications/subscriptions/acknowledged", exchange.params()));
      listens.add(exchange);
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Outcome.Cancelled();
  }
}
