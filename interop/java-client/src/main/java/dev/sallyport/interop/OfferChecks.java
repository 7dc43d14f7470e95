package dev.sallyport.interop;

import static dev.sallyport.interop.Demand.codeOf;
import static dev.sallyport.interop.Demand.holds;
import static dev.sallyport.interop.Demand.same;
import static dev.sallyport.interop.Demand.until;
import static dev.sallyport.interop.Session.map;

import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest.CompleteArgument;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a server lists, and what comes of asking for one of these. Confined to the driver's thread.
 */
final class OfferChecks {
  private final Session session;
  private final McpSyncClient client;
  private final JsonNode profile;

  OfferChecks(Session session, JsonNode profile) {
    this.session = session;
    this.client = session.client;
    this.profile = profile;
  }

  String listTools() {
    List<Tool> tools = client.listTools().tools();
    List<String> names = tools.stream().map(Tool::name).toList();
    for (JsonNode name : profile.path("tools")) {
      holds(names.contains(name.asString()), "no tool " + name + " among " + names);
    }
    tools.forEach(tool -> same("object", tool.inputSchema().get("type")));
    same(names.size(), Set.copyOf(names).size());
    return names.size() + " tools";
  }

  String listResources() {
    List<String> uris = client.listResources().resources().stream().map(Resource::uri).toList();
    for (JsonNode uri : profile.path("resources")) {
      holds(uris.contains(uri.asString()), "no resource " + uri + " among " + uris);
    }
    return uris.size() + " resources";
  }

  String listTemplates() {
    same(
        sorted(profile.path("templates")),
        client.listResourceTemplates().resourceTemplates().stream()
            .map(ResourceTemplate::uriTemplate)
            .sorted()
            .toList());
    return "";
  }

  String listPrompts() {
    List<Prompt> prompts = client.listPrompts().prompts();
    same(sorted(profile.path("prompts")), prompts.stream().map(Prompt::name).sorted().toList());
    return "";
  }

  String read() {
    JsonNode read = profile.path("read");
    ReadResourceRequest request = ReadResourceRequest.builder(read.path("uri").asString()).build();
    TextResourceContents content =
        (TextResourceContents) client.readResource(request).contents().get(0);
    same(read.path("uri").asString(), content.uri());
    holds(content.text().contains(read.path("text").asString()), content.text());
    return "";
  }

  String unknownResource() {
    String uri = profile.path("missingResource").asString();
    int code = codeOf(() -> client.readResource(ReadResourceRequest.builder(uri).build()));
    holds(code == -32002 || code == -32602, "code " + code);
    return String.valueOf(code);
  }

  String prompt() {
    JsonNode prompt = profile.path("prompt");
    GetPromptRequest request =
        GetPromptRequest.builder(prompt.path("name").asString())
            .arguments(map(prompt.path("arguments")))
            .build();
    TextContent content = (TextContent) client.getPrompt(request).messages().get(0).content();
    holds(content.text().contains(prompt.path("text").asString()), content.text());
    return "";
  }

  String unknownPrompt() {
    GetPromptRequest request = GetPromptRequest.builder("no_such_prompt").build();
    same(-32602, codeOf(() -> client.getPrompt(request)));
    return "";
  }

  String completion() {
    JsonNode complete = profile.path("complete");
    CompleteRequest request =
        CompleteRequest.builder(
                PromptReference.builder(complete.path("prompt").asString()).build(),
                new CompleteArgument(
                    complete.path("argument").asString(), complete.path("value").asString()))
            .build();
    same(
        strings(complete.path("values")), client.completeCompletion(request).completion().values());
    return "";
  }

  String listChanged() throws Exception {
    session.toolChanges.set(0);
    session.call(profile.path("announce"));
    until("the news of a changed list", () -> session.toolChanges.get() > 0);
    return "";
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  private static List<String> sorted(JsonNode list) {
    return strings(list).stream().sorted().toList();
  }
}
