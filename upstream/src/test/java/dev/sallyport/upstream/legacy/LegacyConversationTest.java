package dev.sallyport.upstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.FakeWire;
import dev.sallyport.upstream.wire.Mail;
import dev.sallyport.upstream.wire.Watch;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A conversation alone, with a server that is the test. */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LegacyConversationTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final ClientProfile SAMPLING =
      new ClientProfile(false, true, false, false, false, false);

  private final FakeWire wire = new FakeWire();

  private LegacyConversation greeted() throws Exception {
    Thread.ofVirtual().start(this::answerHandshake);
    LegacyConversation child =
        LegacyConversation.greet(
            wire,
            SAMPLING,
            new LegacyOptions(
                JsonObject.EMPTY,
                LONG,
                LONG,
                Duration.ofMillis(50),
                new Watch(LONG, LONG),
                5,
                5,
                false),
            new Parks(new Parks.Bounds(5, 5, LONG), new SecureRandom(), System::nanoTime));
    wire.sent.clear();
    return child;
  }

  private void answerHandshake() {
    try {
      Message.Request initialize = (Message.Request) wire.sent.take();
      wire.answers(
          initialize.id(),
          JsonObject.of("protocolVersion", Json.of(ProtocolVersion.LATEST_LEGACY.text())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Exchange exchange(ClientChannel channel) {
    return new Exchange(
        "tools/call",
        JsonObject.EMPTY,
        Optional.empty(),
        Origin.of(new Caller("key", "alice", "k1"), "test").requested(RpcId.of(1)),
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, JsonObject.EMPTY, Optional.empty(), LogLevel.of("info")),
        Optional.empty(),
        channel,
        new Cancellation());
  }

  private Call only() {
    return wire.calls().only(_ -> true).orElseThrow();
  }

  private static Mail log() {
    return new Mail.Notified(
        new Message.Notification(
            "notifications/message",
            JsonObject.of("level", Json.of("info"), "data", Json.of("more"))));
  }

  /** Has something to tell as soon as the call is there. */
  private void logOnce() {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                wire.sent.take();
                only().put(log());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Test
  void a_call_whose_server_asks_and_logs_without_end_is_parked() throws Exception {
    LegacyConversation child = greeted();
    logOnce();
    int[] told = {0};

    Carried carried =
        child.carryOut(
            exchange(
                _ -> {
                  if (told[0]++ == 0) {
                    wire.asks(
                        new Message.Request(
                            RpcId.of(7), "sampling/createMessage", JsonObject.EMPTY));
                  }
                  wire.calls().only(_ -> true).ifPresent(call -> call.put(log()));
                }));

    assertThat(carried.outcome()).isInstanceOf(Outcome.InputRequired.class);
    assertThat(child.busy()).isTrue();
  }

  @Test
  void a_call_that_breaks_off_on_our_side_leaves_nothing_and_the_server_is_told() throws Exception {
    LegacyConversation child = greeted();
    logOnce();
    IllegalStateException broken = new IllegalStateException("the channel is broken");

    assertThatThrownBy(
            () ->
                child.carryOut(
                    exchange(
                        _ -> {
                          throw broken;
                        })))
        .isSameAs(broken);

    assertThat(child.busy()).isFalse();
    assertThat(wire.cancelled).hasSize(1);
    // Nor is it a call that could carry a question.
    wire.asks(new Message.Request(RpcId.of(7), "sampling/createMessage", JsonObject.EMPTY));
    assertThat(wire.sent).last().isInstanceOf(Message.Failure.class);
  }
}
