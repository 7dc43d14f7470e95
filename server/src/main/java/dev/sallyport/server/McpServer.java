package dev.sallyport.server;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.protocol.RpcError;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An MCP server: what it offers, and the one place its requests go through.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   McpServer.named("greeter", "1.0.0")
 *       .tool(Tool.named("greet").describedAs("Greets somebody")
 *           .input(Guest.class)
 *           .answering((guest, call) -> ToolResult.text("Hello, " + guest.name() + "!")))
 *       .run(args);
 * }
 * }</pre>
 *
 * It is a {@link Handler}, so anything that makes exchanges can serve it, and a test needs no
 * transport. Thread-safe.
 */
public final class McpServer implements Handler, AutoCloseable {
  private final JsonObject discovery;
  private final CacheHint cache;
  private final Pages pages;
  private final AtomicReference<Catalog> catalog;
  private final Subscriptions subscriptions;
  private final Parking parking;
  private final Calls calls;

  /**
   * @param discovery what server/discover answers, but for the capabilities
   */
  McpServer(
      JsonObject discovery, Catalog catalog, CacheHint cache, Limits limits, SecureRandom random) {
    this.discovery = discovery;
    this.cache = cache;
    this.pages = new Pages(limits.pageSize(), cache);
    this.catalog = new AtomicReference<>(catalog);
    this.subscriptions = new Subscriptions(limits.listeners());
    this.parking = new Parking(limits, random);
    this.calls = new Calls(this, parking, limits.running());
  }

  /** Begins a server; {@link McpServerDraft#run} or {@link McpServerDraft#build} ends it. */
  public static McpServerDraft named(String name, String version) {
    return new McpServerDraft(name, version);
  }

  /** As {@link McpServerDraft#run}. */
  public void run(String... args) {
    int code = new CommandLine(this, System.out, System.err).run(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * Serves it to clients on this machine, both eras, until the result is closed; for tests, and for
   * a program that does other things besides.
   *
   * <pre>{@code
   * try (HttpServing serving = server.serveHttp("127.0.0.1", 0)) {
   *   connect(serving.url());
   * }
   * }</pre>
   *
   * @param port 0 for any free one
   * @throws IOException when it cannot listen there, or others could reach it
   */
  public HttpServing serveHttp(String host, int port) throws IOException {
    return HttpServing.open(this, host, port, Set.of(Era.values()));
  }

  @Override
  public Outcome handle(Exchange exchange) {
    return Method.of(exchange.method())
        .map(method -> handle(method, exchange, catalog.get()))
        .orElseGet(McpServer::unknown);
  }

  private Outcome handle(Method method, Exchange exchange, Catalog now) {
    boolean tools = !now.tools().isEmpty();
    boolean prompts = !now.prompts().isEmpty();
    boolean resources = now.hasResources();
    return switch (method) {
      case DISCOVER -> discover(now);
      case LISTEN ->
          offered(tools || prompts || resources, () -> subscriptions.listen(exchange, now));
      case TOOLS_LIST ->
          offered(tools, () -> list(exchange, "tools", now.tools().values(), Tool::listed));
      case TOOLS_CALL -> offered(tools, () -> calls.callTool(exchange, now));
      case PROMPTS_LIST ->
          offered(prompts, () -> list(exchange, "prompts", now.prompts().values(), Prompt::listed));
      case PROMPTS_GET -> offered(prompts, () -> calls.getPrompt(exchange, now));
      case RESOURCES_LIST ->
          offered(
              resources,
              () -> list(exchange, "resources", now.resources().values(), Resource::listed));
      case RESOURCE_TEMPLATES_LIST ->
          offered(
              resources,
              () ->
                  list(
                      exchange,
                      "resourceTemplates",
                      now.templates().values(),
                      ResourceTemplate::listed));
      case RESOURCES_READ -> offered(resources, () -> calls.readResource(exchange, now));
      case COMPLETE -> offered(now.hasCompletions(), () -> Completions.complete(exchange, now));
      // Of the other era: the edge has answered it. Of an extension: not offered here.
      case INITIALIZE, PING, SET_LEVEL, SUBSCRIBE, UNSUBSCRIBE -> unknown();
      case TASKS_GET, TASKS_UPDATE, TASKS_CANCEL -> unknown();
      // Never asked of a server.
      case SAMPLING, ELICIT, ROOTS_LIST, INITIALIZED, ROOTS_CHANGED, CANCELLED -> unknown();
      case PROGRESS, LOG_MESSAGE, ACKNOWLEDGED, TOOLS_CHANGED, PROMPTS_CHANGED -> unknown();
      case RESOURCES_CHANGED, RESOURCE_UPDATED, TASK_CHANGED, ELICITATION_COMPLETE -> unknown();
    };
  }

  /** A method whose capability is not declared does not exist (FE-01). */
  private static Outcome offered(boolean declared, Supplier<Outcome> answer) {
    return declared ? answer.get() : unknown();
  }

  private static Outcome unknown() {
    return new Outcome.Failed(RpcError.methodNotFound());
  }

  private Outcome discover(Catalog now) {
    JsonObject result = JsonObject.of("capabilities", now.capabilities().toJson());
    for (String member : discovery.names()) {
      result = result.with(member, discovery.get(member).orElseThrow());
    }
    return new Outcome.Complete(cache.addTo(result));
  }

  private <T> Outcome list(
      Exchange exchange, String member, Collection<T> all, Function<T, JsonObject> listed) {
    return pages.page(exchange, member, all.stream().map(listed).toList());
  }

  /** Who this is: the Implementation object of the specification. */
  public JsonObject info() {
    return Meta.serverInfo(discovery).orElse(JsonObject.EMPTY);
  }

  /** Offers one more tool, and tells those who listen. */
  public void add(Tool tool) {
    change(now -> now.with(tool), Method.TOOLS_CHANGED);
  }

  public void removeTool(String name) {
    change(now -> now.withoutTool(name), Method.TOOLS_CHANGED);
  }

  /** Offers one more resource, and tells those who listen. */
  public void add(Resource resource) {
    change(now -> now.with(resource), Method.RESOURCES_CHANGED);
  }

  public void removeResource(String uri) {
    change(now -> now.withoutResource(uri), Method.RESOURCES_CHANGED);
  }

  /** Offers one more prompt, and tells those who listen. */
  public void add(Prompt prompt) {
    change(now -> now.with(prompt), Method.PROMPTS_CHANGED);
  }

  public void removePrompt(String name) {
    change(now -> now.withoutPrompt(name), Method.PROMPTS_CHANGED);
  }

  private void change(UnaryOperator<Catalog> change, Method told) {
    catalog.updateAndGet(change);
    subscriptions.listChanged(told);
  }

  /** Tells those who listen that the list of tools is to be fetched again. */
  public void toolsChanged() {
    subscriptions.listChanged(Method.TOOLS_CHANGED);
  }

  /** Tells those who listen that the list of prompts is to be fetched again. */
  public void promptsChanged() {
    subscriptions.listChanged(Method.PROMPTS_CHANGED);
  }

  /** Tells those who listen that the list of resources is to be fetched again. */
  public void resourcesChanged() {
    subscriptions.listChanged(Method.RESOURCES_CHANGED);
  }

  /** Tells those who subscribed to a resource that it is to be read again. */
  public void resourceChanged(String uri) {
    subscriptions.resourceChanged(uri);
  }

  /** Ends subscriptions properly and gives up calls that wait for answers. */
  @Override
  public void close() {
    subscriptions.close();
    parking.close();
  }
}
