package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ALICE;
import static dev.sallyport.upstream.Fakes.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.upstream.WaitingLine.Ticket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WaitingLineTest {
  private final WaitingLine line = new WaitingLine();
  private final Map<Optional<Caller>, Long> held = new HashMap<>();
  private final Set<Optional<Caller>> full = new HashSet<>();

  private static Ticket of(Caller caller) {
    return new Ticket(Optional.of(caller));
  }

  private boolean waits(Ticket ticket) {
    return line.precedes(
        ticket, account -> held.getOrDefault(account, 0L), account -> !full.contains(account));
  }

  @Test
  void who_came_first_goes_first() {
    Ticket first = of(ALICE);
    Ticket second = of(BOB);
    line.join(first);
    line.join(second);

    assertThat(waits(first)).isFalse();
    assertThat(waits(second)).isTrue();
    line.leave(first);
    assertThat(waits(second)).isFalse();
  }

  @Test
  void who_has_less_goes_before_who_came_first() {
    Ticket greedy = of(ALICE);
    held.put(Optional.of(ALICE), 3L);
    line.join(greedy);
    Ticket modest = of(BOB);

    assertThat(waits(modest)).isFalse();
    line.join(modest);
    assertThat(waits(greedy)).isTrue();
  }

  @Test
  void who_has_just_come_does_not_overtake_an_equal() {
    line.join(of(ALICE));

    assertThat(waits(of(BOB))).isTrue();
  }

  @Test
  void who_may_have_no_more_keeps_nobody_waiting() {
    line.join(of(ALICE));
    full.add(Optional.of(ALICE));

    assertThat(waits(of(BOB))).isFalse();
  }

  @Test
  void the_line_is_bounded_for_each_caller_and_in_all() {
    for (int i = 0; i < WaitingLine.MOST_PER_CALLER; i++) {
      assertThat(line.join(of(ALICE))).isTrue();
    }
    assertThat(line.join(of(ALICE))).isFalse();
    for (int i = line.size(); i < WaitingLine.MOST; i++) {
      assertThat(line.join(of(new Caller("key", "c" + i, "k")))).isTrue();
    }
    assertThat(line.join(of(BOB))).isFalse();
  }

  @Test
  void joining_twice_takes_one_place() {
    Ticket ticket = of(ALICE);
    line.join(ticket);
    line.join(ticket);

    assertThat(line.size()).isEqualTo(1);
    line.leave(ticket);
    assertThat(line.isEmpty()).isTrue();
  }
}
