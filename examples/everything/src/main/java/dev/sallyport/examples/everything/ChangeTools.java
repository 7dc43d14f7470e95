package dev.sallyport.examples.everything;

import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import java.util.List;

/** Tools that make something happen on other streams than their own. */
final class ChangeTools {
  private ChangeTools() {}

  static List<Tool> all() {
    return List.of(toolChange(), promptChange(), reconnection());
  }

  private static Tool toolChange() {
    return Tool.named("test_trigger_tool_change")
        .describedAs("Tells all who listen that the tools have changed")
        .answering(
            call -> {
              call.server().toolsChanged();
              return ToolResult.text("Told");
            });
  }

  private static Tool promptChange() {
    return Tool.named("test_trigger_prompt_change")
        .describedAs("Tells all who listen that the prompts have changed")
        .answering(
            call -> {
              call.server().promptsChanged();
              return ToolResult.text("Told");
            });
  }

  private static Tool reconnection() {
    return Tool.named("test_reconnection")
        .describedAs("Hangs up in the middle of the call; the result waits for the client's return")
        .answering(
            call -> {
              call.closeStream();
              Pause.millis(100);
              return ToolResult.text("Reconnection test completed successfully");
            });
  }
}
