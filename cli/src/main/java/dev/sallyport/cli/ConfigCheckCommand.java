package dev.sallyport.cli;

import dev.sallyport.cli.IssuerChecks.Checked;
import dev.sallyport.gateway.config.Backend;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.ConfigFault;
import dev.sallyport.gateway.config.Finding;
import dev.sallyport.gateway.config.Place;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.config.Remark;
import dev.sallyport.gateway.config.RouteConfig;
import dev.sallyport.gateway.config.ServerConfig;
import dev.sallyport.gateway.config.Shown;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.wire.StartException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code sallyport config check}: what is wrong with a file, or what it offers. */
final class ConfigCheckCommand implements Command {
  private static final String ROW = "%-8s%-24s %s";
  private static final int LONGEST = 160;
  private static final Flag OFFLINE =
      Flag.on("offline", "ask nobody over the network: not even issuers for their keys");
  private static final Flag JSON =
      Flag.on("json", "one line of JSON a server and route, or a fault, on stdout");

  private final Sallyport.Surroundings surroundings;

  ConfigCheckCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "config check";
  }

  @Override
  public String summary() {
    return "Say everything that is wrong with a configuration, or what it offers.";
  }

  @Override
  public String usage() {
    return "[FILE]";
  }

  @Override
  public List<Operand> operands() {
    return List.of(ConfigFile.OPERAND);
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("The check", OFFLINE), FlagGroup.of("Output", JSON));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport config check team.yaml");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "Variables and files that it names have to be there, as they are when it is served. Nothing"
            + " is started.",
        "Issuers are asked for what they publish, unless --offline is given: that they are who they"
            + " are said to be, keys, and clocks. One that does not answer here is told and is no"
            + " fault.",
        "A command that is not found here is told and is no fault: it may be there where this is"
            + " served.",
        "Exit codes: 0 when it can be used, 78 when it cannot.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    Screen screen = surroundings.screen();
    ConfigFile file = ConfigFile.of(this, arguments);
    if (arguments.has(JSON)) {
      Reading.Sound sound =
          file.read(
              surroundings,
              (of, fault) -> screen.answer(json("fault", of.name(), fault).toJson().text()));
      List<Checked> issuers = issuers(sound.config(), arguments);
      Stream.concat(remarks(sound).stream(), remarks(issuers))
          .forEach(remark -> screen.answer(json("remark", file.name(), remark).toJson().text()));
      lines(sound.config()).forEach(line -> screen.answer(line.toJson().text()));
      issuers.forEach(issuer -> screen.answer(issuer.line().toJson().text()));
      return ended(
          file,
          faults(issuers),
          fault -> screen.answer(json("fault", file.name(), fault).toJson().text()));
    }
    Reading.Sound sound = file.read(surroundings);
    List<Checked> issuers = issuers(sound.config(), arguments);
    Stream.concat(remarks(sound).stream(), remarks(issuers))
        .forEach(remark -> screen.warn(remark.told(file.name())));
    rows(screen, sound.config());
    issuers.forEach(
        issuer ->
            screen.answerOf(String.format(ROW, "issuer", issuer.issuer().name(), issuer.told())));
    return ended(file, faults(issuers), fault -> screen.fault(fault.told(file.name())));
  }

  private static List<Checked> issuers(Config config, Arguments arguments) throws CliFault {
    return arguments.has(OFFLINE)
        ? List.of()
        : new IssuerChecks(Clock.systemUTC()).of(config.issuers());
  }

  private static Stream<Remark> remarks(List<Checked> issuers) {
    return issuers.stream()
        .flatMap(issuer -> issuer.remarks().stream())
        .map(text -> new Remark(new Place.WholeFile(), text));
  }

  private static List<ConfigFault> faults(List<Checked> issuers) {
    return issuers.stream()
        .flatMap(issuer -> issuer.faults().stream())
        .map(text -> new ConfigFault(new Place.WholeFile(), text))
        .toList();
  }

  private static int ended(ConfigFile file, List<ConfigFault> faults, Consumer<ConfigFault> each)
      throws CliFault {
    if (faults.isEmpty()) {
      return 0;
    }
    faults.forEach(each);
    throw new CliFault(CliFault.CONFIG, file.summary(faults.size()));
  }

  /** In the order of the file, with those of commands that are not there. */
  private List<Remark> remarks(Reading.Sound sound) {
    List<Remark> all = new ArrayList<>(sound.remarks());
    for (ServerConfig server : sound.config().servers()) {
      missing(server).ifPresent(why -> all.add(new Remark(server.definition(), why)));
    }
    all.sort(Comparator.comparing(Remark::place, Place.IN_ORDER));
    return all;
  }

  private Optional<String> missing(ServerConfig server) {
    if (server.backend() instanceof Backend.Command(ChildCommand command, var _)) {
      try {
        command.requireProgram(surroundings.environment());
      } catch (StartException e) {
        return Optional.of(
            Shown.name(server.name()) + ": " + Shown.line(String.valueOf(e.getMessage()), LONGEST));
      }
    }
    return Optional.empty();
  }

  private static void rows(Screen screen, Config config) {
    for (ServerConfig server : config.servers()) {
      screen.answerOf(String.format(ROW, "server", server.name(), told(server)));
    }
    for (String name : config.disabled()) {
      screen.answerOf(String.format(ROW, "server", name, "switched off"));
    }
    for (RouteConfig route : config.routes()) {
      String servers = String.join(", ", route.servers());
      screen.answerOf(
          String.format(
              ROW,
              "route",
              route.path(),
              "named "
                  + route.name()
                  + (route.prefixes() == RouteConfig.Prefixes.ALWAYS ? ", always prefixed" : "")
                  + (route.sse() ? ", with HTTP+SSE" : "")
                  + ": "
                  + servers));
    }
  }

  private static String told(ServerConfig server) {
    return switch (server.backend()) {
      case Backend.Command command ->
          command.command().command().getFirst()
              + " · prefix "
              + server.prefix()
              + " · "
              + IsolationFlags.tell(server.options().sharing(), false)
              + " · sandbox "
              + command.sandbox().choice().text();
      case Backend.Remote remote ->
          remote.url().origin()
              + " · prefix "
              + server.prefix()
              + " · "
              + IsolationFlags.tell(server.options().sharing(), true);
    };
  }

  private static List<JsonObject> lines(Config config) {
    List<JsonObject> lines = new ArrayList<>();
    config.servers().forEach(server -> lines.add(json(server)));
    config
        .disabled()
        .forEach(
            name ->
                lines.add(
                    JsonObject.of("kind", Json.of("server"), "name", Json.of(name))
                        .with("enabled", Json.FALSE)));
    config.routes().forEach(route -> lines.add(json(route)));
    return lines;
  }

  private static JsonObject json(ServerConfig server) {
    JsonObject line =
        JsonObject.of("kind", Json.of("server"), "name", Json.of(server.name()))
            .with("enabled", Json.TRUE)
            .with("prefix", server.prefix());
    return switch (server.backend()) {
      case Backend.Command command ->
          line.with("command", command.command().command().getFirst())
              .with("sandbox", command.sandbox().choice().text());
      case Backend.Remote remote -> line.with("origin", remote.url().origin());
    };
  }

  private static JsonObject json(RouteConfig route) {
    return JsonObject.of("kind", Json.of("route"), "path", Json.of(route.path()))
        .with("name", route.name())
        .with("servers", Json.arrayOf(route.servers().stream().map(Json::of).toList()))
        .with("prefixes", route.prefixes().text())
        .with("sse", Json.of(route.sse()));
  }

  /** What was noticed in a file, as a line of JSON has it. */
  static JsonObject json(String kind, String file, Finding finding) {
    JsonObject line = JsonObject.of("kind", Json.of(kind), "file", Json.of(file));
    JsonObject placed =
        switch (finding.place()) {
          case Place.WholeFile() -> line;
          case Place.InText(int row, int column) ->
              line.with("line", Json.of(row)).with("column", Json.of(column));
          case Place.InVariable(String name) -> line.with("variable", name);
        };
    return placed.with("text", finding.text());
  }
}
