package dev.sallyport.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PeerPaceTest {
  private final TestTime time = new TestTime();
  private final PeerPace pace = new PeerPace(time::nanos);

  private int taken(String peer) {
    int taken = 0;
    while (taken < 10_000 && pace.take(InetAddress.ofLiteral(peer))) {
      taken++;
    }
    return taken;
  }

  @Test
  void a_peer_has_a_burst_and_then_so_many_a_second() {
    assertThat(taken("192.0.2.1")).isEqualTo(PeerPace.BURST);
    assertThat(pace.mayTake(InetAddress.ofLiteral("192.0.2.1"))).isFalse();
    time.advance(Duration.ofSeconds(1));
    assertThat(taken("192.0.2.1")).isEqualTo(PeerPace.PER_SECOND);
    time.advance(Duration.ofHours(1));
    assertThat(taken("192.0.2.1")).isEqualTo(PeerPace.BURST);
  }

  @Test
  void what_is_given_back_can_be_taken_again_and_makes_no_more_than_the_burst() {
    InetAddress peer = InetAddress.ofLiteral("192.0.2.1");
    for (int i = 0; i < 1_000; i++) {
      pace.giveBack(peer);
    }
    assertThat(taken("192.0.2.1")).isEqualTo(PeerPace.BURST);
    pace.giveBack(peer);
    assertThat(taken("192.0.2.1")).isEqualTo(1);
  }

  @Test
  void another_address_is_another_peer_and_another_of_the_same_ipv6_network_is_not() {
    assertThat(taken("192.0.2.1")).isEqualTo(PeerPace.BURST);
    assertThat(taken("192.0.2.2")).isEqualTo(PeerPace.BURST);
    assertThat(taken("2001:db8:1:2::1")).isEqualTo(PeerPace.BURST);
    assertThat(taken("2001:db8:1:2:ffff::1")).isZero();
    assertThat(taken("2001:db8:1:3::1")).isEqualTo(PeerPace.BURST);
    assertThat(taken("::ffff:192.0.2.1")).isZero();
  }
}
