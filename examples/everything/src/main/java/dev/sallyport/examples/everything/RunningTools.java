package dev.sallyport.examples.everything;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.server.Call;
import dev.sallyport.server.Capability;
import dev.sallyport.server.LogLevel;
import dev.sallyport.server.Tool;
import dev.sallyport.server.ToolResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tools that take a while, and tell of it; and tools that change what is listed. */
final class RunningTools {
  private RunningTools() {}

  static List<Tool> all() {
    return List.of(
        Tool.named("test_tool_with_logging")
            .describedAs("Sends three log messages")
            .answering(RunningTools::log),
        Tool.named("test_tool_with_progress")
            .describedAs("Tells its progress")
            .answering(RunningTools::progress),
        Tool.named("test_logging_tool")
            .describedAs("Logs, for whoever wants to hear it")
            .answering(RunningTools::logOnce),
        Tool.named("test_reconnection")
            .describedAs("Closes its stream before it has finished")
            .answering(RunningTools::reconnect),
        Tool.named("test_missing_capability")
            .describedAs("Needs a client that can sample")
            .requires(Capability.SAMPLING)
            .answering(_ -> ToolResult.text("The client can sample.")),
        Tool.named("test_trigger_tool_change")
            .describedAs("Tells listeners that the tools have changed")
            .answering(
                call -> {
                  call.server().toolsChanged();
                  return ToolResult.text("Tools changed.");
                }),
        Tool.named("test_trigger_prompt_change")
            .describedAs("Tells listeners that the prompts have changed")
            .answering(
                call -> {
                  call.server().promptsChanged();
                  return ToolResult.text("Prompts changed.");
                }));
  }

  private static ToolResult log(Call call) throws InterruptedException {
    call.log(LogLevel.INFO, "Tool execution started");
    work(call, 50);
    call.log(LogLevel.INFO, "Tool processing data");
    work(call, 50);
    call.log(LogLevel.INFO, "Tool execution completed");
    return ToolResult.text("Tool with logging executed successfully");
  }

  private static ToolResult logOnce(Call call) {
    call.log(LogLevel.INFO, "A message for whoever asked for messages");
    return ToolResult.text("Logged.");
  }

  private static ToolResult progress(Call call) throws InterruptedException {
    for (int done = 0; done <= 100; done += 50) {
      call.progress(done, 100, "Completed step " + done + " of 100");
      work(call, 50);
    }
    return ToolResult.text("Tool with progress executed successfully");
  }

  private static ToolResult reconnect(Call call) throws InterruptedException {
    call.closeStream();
    work(call, 100);
    return ToolResult.text("Reconnection test completed successfully.");
  }

  /** Stands for work that takes its time, unless it is cancelled. */
  private static void work(Call call, long millis) throws InterruptedException {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Cancellation.Registration registration = call.onCancel(cancelled::countDown)) {
      if (cancelled.await(millis, TimeUnit.MILLISECONDS)) {
        throw new InterruptedException("cancelled");
      }
    }
  }
}
