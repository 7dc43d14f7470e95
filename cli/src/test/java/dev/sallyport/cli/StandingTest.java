package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.UpstreamOptions;
import dev.sallyport.upstream.UpstreamServer;
import dev.sallyport.upstream.wire.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server on its own: what becomes of its tries, and of those who call meanwhile. */
final class StandingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final Heard heard = new Heard();
  private final Cancellation leaving = new Cancellation();

  /** What somebody is told, in order. */
  private static final class Heard implements Standing.Told {
    private final BlockingQueue<String> words = new ArrayBlockingQueue<>(100);

    @Override
    public void up(Opened server) {
      words.add("up");
    }

    @Override
    public void down(CliFault why, Duration again) {
      words.add("down: " + why.getMessage() + ", again in " + again.toSeconds() + " s");
    }

    String next() throws InterruptedException {
      return Optional.ofNullable(words.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .orElse("nothing");
    }
  }

  private Standing begin(Ahead.Opening<Opened> opening) {
    return Standing.begin("test", opening, heard);
  }

  private static Opened fails() throws CliFault {
    throw new CliFault(CliFault.UNAVAILABLE, "it is not there", "bring it");
  }

  private Opened opened() throws CliFault {
    try {
      String script =
          """
          while read -r line; do
            id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
            case $line in
              *'"initialize"'*) answer='"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}' ;;
              *) answer='"error":{"code":-32601,"message":"no"}' ;;
            esac
            [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,%s}\\n' "$id" "$answer"
          done
          """;
      Path server = Program.script(folder.resolve("server"), script);
      return new Opened(
          UpstreamServer.open("test", ChildCommand.of(server.toString()), UpstreamOptions.DEFAULT),
          Optional.empty(),
          () -> heard.words.add("ended"));
    } catch (StartException | IOException e) {
      throw new CliFault(CliFault.FAILURE, String.valueOf(e.getMessage()));
    }
  }

  /** Opens only when it is let, or interrupted. */
  private static Opened waits(CountDownLatch let) throws CliFault {
    try {
      let.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return fails();
  }

  private Exchange exchange(Cancellation cancellation) {
    return new Exchange(
        Method.TOOLS_LIST.text(),
        JsonObject.EMPTY,
        Optional.empty(),
        Origin.of(new Caller("key", "alice", "k"), ""),
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, JsonObject.EMPTY, Optional.empty(), Optional.empty()),
        Optional.empty(),
        ClientChannel.NONE,
        cancellation);
  }

  @Test
  void one_that_comes_up_is_told_of_and_ended_with_its_standing() throws Exception {
    try (Standing standing = begin(this::opened)) {
      assertThat(heard.next()).isEqualTo("up");
      assertThat(standing.settled(leaving, PATIENCE)).isInstanceOf(Standing.State.Up.class);
    }
    assertThat(heard.next()).isEqualTo("ended");
  }

  @Test
  void one_that_does_not_come_up_is_tried_again_after_longer_and_longer_pauses() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    try (Standing standing = begin(() -> tries.incrementAndGet() < 3 ? fails() : opened())) {
      assertThat(heard.next()).isEqualTo("down: it is not there, again in 1 s");
      assertThat(standing.state())
          .isEqualTo(new Standing.State.Down(List.of("it is not there", "bring it")));
      assertThat(heard.next()).isEqualTo("down: it is not there, again in 2 s");
      assertThat(heard.next()).isEqualTo("up");
      assertThat(standing.state()).isInstanceOf(Standing.State.Up.class);
    }
  }

  @Test
  void what_breaks_inside_is_a_try_that_failed() throws Exception {
    try (Standing standing =
        begin(
            () -> {
              throw new IllegalStateException("it broke");
            })) {
      assertThat(heard.next()).isEqualTo("down: it cannot be opened; see the log, again in 1 s");
      assertThat(standing.state()).isInstanceOf(Standing.State.Down.class);
    }
  }

  @Test
  void who_calls_during_the_first_try_waits_for_it_and_who_calls_later_does_not() throws Exception {
    CountDownLatch let = new CountDownLatch(1);
    BlockingQueue<Outcome> outcome = new ArrayBlockingQueue<>(1);
    try (Standing standing = begin(() -> waits(let))) {
      Thread.ofVirtual().start(() -> outcome.add(standing.handle(exchange(leaving))));
      assertThat(outcome.poll(50, TimeUnit.MILLISECONDS)).isNull();
      let.countDown();
      Outcome unavailable =
          new Outcome.Failed(RpcError.internal("upstream unavailable: test does not start"));
      assertThat(outcome.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(unavailable);
      assertThat(standing.handle(exchange(leaving))).isEqualTo(unavailable);
    }
  }

  @Test
  void who_leaves_waits_no_longer_and_a_wait_has_a_limit() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Standing standing = begin(() -> waits(never))) {
      assertThat(standing.settled(leaving, Duration.ZERO))
          .isInstanceOf(Standing.State.Starting.class);
      leaving.cancel();
      assertThat(standing.handle(exchange(leaving))).isInstanceOf(Outcome.Cancelled.class);
      assertThat(standing.settled(leaving, PATIENCE)).isInstanceOf(Standing.State.Starting.class);
    }
  }

  @Test
  void tries_are_over_when_it_is_up_or_closed_and_not_while_it_fails() throws Exception {
    Standing up = begin(this::opened);
    up.triesAreOver(PATIENCE);
    assertThat(up.state()).isInstanceOf(Standing.State.Up.class);
    up.close();
    Standing failing = begin(StandingTest::fails);
    failing.settled(leaving, PATIENCE);
    long began = System.nanoTime();
    failing.triesAreOver(Duration.ofMillis(200));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(199));
    failing.close();
    failing.triesAreOver(PATIENCE);
    assertThat(failing.state()).isInstanceOf(Standing.State.Down.class);
  }

  @Test
  void a_close_interrupts_a_try_and_nobody_is_told_that_it_failed() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Standing standing = begin(() -> waits(never));
    standing.close();
    assertThat(heard.words).isEmpty();
    assertThat(standing.settled(leaving, PATIENCE)).isInstanceOf(Standing.State.Starting.class);
  }

  @Test
  void a_close_does_not_wait_for_a_pause() throws Exception {
    Standing standing = begin(StandingTest::fails);
    for (String pause : new String[] {"1 s", "2 s"}) {
      assertThat(heard.next()).endsWith("again in " + pause);
    }
    long began = System.nanoTime();
    standing.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    assertThat(heard.words).isEmpty();
  }
}
