package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description =
        "Say how what you share stands: which processes there are, whether each answers now, what"
            + " went wrong so far.",
    footer = {
      "",
      "Example:",
      "  sallyport status",
      "",
      "Exit codes: 0 everything is ready, 69 something is not, 1 nothing is shared."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private final Sallyport.Surroundings surroundings;

  @Option(names = "--json", description = "one line of JSON for each program that shares something")
  private boolean json;

  StatusCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws CliFault {
    List<JsonObject> programs = ask();
    if (programs.isEmpty()) {
      throw new CliFault(
          CliFault.FAILURE,
          "nothing is shared now with this data directory",
          "share something:  sallyport share -- COMMAND");
    }
    for (JsonObject program : programs) {
      print(program);
    }
    boolean ready =
        programs.stream()
            .flatMap(program -> servers(program).stream())
            .allMatch(server -> server.get("ready").flatMap(Json::asBoolean).orElse(false));
    return ready ? 0 : CliFault.UNAVAILABLE;
  }

  private List<JsonObject> ask() throws CliFault {
    try {
      DataDirectory data =
          DataDirectory.open(
              surroundings.environment(), surroundings.userHome(), surroundings.user());
      List<JsonObject> programs = new ArrayList<>();
      for (String line : StatusSocket.ask(data.path())) {
        Json.parse(line).asObject().ifPresent(programs::add);
      }
      return programs;
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    } catch (IOException | JsonException e) {
      throw new CliFault(CliFault.FAILURE, "what is shared cannot be asked: " + e.getMessage());
    }
  }

  private void print(JsonObject program) {
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
