package dev.sallyport.examples.orders;

import dev.sallyport.server.Ask;
import dev.sallyport.server.Call;
import dev.sallyport.server.Contents;
import dev.sallyport.server.Elicited;
import dev.sallyport.server.LogLevel;
import dev.sallyport.server.McpServer;
import dev.sallyport.server.Prompt;
import dev.sallyport.server.PromptMessage;
import dev.sallyport.server.Resource;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import dev.sallyport.server.schema.Description;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A shop's assistant: looks orders up, lists them, and cancels them once a person has agreed. */
public final class OrderAssistant {
  private final Orders orders;

  OrderAssistant(Orders orders) {
    this.orders = orders;
  }

  /**
   * Serves on stdio, or with {@code --http HOST:PORT} on HTTP. {@code --data FILE} keeps the
   * orders; without it they are sample data that is gone with the process.
   */
  public static void main(String[] arguments) throws Exception {
    List<String> rest = new ArrayList<>(List.of(arguments));
    int data = rest.indexOf("--data");
    Path file;
    if (data >= 0 && data + 1 < rest.size()) {
      file = Path.of(rest.remove(data + 1));
      rest.remove(data);
    } else {
      file = Files.createTempFile("orders", ".db");
      file.toFile().deleteOnExit();
    }
    try (Orders orders = Orders.open(file)) {
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
        .resource(statuses())
        .prompt(summary())
        .prompt(apology())
        .build();
  }

  // --- tools ---

  record ById(@Description("The order's number, for example 1001") String orderId) {}

  record ByCustomer(@Description("The customer's name, for example ada") String customer) {}

  record Found(@Description("The customer's orders, oldest first") List<Order> orders) {}

  private Tool lookUp() {
    return Tool.named("lookup_order")
        .titled("Look up an order")
        .describedAs("Finds one order by its number and says where it stands.")
        .readOnly()
        .input(ById.class)
        .answering(
            (by, _) ->
                orders
                    .find(by.orderId())
                    .map(ToolResult::of)
                    .orElseGet(() -> unknown(by.orderId())));
  }

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
        .input(ById.class)
        .answering(this::cancel);
  }

  record Confirmation(@Description("Really cancel this order?") boolean confirm) {}

  private ToolResult cancel(ById by, Call call) throws InterruptedException, SQLException {
    Optional<Order> found = orders.find(by.orderId());
    if (found.isEmpty()) {
      return unknown(by.orderId());
    }
    if (!found.get().canBeCancelled()) {
      return ToolResult.error("It is too late to cancel. " + found.get().inWords());
    }
    boolean agreed =
        call.ask(
                    Ask.form(
                        "confirm",
                        "Cancel this order? " + found.get().inWords(),
                        Confirmation.class))
                instanceof Elicited.Accepted<Confirmation>(var answer)
            && answer.confirm();
    if (!agreed) {
      return ToolResult.text("Nothing was cancelled: the person did not agree.");
    }
    call.log(LogLevel.INFO, "cancelling an order");
    return orders.cancel(by.orderId())
        ? ToolResult.text("Order " + by.orderId() + " is cancelled.")
        : ToolResult.error("Order " + by.orderId() + " was shipped in the meantime.");
  }

  private static ToolResult unknown(String id) {
    return ToolResult.error("There is no order " + id + ". Order numbers look like 1001.");
  }

  // --- resources ---

  private static Resource policy() {
    return Resource.at("orders://policy/cancellation")
        .named("cancellation-policy")
        .describedAs("When an order can be cancelled.")
        .mimeType("text/markdown")
        .reading(
            _ ->
                Contents.text(
                    "# Cancellation\n\n"
                        + "An order can be cancelled until it is shipped. The customer's agreement"
                        + " is needed.\n"));
  }

  private static Resource statuses() {
    return Resource.at("orders://statuses")
        .named("statuses")
        .describedAs("What the states of an order mean.")
        .mimeType("text/plain")
        .reading(
            _ ->
                Contents.text(
                    "PLACED: not shipped yet, can be cancelled\n"
                        + "SHIPPED: on its way\n"
                        + "DELIVERED: with the customer\n"
                        + "CANCELLED: will not be sent\n"));
  }

  // --- prompts ---

  private Prompt summary() {
    return Prompt.named("summarise_order")
        .describedAs("Sums up an order for its customer.")
        .argument("order_id", "The order's number")
        .completing("order_id", typed -> suggestions(typed.value()))
        .answering(
            (arguments, _) ->
                List.of(
                    PromptMessage.user(
                        "Look up order "
                            + arguments.get("order_id")
                            + " and sum it up in two friendly sentences.")));
  }

  private static Prompt apology() {
    return Prompt.named("apologise_for_delay")
        .describedAs("Writes to a customer whose order is late.")
        .argument("customer", "The customer's name")
        .optionalArgument("tone", "Formal or warm")
        .answering(
            (arguments, _) ->
                List.of(
                    PromptMessage.user(
                        "List the orders of "
                            + arguments.get("customer")
                            + " and write a short apology for those that are late. Tone: "
                            + arguments.find("tone").orElse("warm")
                            + ".")));
  }

  private List<String> suggestions(String typed) {
    try {
      return orders.ids().stream().filter(id -> id.startsWith(typed)).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (SQLException e) {
      return List.of();
    }
  }
}
