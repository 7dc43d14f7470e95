package dev.sallyport.interop;

import static dev.sallyport.interop.Demand.same;

import io.modelcontextprotocol.client.McpSyncClient;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What has to hold in one session with the server. Confined to the driver's thread. */
final class Checks {
  /** A check gives back what the table shows; it fails by throwing. */
  @FunctionalInterface
  interface Check {
    String run() throws Exception;
  }

  private final McpSyncClient client;
  private final JsonNode profile;
  private final OfferChecks offers;
  private final CallChecks calls;

  Checks(Session session, JsonNode order) {
    this.client = session.client;
    this.profile = order.path("profile");
    this.offers = new OfferChecks(session, profile);
    this.calls = new CallChecks(session, profile, new Tap(order.path("tapFile").asString("")));
  }

  /** The checks this profile calls for, by the names of clients/checks.mjs and in their order. */
  Map<String, Check> all() {
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("list tools", offers::listTools);
    when(checks, "resources", "list resources", offers::listResources);
    when(checks, "templates", "list templates", offers::listTemplates);
    when(checks, "prompts", "list prompts", offers::listPrompts);
    checks.put("call", calls::call);
    when(checks, "structured", "structured result", calls::structured);
    when(checks, "echo", "large text", calls::largeText);
    when(checks, "echo", "parallel calls", calls::parallelCalls);
    when(checks, "writes", "writes", calls::writes);
    checks.put("failing tool", calls::failingTool);
    checks.put("unknown tool", calls::unknownTool);
    checks.put("unknown method", calls::unknownMethod);
    when(checks, "read", "read", offers::read);
    when(checks, "missingResource", "unknown resource", offers::unknownResource);
    when(checks, "prompt", "prompt", offers::prompt);
    when(checks, "prompt", "unknown prompt", offers::unknownPrompt);
    when(checks, "complete", "completion", offers::completion);
    when(checks, "progress", "progress", calls::progress);
    when(checks, "cancel", "cancel", calls::cancel);
    when(checks, "ask", "question", calls::question);
    when(checks, "announce", "list changed", offers::listChanged);
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
}
