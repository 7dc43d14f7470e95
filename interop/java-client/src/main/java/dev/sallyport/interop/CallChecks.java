package dev.sallyport.interop;

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
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** What comes of calling tools, and happens meanwhile. Confined to the driver's thread. */
final class CallChecks {
  private static final int LARGE = 256 * 1024;

  private final Session session;
  private final McpSyncClient client;
  private final JsonNode profile;
  private final Tap tap;

  CallChecks(Session session, JsonNode profile, Tap tap) {
    this.session = session;
    this.client = session.client;
    this.profile = profile;
    this.tap = tap;
  }

  String call() {
    JsonNode call = profile.path("call");
    CallToolResult result = session.call(call);
    holds(!isError(result), "error result: " + result);
    if (call.has("text")) {
      same(call.path("text").asString(), text(result));
    }
    holds(text(result).contains(call.path("contains").asString("")), text(result));
    return "";
  }

  String structured() {
    Map<?, ?> members = (Map<?, ?>) session.call(profile.path("structured")).structuredContent();
    for (JsonNode member : profile.path("structured").path("members")) {
      holds(members.containsKey(member.asString()), "no " + member + " in " + members);
    }
    return "";
  }

  String largeText() {
    String given = "Grüße, 漢字 und 🚪; ".repeat(LARGE / 24);
    same(profile.path("echo").path("prefix").asString() + given, text(echo(given)));
    return "";
  }

  String parallelCalls() throws Exception {
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

  String writes() throws Exception {
    JsonNode writes = profile.path("writes");
    CallToolResult result = session.call(writes);
    holds(!isError(result), "error result: " + result);
    same(
        writes.path("content").asString(),
        Files.readString(Path.of(writes.path("file").asString())));
    return "";
  }

  String failingTool() {
    CallToolResult result = session.call(profile.path("toolError"));
    holds(isError(result) && !text(result).isEmpty(), "no error result: " + result);
    return "";
  }

  String unknownTool() {
    try {
      holds(isError(session.call("no_such_tool", Map.of())), "a result");
      return "error result";
    } catch (McpError refusal) {
      same(-32602, refusal.getJsonRpcError().code());
      return "-32602";
    }
  }

  String unknownMethod() throws InterruptedException {
    same(-32601, session.wire.request("interop/no_such_method").error().code());
    return "";
  }

  String progress() throws Exception {
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

  String cancel() throws Exception {
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

  String question() {
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

  private CallToolResult echo(String given) {
    JsonNode echo = profile.path("echo");
    return session.call(
        echo.path("name").asString(), Map.of(echo.path("argument").asString(), given));
  }
}
