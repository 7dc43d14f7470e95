package dev.sallyport.cli;

import dev.sallyport.gateway.config.Reading;
import java.util.List;

/** {@code sallyport serve}: everything that a file describes, run as one service. */
final class ServeCommand implements Command {
  private static final Flag CONFIG =
      Flag.taking("config", "FILE", "the configuration").withDefault(ConfigFile.USUAL);
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
        "A change of the file, or SIGHUP, is put into effect while it serves; what is wrong in it"
            + " is said, and what is served goes on as it was.",
        "Callers need a key: sallyport keys add NAME.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    ConfigFile file = ConfigFile.named(arguments.text(CONFIG), this);
    ConfigWatch watch = ConfigWatch.of(file.path());
    Reading.Sound sound = file.read(surroundings);
    sound.remarks().forEach(remark -> surroundings.screen().warn(remark.told(file.name())));
    return new Serve(
            surroundings,
            file,
            watch,
            sound.config(),
            new Serve.Output(arguments.has(JSON), arguments.has(VERBOSE)))
        .run();
  }
}
