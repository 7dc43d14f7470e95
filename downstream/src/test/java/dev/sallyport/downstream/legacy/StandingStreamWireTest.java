package dev.sallyport.downstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.legacy.LegacyServer.Client;
import dev.sallyport.downstream.legacy.Wire.Event;
import dev.sallyport.downstream.legacy.Wire.Sent;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The GET stream over real sockets: what belongs to no call (mcp-reference A.5, 2.5). */
final class StandingStreamWireTest {
  private final LegacyServer server;
  private final Subscribable changing = new Subscribable();

  StandingStreamWireTest() throws Exception {
    server = new LegacyServer();
    server.handler.answer(
        "server/discover",
        "{\"capabilities\":{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true}}}");
    changing.handles(server.handler);
  }

  @AfterEach
  void nothing_goes_on_afterwards() {
    server.close();
  }

  @Test
  void changes_arrive_on_the_stream_and_can_be_resumed() throws IOException { // LH-01, LH-16
    Client client = ready("2025-11-25");
    String last;
    try (Wire stream = client.get()) {
      assertThat(stream.answer().isStream()).isTrue();
      assertThat(stream.event().orElseThrow().data()).isEmpty(); // LH-08
      Subscribable.Listening listening = changing.next();
      listening.say("notifications/tools/list_changed", "{}");
      Event change = stream.event().orElseThrow();
      assertThat(change.data())
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
      last = change.id().orElseThrow();
      stream.reset();
    }

    subscribe(client, "a:b");
    changing.next().say("notifications/resources/updated", "{\"uri\":\"a:b\"}");

    try (Wire again = client.resume(last)) {
      again.answer();
      assertThat(again.event().orElseThrow().data()).contains("\"uri\":\"a:b\"");
    }
  }

  @Test
  void what_changed_while_nobody_listened_is_told_once_however_often_it_changed()
      throws IOException { // 2.5
    Client client = ready("2025-06-18");
    subscribe(client, "a:b");
    Subscribable.Listening listening = changing.next();
    for (int i = 0; i < 20; i++) {
      listening.say("notifications/resources/updated", "{\"uri\":\"a:b\",\"n\":" + i + "}");
    }

    try (Wire stream = client.get()) {
      stream.answer();
      assertThat(stream.event().orElseThrow().data()).contains("\"n\":19");
      server.exchange(client.in(Sent.delete()));
      assertThat(stream.event()).isEmpty();
    }
  }

  @Test
  void each_message_is_on_one_of_two_streams() throws IOException { // LH-14
    Client client = ready("2025-06-18");
    try (Wire old = client.get()) {
      old.answer(); // so that it is the older one
      try (Wire fresh = client.get()) {
        fresh.answer();
        changing.next().say("notifications/tools/list_changed", "{}");

        assertThat(fresh.event().orElseThrow().data()).contains("list_changed");
        server.exchange(client.in(Sent.delete()));
        assertThat(old.event()).isEmpty();
        assertThat(fresh.event()).isEmpty();
      }
    }
  }

  @Test
  void changes_of_one_session_stay_in_it() throws IOException {
    Client annas = ready("2025-06-18");
    Client berts = server.open("2025-06-18", "{}", "bert");
    try (Wire annasStream = annas.get();
        Wire bertsStream = berts.get()) {
      annasStream.answer();
      bertsStream.answer();
      changing.next().say("notifications/tools/list_changed", "{}");

      assertThat(annasStream.event().orElseThrow().data()).contains("list_changed");
      server.exchange(berts.in(Sent.delete()));
      assertThat(bertsStream.event()).as("bert never was initialized").isEmpty(); // VN-12
    }
  }

  @Test
  void a_stream_without_changes_hears_of_results_of_no_call() throws IOException { // LH-13
    server.handler.on("tools/call", _ -> new Outcome.Complete(JsonObject.EMPTY));
    Client client = ready("2025-06-18");
    try (Wire stream = client.get()) {
      stream.answer();
      assertThat(
              client
                  .exchange(
                      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{}}")
                  .status())
          .isEqualTo(200);
      server.exchange(client.in(Sent.delete()));

      assertThat(stream.event()).isEmpty();
    }
  }

  @Test
  void there_are_only_so_many_streams() throws Exception {
    try (LegacyServer small = new LegacyServer(SessionLimitsOf.streams(2, 10, 1_000))) {
      Client client = small.open("2025-06-18", "{}");
      try (Wire one = client.get();
          Wire two = client.get()) {
        assertThat(one.answer().status()).isEqualTo(200);
        assertThat(two.answer().status()).isEqualTo(200);
        assertThat(client.exchange(Sent.get()).status()).isEqualTo(429);
        small.exchange(client.in(Sent.delete()));
      }
    }
  }

  @Test
  void the_end_of_a_session_ends_its_streams_and_its_subscriptions() throws IOException {
    Client client = ready("2025-11-25");
    try (Wire stream = client.get()) {
      stream.answer();
      stream.event();
      Subscribable.Listening listening = changing.next();
      subscribe(client, "a:b");
      Subscribable.Listening subscription = changing.next();

      server.exchange(client.in(Sent.delete()));

      assertThat(stream.event()).isEmpty();
      assertThat(listening.isOver()).isTrue();
      assertThat(subscription.isOver()).isTrue();
    }
  }

  private Client ready(String version) throws IOException {
    Client client = server.open(version, "{}");
    client.exchange("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    return client;
  }

  private static void subscribe(Client client, String uri) throws IOException {
    assertThat(
            client
                .exchange(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"resources/subscribe\","
                        + "\"params\":{\"uri\":\""
                        + uri
                        + "\"}}")
                .body())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"result\":{}}");
  }
}
