package dev.sallyport.cli;

import dev.sallyport.cli.client.ClientException;
import dev.sallyport.cli.client.HttpWire;
import dev.sallyport.cli.client.McpSession;
import dev.sallyport.cli.client.StdioWire;
import dev.sallyport.cli.client.Wire;
import dev.sallyport.cli.client.legacy.LegacySession;
import dev.sallyport.cli.client.modern.ModernSession;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.upstream.EraChoice;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the order assistant the same questions four ways (straight over its pipes and through the
 * gateway, with and without a handshake) and compares the answers: byte for byte across transports;
 * across eras, after what only modern results carry is taken away.
 */
final class DemoCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonObject INFO =
      JsonObject.of("name", Json.of("sallyport-demo-check"), "version", Json.of("1"));

  private final Sallyport.Surroundings surroundings;
  private final List<String> command;
  private final Share.Settings shared;

  /**
   * @param command starts the order assistant
   * @param shared how it is shared meanwhile
   */
  DemoCheck(Sallyport.Surroundings surroundings, List<String> command, Share.Settings shared) {
    this.surroundings = surroundings;
    this.command = List.copyOf(command);
    this.shared = shared;
  }

  /** One question of the check. */
  private record Step(String label, Method method, JsonObject params) {}

  private static List<Step> steps() {
    return List.of(
        new Step("list tools", Method.TOOLS_LIST, JsonObject.EMPTY),
        new Step(
            "look up an order",
            Method.TOOLS_CALL,
            call("lookup_order", JsonObject.of("orderId", Json.of("1001")))),
        new Step(
            "list a customer's orders",
            Method.TOOLS_CALL,
            call("list_orders", JsonObject.of("customer", Json.of("ada")))),
        new Step(
            "an order that is not there",
            Method.TOOLS_CALL,
            call("lookup_order", JsonObject.of("orderId", Json.of("9999")))),
        new Step(
            "a tool that is not there", Method.TOOLS_CALL, call("no_such_tool", JsonObject.EMPTY)),
        new Step("list resources", Method.RESOURCES_LIST, JsonObject.EMPTY),
        new Step(
            "read a resource",
            Method.RESOURCES_READ,
            JsonObject.of("uri", Json.of("orders://policy/cancellation"))),
        new Step("list prompts", Method.PROMPTS_LIST, JsonObject.EMPTY),
        new Step(
            "get a prompt",
            Method.PROMPTS_GET,
            JsonObject.of("name", Json.of("summarise_order"))
                .with("arguments", JsonObject.of("order_id", Json.of("1001")))));
  }

  private static JsonObject call(String tool, JsonObject arguments) {
    return JsonObject.of("name", Json.of(tool)).with("arguments", arguments);
  }

  /** The ways to ask, in the order of the table's columns. */
  private enum Way {
    STDIO_MODERN,
    HTTP_MODERN,
    STDIO_LEGACY,
    HTTP_LEGACY
  }

  /**
   * Prints a row a question.
   *
   * @return 0 only if every answer was the same
   */
  int run() throws CliFault {
    VersionCommand.lines().forEach(line -> surroundings.screen().say("  " + line));
    Map<Way, List<Json>> answers = new LinkedHashMap<>();
    try {
      for (boolean modern : List.of(true, false)) {
        try (StdioWire pipe = new StdioWire(command)) {
          answers.put(modern ? Way.STDIO_MODERN : Way.STDIO_LEGACY, ask(session(pipe, modern)));
        }
      }
    } catch (ClientException e) {
      throw failed(e);
    }
    throughGateway(answers);
    return report(answers);
  }

  /** In each era the assistant is spoken to as it is spoken to by the client. */
  private void throughGateway(Map<Way, List<Json>> answers) throws CliFault {
    // What an operator is told is not for whoever watches the check.
    Sallyport.Surroundings quiet =
        new Sallyport.Surroundings(
            surroundings.environment(),
            surroundings.userHome(),
            surroundings.user(),
            Screen.silent());
    for (EraChoice era : List.of(EraChoice.MODERN, EraChoice.LEGACY)) {
      boolean modern = era == EraChoice.MODERN;
      new Share(quiet, shared.briefly(era))
          .run(
              (url, key, _) ->
                  answers.put(modern ? Way.HTTP_MODERN : Way.HTTP_LEGACY, ask(url, key, modern)));
    }
  }

  private static List<Json> ask(String url, Optional<String> key, boolean modern) throws CliFault {
    try (HttpWire wire = new HttpWire(URI.create(url), key, PATIENCE)) {
      return ask(session(wire, modern));
    } catch (ClientException e) {
      throw failed(e);
    }
  }

  private static CliFault failed(ClientException e) {
    return new CliFault(CliFault.FAILURE, "the check could not be made: " + e.getMessage());
  }

  private static McpSession session(Wire wire, boolean modern) throws ClientException {
    return modern
        ? new ModernSession(wire, INFO, JsonObject.EMPTY)
        : LegacySession.open(wire, INFO, JsonObject.EMPTY);
  }

  private static List<Json> ask(McpSession session) throws ClientException {
    List<Json> answers = new ArrayList<>();
    for (Step step : steps()) {
      answers.add(
          switch (session.ask(step.method().text(), step.params())) {
            case Message.Result result -> result.result().toJson();
            case Message.Failure failure ->
                JsonObject.of(
                        "error",
                        Json.of(failure.error().code()),
                        "message",
                        Json.of(failure.error().message()))
                    .toJson();
          });
    }
    return answers;
  }

  private int report(Map<Way, List<Json>> answers) {
    Screen screen = surroundings.screen();
    screen.say(
        String.format(
            "  %-28s %-18s %-18s %s",
            "QUESTION", "STDIO = HTTP", "STDIO = HTTP", "WITH = WITHOUT"));
    screen.say(
        String.format("  %-28s %-18s %-18s %s", "", "no handshake", "handshake", "handshake"));
    boolean held = true;
    List<Step> steps = steps();
    for (int i = 0; i < steps.size(); i++) {
      boolean modern =
          answer(answers, Way.STDIO_MODERN, i).equals(answer(answers, Way.HTTP_MODERN, i));
      boolean legacy =
          answer(answers, Way.STDIO_LEGACY, i).equals(answer(answers, Way.HTTP_LEGACY, i));
      boolean eras =
          common(answer(answers, Way.STDIO_MODERN, i))
              .equals(common(answer(answers, Way.STDIO_LEGACY, i)));
      held &= modern && legacy && eras;
      screen.say(
          String.format(
              "  %-28s %-18s %-18s %s",
              steps.get(i).label(), word(modern), word(legacy), word(eras)));
    }
    if (held) {
      screen.done(
          "held", steps.size() + " questions, the same answers over stdio and HTTP, in both eras");
      return 0;
    }
    screen.fail(
        new CliFault(
            CliFault.FAILURE,
            "the answers differ: this is a fault in Sallyport, please report it"));
    return CliFault.FAILURE;
  }

  private static Json answer(Map<Way, List<Json>> answers, Way way, int step) {
    return answers.getOrDefault(way, List.of()).get(step);
  }

  /** What both eras have in common. */
  private static Json common(Json result) {
    JsonObject members =
        result.asObject().orElse(JsonObject.EMPTY).without("resultType", "ttlMs", "cacheScope");
    return Meta.withoutServerInfo(members).toJson();
  }

  private static String word(boolean same) {
    return same ? "identical" : "DIFFERENT";
  }
}
