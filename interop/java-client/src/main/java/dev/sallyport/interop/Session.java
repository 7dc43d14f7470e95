package dev.sallyport.interop;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The SDK's client with what it was told meanwhile. Its lists are filled by the SDK's threads. */
final class Session implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  final Wire wire;
  final McpSyncClient client;
  final List<ProgressNotification> progress = new CopyOnWriteArrayList<>();
  final AtomicInteger toolChanges = new AtomicInteger();
  final ExecutorService threads = Executors.newCachedThreadPool();

  Session(McpClientTransport transport, JsonNode order) {
    Map<String, Object> answer = map(order.path("profile").path("ask").path("answer"));
    this.wire = new Wire(transport);
    this.client =
        McpClient.sync(wire)
            .clientInfo(Implementation.builder("interop-java", "1.0.0").build())
            .capabilities(ClientCapabilities.builder().elicitation().build())
            .elicitation(
                question ->
                    ElicitResult.builder(ElicitResult.Action.ACCEPT).content(answer).build())
            .progressConsumer(progress::add)
            .toolsChangeConsumer(tools -> toolChanges.incrementAndGet())
            .requestTimeout(PATIENCE)
            .initializationTimeout(PATIENCE)
            .build();
  }

  /** Calls the tool that {@code call} names with the arguments it gives. */
  CallToolResult call(JsonNode call) {
    return call(call.path("name").asString(), map(call.path("arguments")));
  }

  CallToolResult call(String name, Map<String, Object> arguments) {
    return client.callTool(CallToolRequest.builder(name).arguments(arguments).build());
  }

  static boolean isError(CallToolResult result) {
    return Boolean.TRUE.equals(result.isError());
  }

  static String text(CallToolResult result) {
    return result.content().stream()
        .filter(TextContent.class::isInstance)
        .map(block -> ((TextContent) block).text())
        .findFirst()
        .orElse("");
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(JsonNode node) {
    return node.isMissingNode() ? Map.of() : JSON.convertValue(node, Map.class);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }
}
