package dev.sallyport.interop;

import static dev.sallyport.interop.Demand.codeOf;
import static dev.sallyport.interop.Demand.holds;
import static dev.sallyport.interop.Demand.same;
import static dev.sallyport.interop.Demand.until;
import static dev.sallyport.interop.Session.isError;
import static dev.sallyport.interop.Session.map;
import static dev.sallyport.interop.Session.text;

import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest.CompleteArgument;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** What has to hold in one session with the server. Confined to the driver's thread. */
final class Checks {
  /** A check gives back what the table shows; it fails by throwing. */
  @FunctionalInterface
  interface Check {
    String run() throws Exception;
  }

  private static final int LARGE = 256 * 1024;

  private final Session session;
  private final McpSyncClient client;
  private final JsonNode profile;
  private final Tap tap;

  Checks(Session session, JsonNode order) {
    this.session = session;
    this.client = session.client;
    this.profile = order.path("profile");
    this.tap = new Tap(order.path("tapFile").asString(""));
  }

  /** The checks this profile calls for, by the names of clients/checks.mjs and in their order. */
  Map<String, Check> all() {
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("list tools", this::listTools);
    when(checks, "resources", "list resources", this::listResources);
    when(checks, "templates", "list templates", this::listTemplates);
    when(checks, "prompts", "list prompts", this::listPrompts);
    checks.put("call", this::call);
    when(checks, "structured", "structured result", this::structured);
    when(checks, "echo", "large text", this::largeText);
    when(checks, "echo", "parallel calls", this::parallelCalls);
    when(checks, "writes", "writes", this::writes);
    checks.put("failing tool", this::failingTool);
    checks.put("unknown tool", this::unknownTool);
    checks.put("unknown method", this::unknownMethod);
    when(checks, "read", "read", this::read);
    when(checks, "missingResource", "unknown resource", this::unknownResource);
    when(checks, "prompt", "prompt", this::prompt);
    when(checks, "prompt", "unknown prompt", this::unknownPrompt);
    when(checks, "complete", "completion", this::completion);
    when(checks, "progress", "progress", this::progress);
    when(checks, "cancel", "cancel", this::cancel);
    when(checks, "ask", "question", this::question);
    when(checks, "announce", "list changed", this::listChanged);
    return checks;
  }

  private void when(Map<String, Check> checks, String member, String name, Check check) {
    if (profile.has(member)) {
      checks.put(name, check);
    }
  }

  String handshake() {
    return client.initialize().protocolVersion();
  }

  String goodbye() {
    same(true, client.closeGracefully());
    return "";
  }

  private String listTools() {
    List<Tool> tools = client.listTools().tools();
    List<String> names = tools.stream().map(Tool::name).toList();
    for (JsonNode name : profile.path("tools")) {
      holds(names.contains(name.asString()), "no tool " + name + " among " + names);
    }
    tools.forEach(tool -> same("object", tool.inputSchema().get("type")));
    same(names.size(), Set.copyOf(names).size());
    return names.size() + " tools";
  }

  private String listResources() {
    List<String> uris = client.listResources().resources().stream().map(Resource::uri).toList();
    for (JsonNode uri : profile.path("resources")) {
      holds(uris.contains(uri.asString()), "no resource " + uri + " among " + uris);
    }
    return uris.size() + " resources";
  }

  private String listTemplates() {
    same(
        sorted(profile.path("templates")),
        client.listResourceTemplates().resourceTemplates().stream()
            .map(ResourceTemplate::uriTemplate)
            .sorted()
            .toList());
    return "";
  }

  private String listPrompts() {
    List<Prompt> prompts = client.listPrompts().prompts();
    same(sorted(profile.path("prompts")), prompts.stream().map(Prompt::name).sorted().toList());
    return "";
  }

  private String call() {
    JsonNode call = profile.path("call");
    CallToolResult result = session.call(call);
    holds(!isError(result), "error result: " + result);
    if (call.has("text")) {
      same(call.path("text").asString(), text(result));
    }
    holds(text(result).contains(call.path("contains").asString("")), text(result));
    return "";
  }

  private String structured() {
    Map<?, ?> members = (Map<?, ?>) session.call(profile.path("structured")).structuredContent();
    for (JsonNode member : profile.path("structured").path("members")) {
      holds(members.containsKey(member.asString()), "no " + member + " in " + members);
    }
    return "";
  }

  private String largeText() {
    String given = "Grüße, 漢字 und 🚪; ".repeat(LARGE / 24);
    same(profile.path("echo").path("prefix").asString() + given, text(echo(given)));
    return "";
  }

  private String parallelCalls() throws Exception {
    List<String> texts = IntStream.range(0, 20).mapToObj(index -> "call " + index).toList();
    List<Callable<String>> calls = new ArrayList<>();
    texts.forEach(given -> calls.add(() -> text(echo(given))));
    String prefix = profile.path("echo").path("prefix").asString();
    List<Future<String>> results = session.threads.invokeAll(calls);
    for (int index = 0; index < texts.size(); index++) {
      same(prefix + texts.get(index), results.get(index).get());
    }
    return "";
  }

