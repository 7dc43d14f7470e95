package dev.sallyport.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");
  private final MovableClock clock = new MovableClock();

  private static int taken(Pace pace, InetAddress peer, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += pace.take(peer) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void one_peer_has_so_many_a_minute_and_takes_nothing_from_others() {
    Pace pace = new Pace(10, 100, clock::nanos);

    assertThat(taken(pace, ONE, 1_000)).isEqualTo(10);
    assertThat(taken(pace, OTHER, 10)).isEqualTo(10);
    clock.pass(Duration.ofSeconds(30));
    assertThat(taken(pace, ONE, 1_000)).isEqualTo(5);
  }

  @Test
  void all_together_have_a_bound_and_a_network_of_ipv6_is_one() {
    Pace pace = new Pace(10, 15, clock::nanos);

    assertThat(taken(pace, InetAddress.ofLiteral("2001:db8::1"), 10)).isEqualTo(10);
    assertThat(taken(pace, InetAddress.ofLiteral("2001:db8::2"), 10)).isZero();
    assertThat(taken(pace, InetAddress.ofLiteral("2001:db8:0:1::1"), 10)).isEqualTo(5);
    assertThat(taken(pace, ONE, 10)).isZero();
  }
}
