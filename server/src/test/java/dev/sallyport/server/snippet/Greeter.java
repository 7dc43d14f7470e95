package dev.sallyport.server.snippet;

import dev.sallyport.server.McpServer;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import dev.sallyport.server.schema.Default;
import dev.sallyport.server.schema.Description;

public final class Greeter {
  enum Tone {
    FORMAL,
    WARM
  }

  record Guest(
      @Description("Who is greeted") String name, @Description("How") @Default("WARM") Tone tone) {}

  public static void main(String[] args) {
    McpServer.named("greeter", "1.0.0")
        .tool(
            Tool.named("greet")
                .describedAs("Greets somebody")
                .readOnly()
                .input(Guest.class)
                .answering((guest, call) -> ToolResult.text(greeting(guest))))
        .run(args);
  }

  private static String greeting(Guest guest) {
    return switch (guest.tone()) {
      case FORMAL -> "Good day, " + guest.name() + ".";
      case WARM -> "Hello, " + guest.name() + "!";
    };
  }
}
