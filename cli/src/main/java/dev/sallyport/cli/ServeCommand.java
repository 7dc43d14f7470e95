package dev.sallyport.cli;

import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.ConfigFault;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.config.Remark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code sallyport serve}: everything that a file describes, run as one service. */
final class ServeCommand implements Command {
  private static final Flag CONFIG =
      Flag.taking("config", "FILE", "the configuration").withDefault("sallyport.yaml");
  private static final Flag JSON =
      Flag.on(
          "json", "print one line of JSON on stdout when ready; everything else goes to stderr");
  private static final Flag VERBOSE =
      Flag.on(
              "verbose",
              "print also what the servers write to their error output, and their processes' starts"
                  + " and ends; it may hold what callers sent")
          .withLetter("v");

  private final Sallyport.Surroundings surroundings;

  ServeCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "serve";
  }

  @Override
  public String summary() {
    return "Share all the MCP servers that a file describes, on one or several endpoints.";
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("What to serve", CONFIG), FlagGroup.of("Output", JSON, VERBOSE));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport serve --config sallyport.yaml");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "A server that does not come up is tried again; the others are served meanwhile.",
        "Callers need a key: sallyport keys add NAME.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    String file = arguments.text(CONFIG);
    return new Serve(
            surroundings,
            config(file, surroundings),
            new Serve.Output(arguments.has(JSON), arguments.has(VERBOSE)))
        .run();
  }

  /** What the file says; its remarks are told. */
  static Config config(String file, Sallyport.Surroundings surroundings) throws CliFault {
    return switch (ConfigReader.read(Path.of(file), surroundings.environment())) {
      case Reading.Sound(Config config, List<Remark> remarks, String _) -> {
        remarks.forEach(remark -> surroundings.screen().warn(remark.told(file)));
        yield config;
      }
      case Reading.Faulty(List<ConfigFault> faults) -> {
        List<String> lines = new ArrayList<>();
        lines.add(file + " cannot be used; nothing was started");
        faults.forEach(fault -> lines.add(fault.told(file)));
        throw new CliFault(CliFault.CONFIG, lines);
      }
    };
  }
}
