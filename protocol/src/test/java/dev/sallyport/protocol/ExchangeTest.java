package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExchangeTest {
  private static final Message.Notification NOTE =
      new Message.Notification("notifications/message", JsonObject.EMPTY);

  private final List<Message.Notification> heard = new ArrayList<>();
  private final Exchange exchange =
      new Exchange(
          "tools/call",
          object("{'name':'t'}"),
          Optional.empty(),
          Origin.of(Caller.local("me"), "team").requested(RpcId.of(7)),
          new ClientContext(
              ProtocolVersion.LATEST_MODERN, JsonObject.EMPTY, Optional.empty(), Optional.empty()),
          Optional.of(Json.of("p")),
          heard::add,
          new Cancellation());

  @Test
  void a_notification_reaches_whoever_made_the_exchange() {
    exchange.notify(NOTE);

    assertThat(heard).containsExactly(NOTE);
  }

  @Test
  void nothing_is_notified_once_it_is_cancelled() {
    exchange.cancellation().cancel();

    exchange.notify(NOTE);

    assertThat(heard).isEmpty();
  }

  @Test
  void another_form_of_it_is_cancelled_and_heard_with_it() {
    Exchange continued = exchange.continued(new Continuation(JsonObject.EMPTY, Optional.of("h")));

    continued.notify(NOTE);
    exchange.cancellation().cancel();

    assertThat(heard).containsExactly(NOTE);
    assertThat(continued.progressToken()).contains(Json.of("p"));
    assertThat(continued.cancellation().isCancelled()).isTrue();
    assertThat(continued.params()).isEqualTo(exchange.params());
    assertThat(continued.continuation().flatMap(Continuation::handle)).contains("h");
  }

  @Test
  void the_client_s_stream_is_let_go_of_until_it_is_cancelled() {
    List<String> said = new ArrayList<>();
    Exchange other =
        exchange.withChannel(
            new ClientChannel() {
              @Override
              public void notify(Message.Notification notification) {
                said.add(notification.method());
              }

              @Override
              public void closeStream() {
                said.add("closed");
              }
            });

    other.notify(NOTE);
    other.closeStream();
    other.cancellation().cancel();
    other.closeStream();

    assertThat(said).containsExactly("notifications/message", "closed");
    assertThat(heard).isEmpty();
  }

  @Test
  void what_we_ask_ourselves_keeps_the_caller_and_names_no_request_of_the_client() {
    Origin ours = exchange.origin().ours();

    assertThat(exchange.origin().request()).contains(RpcId.of(7));
    assertThat(ours).isEqualTo(Origin.of(exchange.caller(), "team"));
  }
}
