package dev.sallyport.upstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.wire.FakeWire;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which level a server with one for everybody is given, and when. */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LogSettingTest {
  private final FakeWire wire = new FakeWire();
  private final LogSetting setting = new LogSetting(wire, true);

  private Thread prepare(String level) {
    Exchange exchange =
        new Exchange(
            "tools/call",
            JsonObject.EMPTY,
            Optional.empty(),
            Origin.of(new Caller("key", "alice", "k1"), "test"),
            new ClientContext(
                ProtocolVersion.LATEST_MODERN,
                JsonObject.EMPTY,
                Optional.empty(),
                LogLevel.of(level)),
            Optional.empty(),
            _ -> {},
            new Cancellation());
    return Thread.ofVirtual().start(() -> setting.prepareFor(exchange));
  }

  private Message.Request asked() throws InterruptedException {
    return (Message.Request) wire.sent.take();
  }

  @Test
  void a_level_that_was_taken_is_not_asked_for_again() throws Exception {
    Thread first = prepare("info");
    wire.answers(asked().id(), JsonObject.EMPTY);
    first.join();
    prepare("warning").join();

    assertThat(wire.sent).isEmpty();
  }

  @Test
  void a_level_that_did_not_reach_the_server_is_asked_for_again() throws Exception { // CL-03
    Thread first = prepare("info");
    wire.loses(asked().id());
    first.join();
    Thread second = prepare("info");

    assertThat(asked().method()).isEqualTo("logging/setLevel");
    wire.giveUp();
    second.join();
  }
}
