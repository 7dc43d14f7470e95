package dev.sallyport.upstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.upstream.wire.FakeWire;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ServerRequestsTest {
  private final FakeWire wire = new FakeWire();
  private final ServerRequests requests =
      new ServerRequests(wire, new ClientProfile(false, true, false, false, false, false), false);

  private LegacyCall begin() {
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
                Optional.empty()),
            Optional.empty(),
            ClientChannel.NONE,
            new Cancellation());
    LegacyCall call = new LegacyCall(wire.calls().begin().orElseThrow(), exchange);
    requests.began(call);
    return call;
  }

  private static Message.Request question(int id, int size) {
    return new Message.Request(
        RpcId.of(id),
        "sampling/createMessage",
        JsonObject.of("systemPrompt", Json.of("x".repeat(size))));
  }

  @Test
  void what_is_asked_at_once_is_bounded_in_bytes_over_all_calls() {
    LegacyCall one = begin();
    requests.take(question(1, 20 << 20), Optional.empty());
    LegacyCall two = begin();

    requests.take(question(2, 20 << 20), Optional.empty());
    requests.take(question(3, 5 << 20), Optional.empty());

    assertThat(one.questions().toQuestions()).hasSize(1);
    assertThat(two.questions().toQuestions()).hasSize(1);
    assertThat(wire.sent)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Failure.class, failure -> assertThat(failure.id()).contains(RpcId.of(2)));
  }

  @Test
  void a_question_outside_any_call_is_refused() {
    requests.take(question(1, 10), Optional.empty());

    assertThat(wire.sent)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Failure.class,
            failure -> assertThat(failure.error().code()).isEqualTo(RpcError.INVALID_PARAMS));
  }

  @Test
  void but_roots_are_none_there_which_servers_that_ask_at_once_can_live_with() {
    ServerRequests rooted =
        new ServerRequests(wire, new ClientProfile(true, false, false, false, false, false), false);
    rooted.take(new Message.Request(RpcId.of(1), "roots/list", JsonObject.EMPTY), Optional.empty());

    assertThat(wire.sent)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Result.class,
            none -> assertThat(none.result().toJson().text()).isEqualTo("{\"roots\":[]}"));
    assertThat(wire.remarks).isEmpty();
  }

  @Test
  void and_nobodys_who_did_not_declare_them() {
    requests.take(
        new Message.Request(RpcId.of(1), "roots/list", JsonObject.EMPTY), Optional.empty());

    assertThat(wire.sent)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Failure.class,
            failure -> assertThat(failure.error().code()).isEqualTo(RpcError.METHOD_NOT_FOUND));
  }

  @Test
  void a_question_left_over_goes_to_another_call_and_says_that_this_is_a_guess() {
    LegacyCall first = begin();
    LegacyCall asked = begin();
    requests.take(question(1, 10), Optional.empty());

    requests.ended(asked);

    assertThat(first.questions().toQuestions())
        .singleElement()
        .satisfies(
            question ->
                assertThat(question.params().object("_meta").orElseThrow())
                    .isEqualTo(JsonObject.of("dev.sallyport/attribution", Json.of("inferred"))));
  }
}
