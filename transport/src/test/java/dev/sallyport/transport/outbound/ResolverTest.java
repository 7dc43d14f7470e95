package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("2001:db8::2");

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();

  private Resolver resolver(Resolver.Lookup lookup) {
    return new Resolver(
        host -> {
          asked.incrementAndGet();
          return lookup.of(host);
        },
        now::get);
  }

  @Test
  void all_addresses_are_given_in_their_order_and_known_for_a_while() throws Exception {
    try (Resolver resolver = resolver(host -> new InetAddress[] {TWO, ONE})) {
      assertThat(resolver.resolve("a.example", LIMIT)).containsExactly(TWO, ONE);
      now.addAndGet(Duration.ofMillis(9_900).toNanos());
      assertThat(resolver.resolve("a.example", LIMIT)).containsExactly(TWO, ONE);
      assertThat(asked).hasValue(1);
      now.addAndGet(Duration.ofMillis(200).toNanos());
      resolver.resolve("a.example", LIMIT);
      resolver.resolve("b.example", LIMIT);
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void a_host_has_no_more_addresses_than_anybody_would_try() throws Exception {
    InetAddress[] many = new InetAddress[1_000];
    Arrays.fill(many, ONE);
    try (Resolver resolver = resolver(host -> many)) {
      assertThat(resolver.resolve("a.example", LIMIT)).hasSize(16);
    }
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 192.0.2.1", "2001:db8::2, 2001:db8:0:0:0:0:0:2"})
  void an_address_is_not_looked_up(String literal, String address) throws Exception {
    try (Resolver resolver = resolver(host -> new InetAddress[0])) {
      assertThat(resolver.resolve(literal, LIMIT)).containsExactly(InetAddress.ofLiteral(address));
      assertThat(asked).hasValue(0);
    }
  }

  @Test
  void a_slow_name_does_not_hold_up_another() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    BlockingQueue<List<InetAddress>> slow = new LinkedBlockingQueue<>();
    try (Resolver resolver =
        resolver(
            host -> {
              if (host.startsWith("slow")) {
                awaitWithoutInterrupts(answered);
              }
              return new InetAddress[] {ONE};
            })) {
      Thread asking = Thread.ofVirtual().start(() -> slow.add(resolved(resolver, "slow.example")));
      awaitAsked(1);

      assertThat(resolver.resolve("quick.example", LIMIT)).containsExactly(ONE);

      Thread too = Thread.ofVirtual().start(() -> slow.add(resolved(resolver, "slow.example")));
      answered.countDown();
      asking.join();
      too.join();
      assertThat(slow).hasSize(2).allMatch(List.of(ONE)::equals);
    }
  }

  private static List<InetAddress> resolved(Resolver resolver, String host) {
    try {
      return resolver.resolve(host, LIMIT);
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private void awaitAsked(int times) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (asked.get() < times && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(asked).hasValue(times);
  }

  /** As the system's own lookup waits. */
  private static void awaitWithoutInterrupts(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void what_is_not_found_is_asked_again() {
    try (Resolver resolver =
        resolver(
            host -> {
              throw new UnknownHostException(host);
            })) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> resolver.resolve("a.example", LIMIT))
            .isInstanceOf(UnknownHostException.class)
            .hasMessage("no address for a.example");
      }
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void a_name_without_an_address_is_not_found() {
    try (Resolver resolver = resolver(host -> new InetAddress[0])) {
      assertThatThrownBy(() -> resolver.resolve("a.example", LIMIT))
          .isInstanceOf(UnknownHostException.class);
    }
  }

  @Test
  void a_lookup_that_takes_too_long_is_given_up_and_others_are_not_kept_for_ever()
      throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Resolver resolver =
        resolver(
            host -> {
              if (host.startsWith("slow")) {
                await(never);
              }
              return new InetAddress[] {ONE};
            })) {
      assertThatThrownBy(() -> resolver.resolve("slow.example", Duration.ofMillis(100)))
          .hasMessage("no address for slow.example in time");
      assertThat(resolver.resolve("a.example", LIMIT)).containsExactly(ONE);
    } finally {
      never.countDown();
    }
  }

  @Test
  void more_lookups_than_may_wait_are_refused_at_once() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Resolver resolver =
            resolver(
                host -> {
                  await(go);
                  return new InetAddress[] {ONE};
                })) {
      List<Future<?>> busy = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        String host = "host" + i + ".example";
        busy.add(threads.submit(() -> resolver.resolve(host, LIMIT)));
      }
      // Two are looked up and 64 wait; the rest is told at once.
      while (busy.stream().filter(ResolverTest::isRefused).count() < 14) {
        Thread.onSpinWait();
      }
      go.countDown();
      for (Future<?> each : busy) {
        if (!isRefused(each)) {
          assertThat(each.get(10, TimeUnit.SECONDS)).isEqualTo(List.of(ONE));
        }
      }
    }
  }

  private static boolean isRefused(Future<?> lookup) {
    return lookup.state() == Future.State.FAILED;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
