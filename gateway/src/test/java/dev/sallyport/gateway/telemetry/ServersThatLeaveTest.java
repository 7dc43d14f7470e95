package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A configuration changes while it is served: what is known of servers goes with them. */
final class ServersThatLeaveTest {
  private static final String CALLS = "mcp_client_operation_duration_seconds_count";
  private static final String SESSIONS = "mcp_client_session_duration_seconds_count";
  private static final Outcome DONE = new Outcome.Complete(JsonObject.EMPTY);
  private static final Map<String, String> NOTES = Map.of("sallyport_server", "notes");

  private final Metrics metrics = new Metrics("x", System::nanoTime);

  private Telemetry.WatchedServer begun(Peer peer) {
    return metrics.toward(peer, _ -> DONE);
  }

  private void used(Telemetry.WatchedServer server, Peer peer) {
    server.handle(Told.call("search"));
    metrics.sessionEnded(peer, ProtocolVersion.LATEST_LEGACY, Duration.ofSeconds(1));
  }

  private StrictPage page() {
    return StrictPage.of(metrics.page(List.of()));
  }

  @Test
  void one_that_is_there_keeps_its_series_and_one_that_left_has_none() {
    Telemetry.WatchedServer tickets = begun(Peer.here("tickets"));
    Telemetry.WatchedServer notes = begun(Peer.here("notes"));
    used(tickets, Peer.here("tickets"));
    used(notes, Peer.here("notes"));
    assertThat(page().values(CALLS, NOTES)).containsExactly(1.0);
    assertThat(page().values(SESSIONS, NOTES)).containsExactly(1.0);

    notes.close();

    assertThat(page().values(CALLS, NOTES)).isEmpty();
    assertThat(page().values(SESSIONS, NOTES)).isEmpty();
    Map<String, String> other = Map.of("sallyport_server", "tickets");
    assertThat(page().values(CALLS, other)).containsExactly(1.0);
    assertThat(page().values(SESSIONS, other)).containsExactly(1.0);
  }

  @Test
  void what_ends_after_it_left_brings_nothing_back() {
    Telemetry.WatchedServer notes = begun(Peer.here("notes"));
    notes.close();
    used(notes, Peer.here("notes"));

    assertThat(page().values(CALLS, Map.of())).isEmpty();
    assertThat(page().values(SESSIONS, Map.of())).isEmpty();
  }

  @Test
  void one_that_is_replaced_goes_on_with_its_numbers_and_is_told_of_as_the_one_that_stays() {
    Peer before = new Peer("notes", "old.example", 443);
    Peer after = new Peer("notes", "new.example", 443);
    Telemetry.WatchedServer old = begun(before);
    used(old, before);
    Telemetry.WatchedServer fresh = begun(after);
    old.close();
    old.close(); // Twice is once.
    used(fresh, after);

    assertThat(page().values(CALLS, Map.of("server_address", "new.example"))).containsExactly(2.0);
    fresh.close();
    assertThat(page().values(CALLS, NOTES)).isEmpty();
  }

  @Test
  void a_replacement_that_is_given_up_leaves_the_one_before_as_it_was() {
    Peer before = new Peer("notes", "old.example", 443);
    Telemetry.WatchedServer old = begun(before);
    used(old, before);
    begun(new Peer("notes", "new.example", 443)).close();

    assertThat(page().values(CALLS, Map.of("server_address", "old.example"))).containsExactly(1.0);
  }

  @Test
  void after_any_number_of_changes_there_is_as_much_room_as_before() {
    for (int i = 0; i < Durations.MOST_SERIES + 10; i++) {
      Peer peer = Peer.here("server" + i);
      try (Telemetry.WatchedServer server = begun(peer)) {
        used(server, peer);
      }
    }
    used(begun(Peer.here("notes")), Peer.here("notes"));

    StrictPage page = page();
    assertThat(page.values(CALLS, Map.of())).containsExactly(1.0);
    assertThat(page.values(CALLS, NOTES)).containsExactly(1.0);
  }
}
