package dev.sallyport.examples.orders;

import dev.sallyport.server.schema.Description;
import java.time.LocalDate;
import java.util.Locale;

/** What was ordered. As a tool's output, its components become the output schema. */
record Order(
    @Description("The order's number") String id,
    @Description("Who ordered") String customer,
    @Description("What was ordered") String item,
    @Description("How many") int quantity,
    @Description("The total in cents") long totalCents,
    @Description("The day of the order") LocalDate orderedOn,
    @Description("Where it stands") Status status) {

  /** Where an order stands. */
  enum Status {
    PLACED,
    SHIPPED,
    DELIVERED,
    CANCELLED
  }

  boolean canBeCancelled() {
    return status == Status.PLACED;
  }

  String inWords() {
    return String.format(
        Locale.ROOT,
        "Order %s: %d x %s for %s, %d.%02d, placed on %s, %s.",
        id,
        quantity,
        item,
        customer,
        totalCents / 100,
        totalCents % 100,
        orderedOn,
        status.name().toLowerCase(Locale.ROOT));
  }
}
