package dev.sallyport.cli;

import dev.sallyport.cli.client.ClientException;
import dev.sallyport.cli.client.HttpWire;
import dev.sallyport.cli.client.McpSession;
import dev.sallyport.cli.client.Sessions;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ParameterHeaders;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code sallyport try}: one call of a shared server's tool, from the shell. */
final class TryCommand implements Command {
  private static final int MOST_PAGES = 100;

  private static final Flag KEY =
      Flag.taking(
          "key",
          "KEY",
          "the access key (better: SALLYPORT_KEY, which other users of this machine cannot see)");
  private static final Flag TIMEOUT =
      Flag.taking("timeout", "SECONDS", "how long to wait").withDefault("120");
  private static final Flag JSON = Flag.on("json", "print the whole result as JSON");

  private final Sallyport.Surroundings surroundings;

  TryCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "try";
  }

  @Override
  public String summary() {
    return "Call one tool of a shared server from the shell. Without a tool: list the tools.";
  }

  @Override
  public String usage() {
    return "URL [TOOL [NAME=VALUE]...]";
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.one("URL", "the endpoint, http(s)://…/mcp"),
        Operand.perhaps("TOOL", "the tool's name"),
        Operand.any("NAME=VALUE", "its arguments"));
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("The call", KEY, TIMEOUT), FlagGroup.of("Output", JSON));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "SALLYPORT_KEY=sp_… sallyport try http://127.0.0.1:8080/mcp lookup_order orderId=1001",
        "sallyport try http://127.0.0.1:8080/mcp --key sp_…");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "Values are read by the tool's schema: a number where it wants a number, JSON where it"
            + " wants an object or a list.",
        "Exit codes: 0 the tool succeeded, 1 it failed, 69 the server cannot be reached, 77 it does"
            + " not let you in.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    int timeout = arguments.number(TIMEOUT);
    if (timeout < 1) {
      throw new CliFault(CliFault.USAGE, "--timeout is at least 1");
    }
    boolean json = arguments.has(JSON);
    List<String> words = arguments.operands();
    URI endpoint = EndpointUrl.parse(words.getFirst());
    Optional<String> secret =
        arguments
            .given(KEY)
            .or(() -> Optional.ofNullable(surroundings.environment().get("SALLYPORT_KEY")));
    if (secret.filter(String::isEmpty).isPresent()) {
      throw new CliFault(
          CliFault.USAGE, "the access key is empty", "make one:  sallyport keys add NAME");
    }
    if (secret.isPresent() && "http".equals(endpoint.getScheme()) && !isLoopback(endpoint)) {
      throw new CliFault(
          CliFault.USAGE, "the key would travel in clear: use https, or http to this machine only");
    }
    try (HttpWire wire = new HttpWire(endpoint, secret, Duration.ofSeconds(timeout))) {
      McpSession session = Sessions.open(wire, "sallyport-try", VersionCommand.number());
      List<JsonObject> tools = tools(session);
      return words.size() > 1
          ? callTool(session, find(tools, words.get(1)), words.subList(2, words.size()), json)
          : list(tools, json);
    } catch (ClientException e) {
      throw new CliFault(
          e.turnedAway() ? CliFault.PERMISSION : CliFault.UNAVAILABLE,
          Stream.concat(Stream.of(String.valueOf(e.getMessage())), e.next().stream()).toList());
    }
  }

  private static boolean isLoopback(URI endpoint) {
    return List.of("localhost", "127.0.0.1", "[::1]").contains(endpoint.getHost());
  }

  private static List<JsonObject> tools(McpSession session) throws ClientException, CliFault {
    List<JsonObject> tools = new ArrayList<>();
    JsonObject params = JsonObject.EMPTY;
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonObject result = result(session.ask(Method.TOOLS_LIST.text(), params));
      result
          .array("tools")
          .orElse(List.of())
          .forEach(each -> each.asObject().ifPresent(tools::add));
      Optional<Json> next = result.get("nextCursor");
      if (next.isEmpty()) {
        return tools;
      }
      params = JsonObject.of("cursor", next.get());
    }
    return tools;
  }

  private static JsonObject result(Message.Reply reply) throws CliFault {
    return switch (reply) {
      case Message.Result result -> result.result();
      case Message.Failure failure ->
          throw new CliFault(
              CliFault.FAILURE,
              "the server answered error "
                  + failure.error().code()
                  + ": "
                  + failure.error().message());
    };
  }

  private int list(List<JsonObject> tools, boolean json) {
    for (JsonObject each : tools) {
      String summary = each.string("description").orElse("").lines().findFirst().orElse("");
      surroundings
          .screen()
          .answerOf(
              json
                  ? each.toJson().text()
                  : String.format("%-32s %s", each.string("name").orElse("?"), summary));
    }
    return 0;
  }

  private static JsonObject find(List<JsonObject> tools, String name) throws CliFault {
    return tools.stream()
        .filter(each -> each.string("name").filter(name::equals).isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new CliFault(
                    CliFault.FAILURE,
                    "there is no tool " + name + " for you there",
                    "it has:  "
                        + String.join(
                            ", ",
                            tools.stream()
                                .flatMap(each -> each.string("name").stream())
                                .limit(30)
                                .toList())));
  }

  private int callTool(McpSession session, JsonObject found, List<String> pairs, boolean json)
      throws ClientException, CliFault {
    JsonObject schema = found.object("inputSchema").orElse(JsonObject.EMPTY);
    JsonObject values = ToolArguments.read(pairs, schema);
    JsonObject params =
        JsonObject.of("name", found.get("name").orElse(Json.NULL)).with("arguments", values);
    Map<String, String> mirrored =
        switch (ParameterHeaders.read(schema)) {
          case ParameterHeaders.Reading.Valid(var headers) -> headers.of(values);
          case ParameterHeaders.Reading.Invalid(var why) ->
              throw new CliFault(
                  CliFault.FAILURE,
                  "the tool cannot be called over HTTP, because its schema is at fault: " + why);
        };
    JsonObject result = result(session.ask(Method.TOOLS_CALL.text(), params, mirrored));
    if (result.string("resultType").filter("input_required"::equals).isPresent()) {
      throw new CliFault(
          CliFault.FAILURE,
          "the tool asks a question, which try cannot answer: use a client with elicitation");
    }
    if (json) {
      surroundings.screen().answerOf(result.toJson().text());
    } else {
      result.array("content").orElse(List.of()).forEach(this::print);
    }
    return result.get("isError").flatMap(Json::asBoolean).orElse(false) ? CliFault.FAILURE : 0;
  }

  private void print(Json block) {
    JsonObject content = block.asObject().orElse(JsonObject.EMPTY);
    String type = content.string("type").orElse("?");
    Optional<String> text = content.string("text").filter(any -> type.equals("text"));
    surroundings
        .screen()
        .answerOf(
            text.orElseGet(
                () -> "[" + type + ", " + block.length() + " bytes of JSON; --json shows it]"));
  }
}
