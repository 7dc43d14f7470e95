package dev.sallyport.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ServerCountsTest {
  private static final Tally NOTHING = new Tally();

  /** One that must not be asked anything. */
  private record Unasked(boolean alive, int calls) implements Conversation {
    @Override
    public boolean answers(Duration limit) {
      throw new AssertionError("it was asked");
    }

    @Override
    public boolean busy() {
      return calls > 0;
    }

    @Override
    public Carried carryOut(Exchange exchange) {
      return new Carried.Done(new Outcome.Complete(JsonObject.EMPTY));
    }

    @Override
    public Listening listen(Exchange exchange) {
      return new Listening.Over(new Outcome.Complete(JsonObject.EMPTY));
    }

    @Override
    public boolean has(ListChange list) {
      return true;
    }

    @Override
    public String where() {
      return "nowhere";
    }

    @Override
    public ProtocolVersion version() {
      return ProtocolVersion.LATEST_LEGACY;
    }

    @Override
    public String era() {
      return "legacy";
    }

    @Override
    public void close() {}
  }

  @Test
  void what_lives_or_is_being_ended_counts_and_nobody_is_asked() {
    Slots.Snapshot snapshot =
        new Slots.Snapshot(
            List.of(slot(new Unasked(true, 2)), slot(new Unasked(true, 1)), starting()),
            Optional.of(new Unasked(true, 0)),
            4,
            5);

    ServerCounts counts = ServerCounts.of(standing(0), snapshot, NOTHING);

    assertThat(counts.up()).isTrue();
    assertThat(counts.processes()).isEqualTo(3 + 4);
    assertThat(counts.calls()).isEqualTo(3);
    assertThat(counts.waiting()).isEqualTo(5);
  }

  @Test
  void what_died_and_what_never_started_does_not_count() {
    Slots.Snapshot snapshot =
        new Slots.Snapshot(
            List.of(slot(new Unasked(false, 2)), starting()),
            Optional.of(new Unasked(false, 0)),
            0,
            0);

    ServerCounts counts = ServerCounts.of(standing(0), snapshot, NOTHING);

    assertThat(counts.processes()).isZero();
    assertThat(counts.calls()).isZero();
  }

  @Test
  void it_is_up_until_a_start_fails() {
    Slots.Snapshot nothing = new Slots.Snapshot(List.of(), Optional.empty(), 0, 0);

    assertThat(ServerCounts.of(standing(0), nothing, NOTHING).up()).isTrue();
    assertThat(ServerCounts.of(standing(1), nothing, NOTHING).up()).isFalse();
  }

  @Test
  void events_are_told_and_those_that_did_not_happen_are_zero() {
    Tally tally = new Tally();
    tally.count(Tally.Event.CRASHED, 2);

    ServerCounts counts =
        ServerCounts.of(standing(0), new Slots.Snapshot(List.of(), Optional.empty(), 0, 0), tally);

    assertThat(counts.events()).containsEntry("crashed", 2L).containsEntry("started", 0L);
    assertThat(counts.faults()).isEmpty();
  }

  private static Slot slot(Conversation child) {
    Slot slot = starting();
    slot.ready(child);
    return slot;
  }

  private static Slot starting() {
    return new Slot(new Slot.Key(new Scope.OneCaller(Fakes.ALICE), ClientProfile.NONE));
  }

  private static StartBreaker.Standing standing(int failures) {
    return new StartBreaker.Standing(
        false,
        failures,
        Duration.ZERO,
        failures == 0 ? Optional.empty() : Optional.of(StartException.incompatible(List.of())));
  }
}
