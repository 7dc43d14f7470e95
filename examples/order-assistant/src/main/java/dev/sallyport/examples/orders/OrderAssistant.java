package dev.sallyport.examples.orders;

import dev.sallyport.protocol.LogLevel;
import dev.sallyport.server.Ask;
import dev.sallyport.server.Call;
import dev.sallyport.server.CallFailure;
import dev.sallyport.server.Capability;
import dev.sallyport.server.Contents;
import dev.sallyport.server.McpServer;
import dev.sallyport.server.Prompt;
import dev.sallyport.server.PromptMessage;
import dev.sallyport.server.Resource;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import dev.sallyport.server.schema.Description;
import dev.sallyport.server.schema.Title;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A shop's assistant: looks orders up, lists them, and cancels them once a person has agreed. */
public final class OrderAssistant {
  private static final String OPEN_ORDERS = "orders://open";

  private final Orders orders;

  OrderAssistant(Orders orders) {
    this.orders = orders;
  }

  /**
   * Serves on stdio, or with {@code --http HOST:PORT} on HTTP. {@code --data FILE} keeps the
   * orders; without it they are sample data that is gone with the process.
   */
  public static void main(String[] args) throws Exception {
    List<String> rest = new ArrayList<>(List.of(args));
    int data = rest.indexOf("--data");
    boolean keep = data >= 0 && data + 1 < rest.size();
    try (Orders orders = keep ? Orders.open(Path.of(rest.get(data + 1))) : Orders.temporary()) {
      if (keep) {
        rest.subList(data, data + 2).clear();
      }
      new OrderAssistant(orders).server().run(rest.toArray(String[]::new));
    }
  }

  McpServer server() {
    return McpServer.named("order-assistant", "1.0.0")
        .titled("Order assistant")
        .instructions(
            "Looks up and cancels orders of a small shop. Cancelling asks a person first.")
        .tool(lookUp())
        .tool(list())
        .tool(cancel())
        .resource(policy())
        .resource(open())
        .prompt(summary())
        .prompt(apology())
        .build();
  }

  // --- tools ---

  record ById(@Description("The order's number, for example 1001") String orderId) {}

  private Tool lookUp() {
    return Tool.named("lookup_order")
        .titled("Look up an order")
        .describedAs("Finds one order by its number and says where it stands.")
        .readOnly()
        .input(ById.class)
        .output(Order.class)
        .answering((by, _) -> find(by.orderId()));
  }

  record ByCustomer(@Description("The customer's name, for example ada") String customer) {}

  record Found(@Description("The customer's orders, oldest first") List<Order> orders) {}

  private Tool list() {
    return Tool.named("list_orders")
        .titled("List a customer's orders")
        .describedAs("Lists everything a customer has ordered.")
        .readOnly()
        .input(ByCustomer.class)
        .output(Found.class)
        .answering((by, _) -> new Found(orders.ofCustomer(by.customer())));
  }

  private Tool cancel() {
    return Tool.named("cancel_order")
        .titled("Cancel an order")
        .describedAs("Cancels an order that has not been shipped. A person is asked to confirm it.")
        .destructive(true)
        .openWorld(false)
        .input(ById.class)
        .answering(this::cancel);
  }

  record Confirmation(@Title("Yes, cancel this order") boolean confirm) {}

  private ToolResult cancel(ById by, Call call) throws InterruptedException, SQLException {
    Order order = find(by.orderId());
    if (!order.canBeCancelled()) {
      throw new CallFailure("It is too late to cancel. " + order.inWords());
    }
    if (!call.can(Capability.ELICITATION_FORM)) {
      throw new CallFailure(
          "Nothing was cancelled: a person has to confirm it, and this client cannot ask one.");
    }
    boolean agreed =
        call.ask(Ask.form("confirm", "Cancel this order? " + order.inWords(), Confirmation.class))
            .accepted()
            .map(Confirmation::confirm)
            .orElse(false);
    if (!agreed) {
      return ToolResult.text("Nothing was cancelled: the person did not agree.");
    }
    if (!orders.cancel(order.id())) {
      throw new CallFailure("Order " + order.id() + " was shipped in the meantime.");
    }
    call.log(LogLevel.NOTICE, "order " + order.id() + " was cancelled");
    call.server().resourceChanged(OPEN_ORDERS);
    return ToolResult.text("Order " + order.id() + " is cancelled.");
  }

  /** What a {@link CallFailure} says the model reads, so it says how to go on. */
  private Order find(String id) throws InterruptedException, SQLException {
    return orders
        .find(id)
        .orElseThrow(
            () -> new CallFailure("There is no order " + id + ". Order numbers look like 1001."));
  }

  // --- resources ---

  private static Resource policy() {
    return Resource.at("orders://policy/cancellation")
        .named("cancellation-policy")
        .titled("Cancellation policy")
        .describedAs("When an order can be cancelled.")
        .mimeType("text/markdown")
        .reading(
            _ ->
                Contents.text(
                    """
                    # Cancellation

                    An order can be cancelled until it is shipped. A person has to agree.
                    """));
  }

  private Resource open() {
    return Resource.at(OPEN_ORDERS)
        .named("open-orders")
        .titled("Open orders")
        .describedAs("Orders that have not been shipped, oldest first.")
        .mimeType("application/json")
        .subscribable()
        .reading(_ -> Contents.json(new Found(orders.open())));
  }

  // --- prompts ---

  private Prompt summary() {
    return Prompt.named("summarise_order")
        .titled("Sum up an order")
        .describedAs("Sums up an order for its customer.")
        .argument("order_id", "The order's number")
        .completing("order_id", typed -> orders.idsStartingWith(typed.value()))
        .answering(
            (arguments, _) ->
                List.of(
                    PromptMessage.user(
                        "Look up order %s and sum it up in two friendly sentences."
                            .formatted(arguments.get("order_id")))));
  }

  private static Prompt apology() {
    return Prompt.named("apologise_for_delay")
        .titled("Apologise for a delay")
        .describedAs("Writes to a customer whose order is late.")
        .argument("customer", "The customer's name")
        .optionalArgument("tone", "Formal or warm")
        .answering(
            (arguments, _) ->
                List.of(
                    PromptMessage.user(
                        "List the orders of %s and write a short apology for those that are late. Tone: %s."
                            .formatted(
                                arguments.get("customer"),
                                arguments.find("tone").orElse("warm")))));
  }
}
