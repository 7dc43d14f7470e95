import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;

/** A server on the MCP Java SDK, on stdio: one tool, one resource, one prompt. */
final class JavaSdkServer {
  private static final String NOTE = "note://java";

  private JavaSdkServer() {}

  public static void main(String[] args) {
    Map<String, Object> text =
        Map.of(
            "type", "object",
            "properties", Map.of("text", Map.of("type", "string")),
            "required", List.of("text"));
    McpServer.sync(new StdioServerTransportProvider(McpJsonDefaults.getMapper()))
        .serverInfo("java-sdk", "1.0.0")
        .capabilities(
            ServerCapabilities.builder().tools(true).resources(false, true).prompts(true).build())
        .toolCall(
            Tool.builder("reverse", text).description("Turns a text round").build(),
            (exchange, request) ->
                CallToolResult.builder()
                    .addTextContent(
                        new StringBuilder(String.valueOf(request.arguments().get("text")))
                            .reverse()
                            .toString())
                    .build())
        .resources(
            new SyncResourceSpecification(
                Resource.builder(NOTE, "note").mimeType("text/plain").build(),
                (exchange, request) ->
                    ReadResourceResult.builder(
                            List.of(
                                TextResourceContents.builder(request.uri(), "A note in Java.")
                                    .mimeType("text/plain")
                                    .build()))
                        .build()))
        .prompts(
            new SyncPromptSpecification(
                Prompt.builder("praise")
                    .arguments(List.of(PromptArgument.builder("what").required(true).build()))
                    .build(),
                (exchange, request) ->
                    GetPromptResult.builder(
                            List.of(
                                PromptMessage.builder(
                                        Role.USER,
                                        TextContent.builder(
                                                "Praise " + request.arguments().get("what") + ".")
                                            .build())
                                    .build()))
                        .build()))
        .build();
  }
}
