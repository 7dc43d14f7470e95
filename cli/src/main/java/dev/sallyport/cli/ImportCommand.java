package dev.sallyport.cli;

import dev.sallyport.gateway.config.ConfigFault;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.config.clients.Client;
import dev.sallyport.gateway.config.clients.ClientImport;
import dev.sallyport.gateway.config.clients.Told;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code sallyport import}: a configuration made of the files in which clients list servers. */
final class ImportCommand implements Command {
  private static final Flag FROM =
      Flag.taking(
          "from",
          "CLIENT",
          "whose files they are, when they do not say it: " + ClientConfigCommand.known());
  private static final Flag JSON =
      Flag.on("json", "with --save, a line of JSON on stdout for each remark or fault");

  private final Sallyport.Surroundings surroundings;

  ImportCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "import";
  }

  @Override
  public String summary() {
    return "Make a configuration of the files in which clients list their servers.";
  }

  @Override
  public String usage() {
    return "FILE...";
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.several(
            "FILE",
            "claude_desktop_config.json, .mcp.json, ~/.claude.json, .cursor/mcp.json,"
                + " .vscode/mcp.json, mcp_config.json, ~/.gemini/settings.json,"
                + " ~/.codex/config.toml"));
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of("The files", FROM), SavedFile.group(), FlagGroup.of("Output", JSON));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport import .vscode/mcp.json > sallyport.yaml",
        "sallyport import --save sallyport.yaml ~/.claude.json ~/.codex/config.toml");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "The configuration goes to stdout, or where --save says, for your eyes only. What was"
            + " changed or left out is said on stderr, with its line, and what may be a secret.",
        "Nothing is started. What a client asks its user for becomes a variable of the same name.",
        "Exit codes: 0 when there is a configuration, 78 when there is none.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    Optional<SavedFile> file = SavedFile.named(arguments, this);
    boolean json = arguments.has(JSON);
    if (json && file.isEmpty()) {
      throw misused("--json goes together with --save: on stdout is the configuration");
    }
    Optional<String> named = arguments.given(FROM);
    Optional<Client> from =
        named.isPresent() ? Optional.of(ClientConfigCommand.client(named.get())) : Optional.empty();
    return switch (ClientImport.of(files(arguments), from)) {
      case ClientImport.Made made -> {
        tell("remark", made.remarks(), json);
        yield made(made, file);
      }
      case ClientImport.Faulty faulty -> {
        tell("fault", faulty.faults(), json);
        throw new CliFault(CliFault.CONFIG, "nothing was imported");
      }
    };
  }

  private List<Path> files(Arguments arguments) throws CliFault {
    List<Path> files = new ArrayList<>();
    for (String name : arguments.operands()) {
      try {
        files.add(Path.of(name));
      } catch (InvalidPathException e) {
        throw misused(name + " cannot be the name of a file here");
      }
    }
    return files;
  }

  private void tell(String kind, List<Told> all, boolean json) {
    Screen screen = surroundings.screen();
    for (Told told : all) {
      if (json) {
        screen.answer(ConfigCheckCommand.json(kind, told.file(), told.finding()).toJson().text());
      } else if (kind.equals("remark")) {
        screen.warn(told.line());
      } else {
        screen.say(told.line());
      }
    }
  }

  private int made(ClientImport.Made made, Optional<SavedFile> file) throws CliFault {
    Screen screen = surroundings.screen();
    if (file.isEmpty()) {
      screen.answerOf(made.yaml());
      return 0;
    }
    SavedFile saved = file.get();
    saved.write(made.yaml());
    Reading reading = ConfigReader.read(made.yaml(), saved.folder(), surroundings.environment());
    List<ConfigFault> missing =
        reading instanceof Reading.Faulty(List<ConfigFault> faults) ? faults : List.of();
    saved.told(screen, missing.isEmpty() ? "can be served" : "needs what follows");
    missing.forEach(fault -> screen.warn(fault.told(saved.name())));
    screen.say(
        missing.isEmpty()
            ? "  serve it:   sallyport serve --config " + saved.name()
            : "  then:       sallyport config check " + saved.name());
    return 0;
  }
}
