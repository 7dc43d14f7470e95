package dev.sallyport.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.server.McpServer;
import dev.sallyport.server.schema.Literals;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OrderAssistantTest {
  private static final String FORMS = "{\"elicitation\":{}}";
  private static final String CANCEL_1003 =
      "{\"name\":\"cancel_order\",\"arguments\":{\"orderId\":\"1003\"}}";

  @TempDir Path folder;
  private Orders orders;
  private McpServer server;
  private final BlockingQueue<Message.Notification> heard = new LinkedBlockingQueue<>(100);

  @BeforeEach
  void open() throws Exception {
    orders = Orders.open(folder.resolve("sub").resolve("orders.db"));
    server = new OrderAssistant(orders).server();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    orders.close();
  }

  private Outcome request(
      String method, String params, String capabilities, Optional<Continuation> answers) {
    return server.handle(
        new Exchange(
            method,
            Literals.object(params),
            answers,
            Origin.of(Caller.local("tester"), "test").requested(RpcId.of(1)),
            new ClientContext(
                ProtocolVersion.LATEST_MODERN,
                Literals.object(capabilities),
                Optional.empty(),
                Optional.empty()),
            Optional.empty(),
            heard::add,
            new Cancellation()));
  }

  private String text(String method, String params) {
    return text(request(method, params, "{}", Optional.empty()));
  }

  private static String text(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Complete.class);
    return ((Outcome.Complete) outcome).result().toJson().text();
  }

  private String call(String tool, String arguments) {
    return text("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
  }

  /** Asks to cancel order 1003 and answers the question. */
  private String cancelAnswering(String answer) {
    Outcome asked = request("tools/call", CANCEL_1003, FORMS, Optional.empty());
    assertThat(asked).isInstanceOf(Outcome.InputRequired.class);
    Outcome.InputRequired questions = (Outcome.InputRequired) asked;
    assertThat(questions.questions().getFirst().params().string("message").orElseThrow())
        .contains("Signal lamp");
    JsonObject answers = JsonObject.EMPTY.with("confirm", Literals.object(answer));
    return text(
        request(
            "tools/call",
            CANCEL_1003,
            FORMS,
            Optional.of(new Continuation(answers, questions.handle()))));
  }

  @Test
  void an_order_is_looked_up_by_its_number() {
    assertThat(call("lookup_order", "{\"orderId\":\"1001\"}"))
        .contains("\"structuredContent\":{\"id\":\"1001\",\"customer\":\"ada\"")
        .doesNotContain("isError");
  }

  @Test
  void an_order_that_is_not_there_is_said_to_the_model() {
    assertThat(call("lookup_order", "{\"orderId\":\"9\"}"))
        .contains("There is no order 9", "\"isError\":true");
  }

  @Test
  void the_orders_of_a_customer_are_listed_and_a_stranger_has_none() {
    assertThat(call("list_orders", "{\"customer\":\"ada\"}")).contains("1001", "1002");
    assertThat(call("list_orders", "{\"customer\":\"' OR 1=1 --\"}"))
        .contains("\"structuredContent\":{\"orders\":[]}");
  }

  @Test
  void an_order_is_cancelled_once_a_person_agrees_and_those_who_watch_are_told() throws Exception {
    Thread listener =
        Thread.ofVirtual()
            .start(
                () ->
                    request(
                        "subscriptions/listen",
                        "{\"notifications\":{\"resourceSubscriptions\":[\"orders://open\"]}}",
                        "{}",
                        Optional.empty()));
    assertThat(heard.poll(10, TimeUnit.SECONDS).method())
        .isEqualTo("notifications/subscriptions/acknowledged");

    assertThat(cancelAnswering("{\"action\":\"accept\",\"content\":{\"confirm\":true}}"))
        .contains("Order 1003 is cancelled");

    assertThat(heard.poll(10, TimeUnit.SECONDS).method())
        .isEqualTo("notifications/resources/updated");
    assertThat(text("resources/read", "{\"uri\":\"orders://open\"}"))
        .contains("1004")
        .doesNotContain("1003");
    server.close();
    listener.join();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"action\":\"decline\"}",
        "{\"action\":\"cancel\"}",
        "{\"action\":\"accept\",\"content\":{\"confirm\":false}}"
      })
  void nothing_is_cancelled_when_the_person_does_not_agree(String answer) {
    assertThat(cancelAnswering(answer)).contains("Nothing was cancelled");
    assertThat(call("lookup_order", "{\"orderId\":\"1003\"}")).contains("PLACED");
  }

  @Test
  void nothing_is_cancelled_when_nobody_can_be_asked() {
    assertThat(text("tools/call", CANCEL_1003)).contains("Nothing was cancelled", "isError");
    assertThat(call("lookup_order", "{\"orderId\":\"1003\"}")).contains("PLACED");
  }

  @Test
  void an_order_that_was_shipped_cannot_be_cancelled() {
    assertThat(call("cancel_order", "{\"orderId\":\"1002\"}"))
        .contains("too late", "\"isError\":true");
  }

  @Test
  void there_are_three_tools_two_resources_and_two_prompts() {
    assertThat(text("tools/list", "{}"))
        .contains("lookup_order", "list_orders", "cancel_order", "\"destructiveHint\":true");
    assertThat(text("resources/list", "{}")).contains("orders://policy", "orders://open");
    assertThat(text("prompts/list", "{}")).contains("summarise_order", "apologise_for_delay");
  }

  @Test
  void prompts_and_their_completion_answer() {
    assertThat(
            text(
                "prompts/get",
                "{\"name\":\"summarise_order\",\"arguments\":{\"order_id\":\"1001\"}}"))
        .contains("Look up order 1001");
    assertThat(
            text(
                "prompts/get",
                "{\"name\":\"apologise_for_delay\",\"arguments\":{\"customer\":\"ada\"}}"))
        .contains("Tone: warm");
    assertThat(
            text(
                "completion/complete",
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"summarise_order\"},"
                    + "\"argument\":{\"name\":\"order_id\",\"value\":\"100\"}}"))
        .contains("\"values\":[\"1001\",\"1002\",\"1003\",\"1004\",\"1005\"]");
  }

  @Test
  void orders_are_kept_in_a_file_and_gone_with_a_temporary_one() throws Exception {
    assertThat(orders.cancel("1003")).isTrue();
    assertThat(orders.cancel("1003")).isFalse();
    orders.close();
    orders = Orders.open(folder.resolve("sub").resolve("orders.db"));
    assertThat(orders.find("1003").orElseThrow().status()).isEqualTo(Order.Status.CANCELLED);
    try (Orders fresh = Orders.temporary()) {
      assertThat(fresh.find("1003").orElseThrow().canBeCancelled()).isTrue();
    }
  }
}
