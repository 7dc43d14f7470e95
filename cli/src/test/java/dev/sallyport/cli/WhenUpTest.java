package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WhenUpTest {
  private static final Outcome DONE = new Outcome.Complete(JsonObject.EMPTY);

  private final BlockingQueue<Handler> comingUp = new LinkedBlockingQueue<>(1);
  private final Ahead<Handler> server = Ahead.begin("test", this::start, _ -> {});
  private final Cancellation cancellation = new Cancellation();
  private final BlockingQueue<Outcome> outcome = new LinkedBlockingQueue<>(1);

  @AfterEach
  void close() throws CliFault {
    server.close();
  }

  private Handler start() throws CliFault {
    try {
      return comingUp.take();
    } catch (InterruptedException e) {
      throw new CliFault(CliFault.UNAVAILABLE, "it fell");
    }
  }

  private Exchange exchange() {
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

  private void call() {
    Thread.ofVirtual().start(() -> outcome.add(new WhenUp(server).handle(exchange())));
  }

  @Test
  void who_comes_early_is_served_when_the_server_is_up() throws Exception {
    call();
    assertThat(outcome.poll(50, TimeUnit.MILLISECONDS)).isNull();

    comingUp.add(_ -> DONE);

    assertThat(outcome.poll(5, TimeUnit.SECONDS)).isEqualTo(DONE);
  }

  @Test
  void who_comes_later_does_not_wait() throws Exception {
    comingUp.add(_ -> DONE);
    server.get();

    assertThat(new WhenUp(server).handle(exchange())).isEqualTo(DONE);
  }

  @Test
  void who_leaves_waits_no_longer() throws Exception {
    call();

    cancellation.cancel();

    assertThat(outcome.poll(5, TimeUnit.SECONDS)).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  void when_the_server_does_not_come_up_nobody_is_left_waiting() throws Exception {
    call();

    server.close();

    assertThat(outcome.poll(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
  }
}