  private String writes() throws Exception {
    JsonNode writes = profile.path("writes");
    CallToolResult result = session.call(writes);
    holds(!isError(result), "error result: " + result);
    same(
        writes.path("content").asString(),
        Files.readString(Path.of(writes.path("file").asString())));
    return "";
  }

  private String failingTool() {
    CallToolResult result = session.call(profile.path("toolError"));
    holds(isError(result) && !text(result).isEmpty(), "no error result: " + result);
    return "";
  }

  private String unknownTool() {
    try {
      holds(isError(session.call("no_such_tool", Map.of())), "a result");
      return "error result";
    } catch (McpError refusal) {
      same(-32602, refusal.getJsonRpcError().code());
      return "-32602";
    }
  }

  private String unknownMethod() throws InterruptedException {
    same(-32601, session.wire.request("interop/no_such_method").error().code());
    return "";
  }

  private String read() {
    JsonNode read = profile.path("read");
    ReadResourceRequest request = ReadResourceRequest.builder(read.path("uri").asString()).build();
    TextResourceContents content =
        (TextResourceContents) client.readResource(request).contents().get(0);
    same(read.path("uri").asString(), content.uri());
    holds(content.text().contains(read.path("text").asString()), content.text());
    return "";
  }

  private String unknownResource() {
    String uri = profile.path("missingResource").asString();
    int code = codeOf(() -> client.readResource(ReadResourceRequest.builder(uri).build()));
    holds(code == -32002 || code == -32602, "code " + code);
    return String.valueOf(code);
  }

  private String prompt() {
    JsonNode prompt = profile.path("prompt");
    GetPromptRequest request =
        GetPromptRequest.builder(prompt.path("name").asString())
            .arguments(map(prompt.path("arguments")))
            .build();
    TextContent content = (TextContent) client.getPrompt(request).messages().get(0).content();
    holds(content.text().contains(prompt.path("text").asString()), content.text());
    return "";
  }

  private String unknownPrompt() {
    GetPromptRequest request = GetPromptRequest.builder("no_such_prompt").build();
    same(-32602, codeOf(() -> client.getPrompt(request)));
    return "";
  }

  private String completion() {
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

  private String progress() throws Exception {
    session.progress.clear();
    session.wire.progress().clear();
    int steps = profile.path("progress").path("steps").asInt();
    client.callTool(
        CallToolRequest.builder(profile.path("progress").path("name").asString())
            .arguments(map(profile.path("progress").path("arguments")))
            .progressToken("java-token")
            .build());
    same(IntStream.rangeClosed(1, steps).boxed().toList(), session.wire.progress());
    until("the last progress notification", () -> session.progress.size() >= steps);
    same(
        IntStream.rangeClosed(1, steps).mapToObj(step -> (double) step).toList(),
        session.progress.stream().map(ProgressNotification::progress).sorted().toList());
    holds(
        session.progress.stream().allMatch(step -> step.progressToken().equals("java-token")),
        "a foreign token in " + session.progress);
    return session.progress.size() + " of " + steps;
  }

  private String cancel() throws Exception {
    JsonNode cancel = profile.path("cancel");
    int before = tap.size();
    session.wire.forgetLastCall();
    Future<CallToolResult> running = session.threads.submit(() -> session.call(cancel));
    until("the call is sent", session.wire::callWasSent);
    Object id = session.wire.lastCall();
    if (cancel.has("watch")) {
      until("the call runs", () -> text(session.call(cancel.path("watch"))).equals("running"));
      session.wire.cancel(id);
      until(
          "the server was told",
          () -> text(session.call(cancel.path("watch"))).equals("cancelled"));
    } else {
      until("the call runs", () -> !tap.since(before, "tools/call").isEmpty());
      session.wire.cancel(id);
      until("the server was told", () -> !tap.since(before, "notifications/cancelled").isEmpty());
      same(
          tap.since(before, "tools/call").get(0).path("id"),
          tap.since(before, "notifications/cancelled").get(0).path("params").path("requestId"));
    }
    running.cancel(true);
    return "";
  }

  private String question() {
    try {
      same(profile.path("ask").path("text").asString(), text(session.call(profile.path("ask"))));
      return "answered";
    } catch (McpError refusal) {
      // Within an era it has to work; across, until pairings are built, a clean refusal will do.
      holds(!profile.path("era").asString().equals("legacy"), String.valueOf(refusal.getMessage()));
      same(-32021, refusal.getJsonRpcError().code());
      return "-32021";
    }
  }

  private String listChanged() throws Exception {
    session.toolChanges.set(0);
    session.call(profile.path("announce"));
    until("the news of a changed list", () -> session.toolChanges.get() > 0);
    return "";
  }

  private CallToolResult echo(String given) {
    JsonNode echo = profile.path("echo");
    return session.call(
        echo.path("name").asString(), Map.of(echo.path("argument").asString(), given));
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  private static List<String> sorted(JsonNode list) {
    return strings(list).stream().sorted().toList();
  }
}
