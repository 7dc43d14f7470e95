package dev.sallyport.server.snippet;

import dev.sallyport.server.McpServer;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;

/** A server whose author left a print statement in it. */
public final class Chatty {
  private Chatty() {}

  @SuppressWarnings("SystemOut") // this is the point
  public static void main(String[] args) {
    McpServer.named("chatty", "1")
        .tool(
            Tool.named("it")
                .describedAs("Prints")
                .answering(
                    call -> {
                      System.out.println("printed by the author's code");
                      return ToolResult.text("done, input " + System.in.read());
                    }))
        .run(args);
  }
}
