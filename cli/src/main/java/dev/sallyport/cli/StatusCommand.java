package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code sallyport status}: asks every program here that shares something. */
final class StatusCommand implements Command {
  private static final Flag JSON =
      Flag.on("json", "one line of JSON for each program that shares something");

  private final Sallyport.Surroundings surroundings;

  StatusCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "status";
  }

  @Override
  public String summary() {
    return "Say how what you share stands: which processes there are, whether each answers now,"
        + " what went wrong so far.";
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("Output", JSON));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport status");
  }

  @Override
  public List<String> notes() {
    return List.of("Exit codes: 0 everything is ready, 69 something is not, 1 nothing is shared.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    List<JsonObject> programs = ask();
    if (programs.isEmpty()) {
      throw new CliFault(
          CliFault.FAILURE,
          "nothing is shared now with this data directory",
          "share something:  sallyport share -- COMMAND");
    }
    for (JsonObject program : programs) {
      print(program, arguments.has(JSON));
    }
    boolean ready =
        programs.stream()
            .flatMap(program -> servers(program).stream())
            .allMatch(StatusReport::isReady);
    return ready ? 0 : CliFault.UNAVAILABLE;
  }

  private List<JsonObject> ask() throws CliFault {
    try {
      DataDirectory data =
          DataDirectory.open(
              surroundings.environment(), surroundings.userHome(), surroundings.user());
      List<JsonObject> programs = new ArrayList<>();
      for (StatusSocket.Answer answer : StatusSocket.ask(data.path())) {
        programs.add(program(answer));
      }
      return programs;
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    } catch (IOException e) {
      throw new CliFault(CliFault.FAILURE, "what is shared cannot be asked: " + e.getMessage());
    }
  }

  /** One that says nothing sensible is told like one whose server is not ready. */
  private static JsonObject program(StatusSocket.Answer answer) {
    return switch (answer) {
      case StatusSocket.Answer.Told(String line) -> {
        try {
          yield Json.parse(line).asObject().orElseGet(() -> silent("?"));
        } catch (JsonException e) {
          yield silent("?");
        }
      }
      case StatusSocket.Answer.Silent(String process) -> silent(process);
    };
  }

  private static JsonObject silent(String process) {
    JsonObject server =
        JsonObject.of("name", Json.of("?"), "state", Json.of("does not say"))
            .with("ready", Json.FALSE);
    return JsonObject.of("pid", Json.of(process))
        .with("servers", Json.arrayOf(List.of(server.toJson())));
  }

  private void print(JsonObject program, boolean json) {
    if (json) {
      surroundings.screen().answer(program.toJson().text());
      return;
    }
    surroundings
        .screen()
        .answerOf(
            program.string("url").orElse("?")
                + "   process "
                + program.get("pid").map(Json::text).orElse("?"));
    for (JsonObject server : servers(program)) {
      StatusReport.lines(server).forEach(surroundings.screen()::answerOf);
    }
  }

  private static List<JsonObject> servers(JsonObject program) {
    return program.array("servers").orElse(List.of()).stream()
        .flatMap(server -> server.asObject().stream())
        .toList();
  }
}
