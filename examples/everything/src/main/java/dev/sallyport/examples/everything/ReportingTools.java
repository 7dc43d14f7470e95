package dev.sallyport.examples.everything;

import dev.sallyport.protocol.LogLevel;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import java.util.List;

/** Tools that say how they are doing while they work. */
final class ReportingTools {
  private static final long STEP = 50;

  private ReportingTools() {}

  static List<Tool> all() {
    return List.of(logging(), progress(), quietLogging());
  }

  private static Tool logging() {
    return Tool.named("test_tool_with_logging")
        .describedAs("Sends three log messages")
        .readOnly()
        .answering(
            call -> {
              call.log(LogLevel.INFO, "Tool execution started");
              Pause.millis(STEP);
              call.log(LogLevel.INFO, "Tool processing data");
              Pause.millis(STEP);
              call.log(LogLevel.INFO, "Tool execution completed");
              return ToolResult.text("Tool with logging executed successfully");
            });
  }

  private static Tool progress() {
    return Tool.named("test_tool_with_progress")
        .describedAs("Reports progress three times")
        .readOnly()
        .answering(
            call -> {
              call.progress(0, 100, "Completed step 0 of 100");
              Pause.millis(STEP);
              call.progress(50, 100, "Completed step 50 of 100");
              Pause.millis(STEP);
              call.progress(100, 100, "Completed step 100 of 100");
              return ToolResult.text("Tool with progress executed successfully");
            });
  }

  private static Tool quietLogging() {
    return Tool.named("test_logging_tool")
        .describedAs("Sends a log message to whoever asked for such")
        .readOnly()
        .answering(
            call -> {
              call.log(LogLevel.INFO, "Only for those who asked");
              return ToolResult.text("Logged");
            });
  }
}
